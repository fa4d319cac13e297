using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Upstream;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>What anybody may ask: which service this is, whether it is well, by which keys it signs, through whom one can sign in.</summary>
internal sealed class KamiwazaFront(KeyRing keys, UpstreamProviders upstream, TimeProvider clock)
{
    /// <summary>Clients compare this text.</summary>
    public static Task<IResult> Root(DialectRequest request, CancellationToken ct) => Answer(new JsonObject { ["message"] = "Kamiwaza Auth Service" });

    public static Task<IResult> Health(DialectRequest request, CancellationToken ct) => Answer(new JsonObject { ["status"] = "healthy", ["KAMIWAZA_USE_AUTH"] = true });

    public Task<IResult> Ping(DialectRequest request, CancellationToken ct) => Answer(new JsonObject { ["status"] = "pong", ["timestamp"] = KamiwazaShapes.Time(clock.GetUtcNow()) });

    /// <summary>RSA keys only, with all six members: one other key in the set breaks the SDK.</summary>
    public Task<IResult> Jwks(DialectRequest request, CancellationToken ct) => Answer(new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.PublicKeys.Keys.Where(static k => k.Kty == KeyTypes.Rsa).Select(static k => (JsonNode)new JsonObject
        {
            ["alg"] = k.Alg ?? "RS256", ["kty"] = k.Kty, ["use"] = k.Use ?? "sig", ["kid"] = k.Kid, ["n"] = k.N, ["e"] = k.E,
        })]),
    });

    public Task<IResult> Providers(DialectRequest request, CancellationToken ct) => Answer(new JsonObject
    {
        ["providers"] = new JsonArray([.. upstream.All.Select(static p => (JsonNode)new JsonObject
        {
            ["alias"] = p.Name, ["provider_id"] = p.Kind switch { UpstreamKind.OpenIdConnect => "oidc", var kind => kind.ToString().ToLowerInvariant() }, ["display_name"] = p.DisplayName, ["enabled"] = true,
        })]),
        ["idp_management_enabled"] = false,
    });

    /// <summary>A provider brings people into this server; which ones it believes, its operator says, not a token.</summary>
    public static Task<IResult> ProvidersAreSettings(DialectRequest request, KamiwazaCaller caller, CancellationToken ct) => Task.FromResult<IResult>(FastApi.Detail(
        StatusCodes.Status403Forbidden, caller.Actor.May(AdminRights.ClientsWrite) ? "Identity provider management is disabled: providers are configured in the server's settings" : "Not enough permissions"));

    private static Task<IResult> Answer(JsonObject body) => Task.FromResult<IResult>(KamiwazaRefusals.Ok(body));
}
