using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Personal access tokens: JWTs for the platform, each a grant of its own.</summary>
internal sealed class KamiwazaTokens(DialectPersonalTokens personal, KamiwazaSignIn signIn)
{
    private const long DefaultSeconds = 3600;
    private const long MostSeconds = 366L * 24 * 3600;
    private const int LongestText = 100;

    public async Task<IResult> CreateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var name = (request["name"] ?? request.Query("name"))?.Trim();
        var (scope, audience) = (request["scope"] ?? request.Query("scope"), request["aud"] ?? request.Query("aud"));
        if (Objection(request, name, scope, audience, out var seconds) is { } fault) return FastApi.Unprocessable(fault);
        if (caller.IsPersonal) return FastApi.Detail(StatusCodes.Status403Forbidden, "A personal access token cannot make another one");

        // Words that are scopes of this server would open its own APIs; here they are words and nothing else.
        var words = string.Join(' ', KamiwazaCallers.Words(scope).Where(static w => !AdminRights.Contains(w) && w is not "openid"));
        var lifetime = TimeSpan.FromSeconds(seconds);
        if (await personal.CreateAsync(request.AnsweredBy!, caller.Token, new NamedToken(name!, scope), lifetime, request.Address, ct) is not var (made, opened)) return FastApi.Detail(StatusCodes.Status409Conflict, "Too many personal access tokens; revoke one first");
        var token = await signIn.AccessTokenAsync(request, opened, lifetime, ct, made.Id, words.Length > 0 ? new JsonObject { ["scope"] = words } : null);
        return KamiwazaRefusals.Ok(new JsonObject { ["token"] = token, ["pat"] = Shape(made, caller) });
    }

    public async Task<IResult> ListAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct) => KamiwazaRefusals.Ok(new JsonObject
    {
        ["pats"] = new JsonArray([.. (await personal.ListAsync(request.AnsweredBy!, caller.Token.User.Id, ct)).Select(t => (JsonNode)Shape(t, caller))]),
    });

    public async Task<IResult> RevokeAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct) =>
        await personal.TryRevokeAsync(request.AnsweredBy!, caller.Token.User.Id, request.Route("jti") ?? "", request.Address, ct)
            ? KamiwazaRefusals.Ok(new JsonObject { ["revoked"] = true, ["jti"] = request.Route("jti") })
            : FastApi.Detail(StatusCodes.Status404NotFound, "PAT not found");

    private static JsonObject? Objection(DialectRequest request, string? name, string? scope, string? audience, out long seconds)
    {
        var where = request.Has("name") ? "body" : "query";
        seconds = DefaultSeconds;
        if (name is null) return FastApi.Missing(where, "name");
        if (name.Length is 0 or > LongestText || name.Any(char.IsControl)) return FastApi.Fault("value_error", $"1 to {LongestText} characters on one line", null, where, "name");
        if (scope?.Length > LongestText || scope?.Any(char.IsControl) == true) return FastApi.Fault("value_error", $"At most {LongestText} characters on one line", null, where, "scope");
        if (audience is { Length: > 0 } && audience != KamiwazaShapes.Platform) return FastApi.Fault("value_error", "The audience is " + KamiwazaShapes.Platform, null, where, "aud");
        var given = request.Json is JsonObject { } members && members["ttl_seconds"] is JsonValue value && value.TryGetValue<long>(out var number) ? number.ToString(CultureInfo.InvariantCulture) : request["ttl_seconds"] ?? request.Query("ttl_seconds");
        if (given is null) return null;
        return long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds is > 0 and <= MostSeconds ? null : FastApi.Fault("value_error", $"1 to {MostSeconds} seconds", null, where, "ttl_seconds");
    }

    private static JsonObject Shape(PersonalToken token, KamiwazaCaller caller) => new()
    {
        ["id"] = token.Id, ["jti"] = token.Id, ["owner_id"] = caller.Token.User.Id, ["name"] = token.Named.Name, ["ttl_seconds"] = (long)(token.ExpiresAt - token.CreatedAt).TotalSeconds,
        ["scope"] = token.Named.Scope, ["aud"] = KamiwazaShapes.Platform, ["exp"] = token.ExpiresAt.ToUnixTimeSeconds(), ["tenant_id"] = caller.Token.User.Directory?.OrganizationId,
        ["created_at"] = KamiwazaShapes.Time(token.CreatedAt), ["updated_at"] = KamiwazaShapes.Time(token.CreatedAt), ["revoked"] = token.Revoked,
    };
}
