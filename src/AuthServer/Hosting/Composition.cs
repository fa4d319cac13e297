using AuthServer.Admin;
using AuthServer.Admin.Documentation;
using AuthServer.Admin.Documentation.Page;
using AuthServer.Dialects;
using AuthServer.Endpoints;
using AuthServer.Endpoints.Authorization;
using AuthServer.Endpoints.Authorization.Checks;
using AuthServer.Endpoints.DeviceAuthorization;
using AuthServer.Endpoints.Discovery;
using AuthServer.Endpoints.EndSession;
using AuthServer.Endpoints.Introspection;
using AuthServer.Endpoints.Jwks;
using AuthServer.Endpoints.PushedAuthorizationRequest;
using AuthServer.Endpoints.Revocation;
using AuthServer.Endpoints.Token;
using AuthServer.Endpoints.UserInfo;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Recovery;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tickets;
using AuthServer.Engine.Tokens;
using AuthServer.Engine.Upstream;
using AuthServer.Jobs;
using AuthServer.Scim;
using AuthServer.Storage;
using AuthServer.Ui;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Quartz;

namespace AuthServer.Hosting;

/// <summary>Wires the house together. Every service of the program is registered here or in a method named here.</summary>
internal static class Composition
{
    /// <summary>What the server and every command need: settings, storage, keys, clients, accounts.</summary>
    public static void AddCore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(HomeFolder.Of(configuration));
        services.AddOptions<ServerOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsRules>();
        services.AddStrictOptions<TokenOptions, TokenOptionsRules>(TokenOptions.Section);
        services.AddStrictOptions<KeyOptions, KeyOptionsRules>(KeyOptions.Section);
        services.AddOptions<OutboundOptions>().BindConfiguration(OutboundOptions.Section, static o => o.ErrorOnUnknownConfiguration = true);
        services.AddSingleton(static s => new Issuer(s.GetRequiredService<IOptions<ServerOptions>>().Value.Issuer));

        services.AddAuthStorage(configuration);
        services.AddSingleton(static s => KeyEncryption.Open(s.GetRequiredService<IOptions<KeyOptions>>().Value, s.GetRequiredService<HomeFolder>().File("key-encryption.key")));
        services.AddDataProtection().SetApplicationName("AuthServer");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, DataProtectionRing>();

