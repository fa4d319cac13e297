using AuthServer.Endpoints.Authorization;
using AuthServer.Endpoints.DeviceAuthorization;
using AuthServer.Endpoints.Discovery;
using AuthServer.Endpoints.EndSession;
using AuthServer.Endpoints.Introspection;
using AuthServer.Endpoints.Jwks;
using AuthServer.Endpoints.PushedAuthorizationRequest;
using AuthServer.Endpoints.Revocation;
using AuthServer.Endpoints.Token;
using AuthServer.Endpoints.UserInfo;

namespace AuthServer.Endpoints;

/// <summary>Every protocol endpoint of this server, in the order a sign-in meets them. Start reading here.</summary>
public static class ProtocolEndpoints
{
    /// <summary>What discovery lists: the metadata name and the path.</summary>
    public static IReadOnlyList<(string Name, string Path)> Advertised { get; } =
    [
        ("authorization_endpoint", AuthorizationEndpoint.Path),
        ("pushed_authorization_request_endpoint", PushedAuthorizationRequestEndpoint.Path),
        ("device_authorization_endpoint", DeviceAuthorizationEndpoint.Path),
        ("token_endpoint", TokenEndpoint.Path),
        ("userinfo_endpoint", UserInfoEndpoint.Path),
        ("introspection_endpoint", IntrospectionEndpoint.Path),
        ("revocation_endpoint", RevocationEndpoint.Path),
        ("end_session_endpoint", EndSessionEndpoint.Path),
    ];

    public static void MapProtocolEndpoints(this IEndpointRouteBuilder routes)
    {
        DiscoveryEndpoint.Map(routes);
        JwksEndpoint.Map(routes);
        AuthorizationEndpoint.Map(routes);
        PushedAuthorizationRequestEndpoint.Map(routes);
        DeviceAuthorizationEndpoint.Map(routes);
        TokenEndpoint.Map(routes);
        UserInfoEndpoint.Map(routes);
        IntrospectionEndpoint.Map(routes);
        RevocationEndpoint.Map(routes);
        EndSessionEndpoint.Map(routes);
        ApiKeyTokenEndpoint.Map(routes);
    }
}
