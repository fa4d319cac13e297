using System.Reflection;
using AuthServer.Admin;
using AuthServer.Dialects;
using AuthServer.Endpoints.Authorization.ResponseModes;
using AuthServer.Endpoints.Token;
using AuthServer.Engine.ClientAuthentication;

namespace AuthServer.Hosting;

/// <summary>Finds what is added by writing one class: grants, response modes, client-authentication methods, resources of the administration API. What was found is logged at start and pinned by a test.</summary>
internal static class LeafDiscovery
{
    private static readonly Type[] Kinds = [typeof(ITokenGrant), typeof(IResponseMode), typeof(IClientAuthenticationMethod), typeof(IAdminResource), typeof(IDialect)];

    public static IReadOnlyList<(Type Kind, Type Leaf)> Find() =>
    [
        .. from assembly in (Assembly[])[typeof(ITokenGrant).Assembly, typeof(IClientAuthenticationMethod).Assembly]
           from type in assembly.GetTypes()
           where type is { IsClass: true, IsAbstract: false }
           from kind in Kinds
           where kind.IsAssignableFrom(type)
           orderby kind.Name, type.Name
           select (kind, type),
    ];

    public static void AddLeaves(this IServiceCollection services)
    {
        foreach (var (kind, leaf) in Find()) services.AddSingleton(kind, leaf);
    }
}
