using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Tells a gateway who is behind a request (ForwardAuth): in headers, which it copies onto the request, and in the JSON that the chat application's gateway reads at the same path.</summary>
internal sealed class KamiwazaForwardAuth(DialectTokens tokens, HeaderSignature signature, TimeProvider clock)
{
    /// <summary>The workroom of everybody, by the contract of the extensions.</summary>
    private const string GlobalWorkroom = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    private const int LongestRequestId = 100;

    /// <summary>Asked for every request a gateway lets through, therefore not counted against the person's limit.</summary>
    public async Task<IResult> ValidateAsync(DialectRequest request, CancellationToken ct)
    {
        if (KamiwazaCallers.Presented(request) is not { } presented) return FastApi.Challenge(FastApi.NotAuthenticated);
        var (token, fault) = await tokens.VerifyAsync(request.AnsweredBy!, request.Settings, presented, ct);
        if (token is null) return FastApi.Detail(StatusCodes.Status401Unauthorized, fault == DialectTokenFault.Expired ? "Token expired" : "Invalid token");

        var user = token.User;
        var administrates = user.IsAdministrator && (token.Grant.Details.Token is not { } named || KamiwazaCallers.IsForAdministration(named.Scope));
        var roles = string.Join(',', KamiwazaShapes.Roles(user.Directory, administrates).Select(Word));
        var (name, email, at) = (Word(user.UserName), user.Email is { } address ? Word(address) : "", clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        return Raw.Json(StatusCodes.Status200OK, new JsonObject { ["username"] = user.UserName, ["valid"] = true })
            .With("X-User-Id", user.Id).With("X-User-Email", email).With("X-User-Name", name).With("X-User-Roles", roles).With("X-Auth-Token", presented)
            .With("X-Request-Id", RequestId(request)).With("X-User-Signature", signature.Of(request.Settings, user.Id, email, name, roles, at)).With("X-User-Signature-Ts", at)
            .With("X-Workroom-Id", GlobalWorkroom).With("X-User-Workroom-Id", GlobalWorkroom).With("X-User-Workroom-Role", administrates ? "owner" : "member");
    }

    /// <summary>What a header can carry, and no comma, for lists are split there.</summary>
    private static string Word(string text) => text.All(static c => c is > ' ' and <= '~' and not (',' or '%')) ? text : Uri.EscapeDataString(text);

    private static string RequestId(DialectRequest request) =>
        request.Http.Request.Headers["X-Request-Id"].ToString() is { Length: > 0 and <= LongestRequestId } given && given.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? given : Guid.NewGuid().ToString();
}
