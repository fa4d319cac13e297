using AuthServer.Endpoints.Authorization;
using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;

namespace AuthServer.Endpoints.DeviceAuthorization;

/// <summary>The device authorization endpoint (RFC 8628 §3.1): a device without a browser asks, and gets one code for itself and one for its person.</summary>
public sealed class DeviceAuthorizationEndpoint(ClientAuthenticator authenticator, AuthorizationChecks checks, DeviceAuthorizations devices, TrafficLimits limits, Issuer issuer, IAuditTrail audit)
{
    public const string Path = "/connect/deviceauthorization";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext http, DeviceAuthorizationEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the client says who it is"));

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var error)) return new OAuthErrorResult(error);
        if (!(await authenticator.AuthenticateAsync(http.Request.Headers.Authorization, form, http.RemoteAddress(), ct)).TryGet(out var authenticated, out error)) return new OAuthErrorResult(error);

        var client = authenticated.Client;
        if (!client.Allows(GrantTypes.DeviceCode)) return Refuse(http, client.ClientId, OAuthErrors.UnauthorizedClient("device_code is not registered for this client"));
        if (!limits.TryPassDeviceRequest(http, client.ClientId)) return new OAuthErrorResult(OAuthErrors.TooManyRequests());

        var parameters = form.Without("client_secret", "client_assertion", "client_assertion_type").With("client_id", client.ClientId);
        var request = new AuthorizationRequest(client, parameters) { IsOfDevice = true };
        if (checks.FirstBreach(request) is { } breach) return Refuse(http, client.ClientId, breach with { Status = StatusCodes.Status400BadRequest });
        // Somebody has to be asked, always; and what nobody can fulfil is said at once, before anybody types a code.
        if (request.Prompts.Contains(Prompts.None, StringComparer.Ordinal)) return Refuse(http, client.ClientId, OAuthErrors.InvalidRequest("prompt none is of no use to a device"));
        if (!request.Acr.CanBeMet) return Refuse(http, client.ClientId, OAuthErrors.UnmetAuthenticationRequirements());

        var checkedParameters = request.Scopes.IsEmpty ? parameters.Without("scope") : parameters.With("scope", request.Scopes.ToString());
        var issued = await devices.BeginAsync(client, checkedParameters, http.RemoteAddress(), Session.AgentOf(http), ct);
        return TypedResults.Json(new DeviceAuthorizationResponse
        {
            DeviceCode = issued.DeviceCode,
            UserCode = issued.UserCode,
            VerificationUri = issuer.Url(DeviceAuthorizations.Page),
            VerificationUriComplete = issuer.Url(DeviceAuthorizations.Page) + "?user_code=" + issued.UserCode,
            ExpiresIn = issued.ExpiresIn,
            Interval = issued.Interval,
        }, ProtocolJson.Default.DeviceAuthorizationResponse);
    }

    private OAuthErrorResult Refuse(HttpContext http, string clientId, OAuthError error)
    {
        audit.Record(new AuditEvent(AuditKind.GrantRefused, clientId, Address: http.RemoteAddress(), Detail: error.Detail ?? error.Code));
        return new OAuthErrorResult(error);
    }
}
