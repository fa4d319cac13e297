using AuthServer.Engine.Administration.Configuration;
using AuthServer.Engine.Administration.Imports;
using AuthServer.Engine.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Administration;

public static class AdministrationRegistration
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddSingleton(new OwnScopes([.. AdminRights.All.Select(static r => new ScopeDefinition { Name = r.Name, Description = r.Description, Reserved = true, Advertised = false, OfThisServer = true })]))
        .AddSingleton<Actors>()
        .AddSingleton<ClientAdministration>().AddSingleton<ScopeAdministration>()
        .AddSingleton<Reach>().AddSingleton<DirectoryAdministration>().AddSingleton<Memberships>()
        .AddSingleton<PersonWriter>().AddSingleton<PersonAccess>().AddSingleton<PeopleAdministration>().AddSingleton<FactorAdministration>().AddSingleton<SessionAdministration>().AddSingleton<KeyAdministration>().AddSingleton<ApiKeyRules>().AddSingleton<ApiKeyAdministration>()
        .AddSingleton<AuditSearch>().AddSingleton<DirectorySearch>()
        .AddSingleton<PeopleImport>().AddSingleton<ConfigurationExport>().AddSingleton<ConfigurationWriter>().AddSingleton<ConfigurationApply>();

    /// <summary>What only a running server needs: its commands have no requests.</summary>
    public static IServiceCollection AddAdministrationApis(this IServiceCollection services) => services.AddSingleton<RequestActor>();
}