        services.AddSingleton<KeyRotation>().AddSingleton<KeyRing>();
        services.AddSingleton<IOutboundDocuments, OutboundDocuments>().AddSingleton<IBreachedPasswords, BreachedPasswordRange>();
        services.AddSingleton<ClientRegistry>().AddSingleton<ClientKeys>();
        services.AddStrictOptions<AuditOptions, AuditOptionsRules>(AuditOptions.Section);
        services.AddSingleton(static s => new AuditChain(s.GetRequiredService<KeyEncryption>().Derive("audit-chain"))).AddSingleton<AuditVerifier>();
        services.AddSingleton<AuditTrail>().AddSingleton<IAuditTrail>(static s => s.GetRequiredService<AuditTrail>());
        services.AddSingleton<TicketOffice>();
        services.AddMail(static s => s.GetRequiredService<HomeFolder>().File("mail"));
        services.AddAccounts().AddFactors().AddSessions().AddRecovery().AddAdministration().AddApiKeys();
        services.AddSingleton<DeclaredClients>().AddSingleton<Preparation>();
    }

    /// <summary>What only the running server needs.</summary>
    public static void AddServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLeaves();
        services.AddSingleton<ClientSecrets>().AddSingleton<ClientAssertion>().AddSingleton<ClientAuthenticator>();
        services.AddSingleton<SubjectIdentifiers>().AddSingleton<ResourceIndicators>().AddSingleton<ClaimsForScopes>().AddSingleton<DirectoryRelease>();
        services.AddSingleton<AccessToken>().AddSingleton<IdToken>().AddSingleton<IdTokenHints>().AddSingleton<IdTokenEncryption>();
        services.AddSingleton<TokenIssuer>().AddSingleton<AccessTokenVerifier>().AddSingleton<RefreshTokenLifetimes>().AddSingleton<RefreshRotation>();
        services.AddSingleton<PendingAuthorizations>().AddSingleton<SecondFactorRule>().AddSingleton<DirectSignIn>().AddSingleton<SignInFlow>().AddSingleton<SecondStep>().AddSingleton<NewPasswordStep>().AddSingleton<LogoutRequests>();
        services.AddSingleton<OwnSessions>().AddSingleton<OwnApps>().AddSingleton<DataExport>();

        services.AddSingleton<RequestChecks>().AddSingleton<ScopeChecks>().AddSingleton<IdentityChecks>().AddSingleton<AuthorizationChecks>();
        services.AddSingleton<PushedRequests>().AddSingleton<AuthorizationDecision>().AddSingleton<AuthorizationIssue>();
        services.AddScoped<AuthorizationEndpoint>().AddScoped<EndSessionEndpoint>();
        services.AddSingleton(static s => new UserCodes(s.GetRequiredService<KeyEncryption>().Derive("user-code"))).AddSingleton<DeviceAuthorizations>();
        services.AddSingleton<DeviceAuthorizationEndpoint>().AddSingleton<GrantOpening>();
        services.AddSingleton<PushedAuthorizationRequestEndpoint>().AddSingleton<TokenEndpoint>().AddSingleton<UserInfoEndpoint>();
        services.AddSingleton<IntrospectionEndpoint>().AddSingleton<RevocationEndpoint>().AddSingleton<JwksEndpoint>().AddSingleton<ApiKeyTokenEndpoint>();
        services.AddSingleton<DiscoveryDocument>().AddSingleton<DiscoveryEndpoint>();

        services.AddSingleton<IErrorPage, ErrorPageAnswer>();
        services.AddCors();
        services.AddSingleton<ICorsPolicyProvider, SpaCors>();
        services.AddAuthServerUi(configuration);
        services.AddHostedService(static s => s.GetRequiredService<AuditTrail>());
        services.AddUpstream().AddAdministrationApis().AddRateLimits().AddApiKeyRequests();
        services.AddSingleton<IExpiringCertificates, KestrelCertificates>();
        services.AddSingleton<IdempotentCreate>();
        AdminDocument.Add(services);
        services.AddOptions<DocsOptions>().BindConfiguration(DocsOptions.Section, static o => o.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<DocsPage>();
        services.AddOptions<ScimOptions>().BindConfiguration(ScimOptions.Section, static o => o.ErrorOnUnknownConfiguration = true);
        services.AddScim();
        services.AddDialects();
        services.AddHostedService(static s => s.GetRequiredService<PostOffice>());
        services.AddHostedService<SnapshotRefresh>();
        services.AddJobs();
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.AddQuartz(static quartz =>
        {
            quartz.Every<PruneExpired>(TimeSpan.FromMinutes(1));
            quartz.Every<RotateKeys>(TimeSpan.FromHours(1));
            quartz.Every<PruneAudit>(TimeSpan.FromHours(1));
            quartz.Every<CountSessions>(TimeSpan.FromHours(1), first: TimeSpan.FromMinutes(1));
        });
        services.AddQuartzHostedService(static o => o.WaitForJobsToComplete = true);
    }

    private static void Every<TJob>(this IQuartzBuilder quartz, TimeSpan interval, TimeSpan? first = null) where TJob : IJob => quartz.ScheduleJob<TJob>(trigger => trigger
        .WithIdentity(typeof(TJob).Name).StartAt(TimeProvider.System.GetUtcNow() + (first ?? interval)).WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));

    /// <summary>A setting that no option knows is a mistake in the settings, not something to ignore.</summary>
    private static void AddStrictOptions<TOptions, TRules>(this IServiceCollection services, string section)
        where TOptions : class
        where TRules : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().BindConfiguration(section, static o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TRules>();
    }

    /// <summary>Order matters: faults are caught outermost, headers are set on everything, the browser's origin is checked before any endpoint runs.</summary>
    public static void UsePipeline(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseAuthServerUiLanguage();
        app.UseMiddleware<StorageFaults>();
        app.UseAuthServerUiStatusPages();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapProtocolEndpoints();
        app.MapAdminApi();
        AdminDocument.Map(app);
        DocsPage.Map(app);
        app.MapScim();
        app.MapDialects();
        app.MapAuthServerUi();
    }
}
