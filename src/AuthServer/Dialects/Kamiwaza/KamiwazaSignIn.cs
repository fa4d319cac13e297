using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Signing in by password, going on by a refresh token, signing out.</summary>
internal sealed class KamiwazaSignIn(DialectPeople people, DialectTokens tokens, KamiwazaCallers callers, TimeProvider clock)
{
    private const string Wrong = "Incorrect username or password";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(1);

    public async Task<IResult> TokenAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfForm(request);
        fields.MustBe("grant_type", "password", "^password$");
        var (userName, password) = (fields.Required("username"), fields.Required("password"));
        return fields.Refusal is { } refusal ? refusal : await SignInAsync(request, userName, password, ct);
    }

    /// <summary>The SDK puts the password into the address; whoever can puts it into a form or JSON instead.</summary>
    public async Task<IResult> LocalLoginAsync(DialectRequest request, CancellationToken ct)
    {
        var (userName, password) = (request["username"] ?? request.Query("username"), request["password"] ?? request.Query("password"));
        JsonObject[] missing = [.. new[] { ("username", userName), ("password", password) }.Where(static f => f.Item2 is null).Select(static f => FastApi.Missing("query", f.Item1))];
        return missing.Length > 0 ? FastApi.Unprocessable(missing) : await SignInAsync(request, userName!, password!, ct);
    }

    public async Task<IResult> RefreshAsync(DialectRequest request, CancellationToken ct)
    {
        if ((request["refresh_token"] ?? request.Query("refresh_token")) is not { } text) return FastApi.Unprocessable(FastApi.Missing("query", "refresh_token"));
        if (!people.MayPass(request, null)) return FastApi.Plain(StatusCodes.Status429TooManyRequests);
        var (opened, _) = await tokens.RefreshAsync(request.AnsweredBy!, request.Settings, text, ct);
        return opened is null ? FastApi.Challenge("Invalid refresh token") : KamiwazaRefusals.Ok(await AnswerAsync(request, opened, ct));
    }

    /// <summary>Everything that came of the sign-in is refused from now on. Whoever has no good token is signed out already.</summary>
    public async Task<IResult> LogoutAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, _) = await callers.OfAsync(request, KamiwazaCallers.Presented(request), ct);
        if (caller is not null) await tokens.RevokeAsync(caller.Token.Grant, request.Address, ct);
        var answer = KamiwazaRefusals.Ok(new JsonObject
        {
            ["message"] = "Logout successful", ["logout_time"] = KamiwazaShapes.Time(clock.GetUtcNow()), ["session_termination_requested"] = caller is not null,
            ["front_channel_logout_url"] = null, ["post_logout_redirect_uri"] = null,
        });
        return request.Http.Request.Cookies.ContainsKey(KamiwazaCallers.Cookie) ? answer.With("Set-Cookie", KamiwazaBrowser.NoCookie) : answer;
    }

    /// <summary>The access token of what was opened.</summary>
    public async Task<string> AccessTokenAsync(DialectRequest request, DialectGrant opened, TimeSpan lifetime, CancellationToken ct, string? tokenId = null, JsonObject? further = null)
    {
        var user = opened.User;
        var administrates = user.IsAdministrator && (opened.Grant.Details.Token is not { } named || KamiwazaCallers.IsForAdministration(named.Scope));
        var roles = KamiwazaShapes.Roles(user.Directory, administrates);
        var claims = further ?? [];
        (claims["sub"], claims["roles"], claims["preferred_username"], claims["azp"]) = (user.Id, KamiwazaShapes.Names(roles), user.UserName, KamiwazaShapes.Platform);
        if (user.Email is not null) claims["email"] = user.Email;
        if (KamiwazaShapes.FullName(user.Profile) is { } name) claims["name"] = name;
        // The standard's own list of roles is written from here.
        opened = opened with { User = user with { Directory = (user.Directory ?? Engine.Directory.UserDirectory.None) with { Roles = roles } } };
        return await tokens.AccessTokenAsync(request.Settings, opened, claims, lifetime, ct, KamiwazaShapes.Platform, tokenId);
    }

    private async Task<IResult> SignInAsync(DialectRequest request, string userName, string password, CancellationToken ct)
    {
        var signIn = await people.SignInAsync(request, userName, password, request["totp"] ?? request["otp"], ct);
        switch (signIn.End)
        {
            case DialectSignInEnd.SignedIn: break;
            case DialectSignInEnd.SecondFactorNeeded: return FastApi.Challenge("A second factor is needed: send its code as totp, or sign in with a browser");
            case DialectSignInEnd.WrongCode: return FastApi.Challenge("Invalid code");
            case DialectSignInEnd.BrowserNeeded: return FastApi.Challenge("Sign in with a browser: this account needs more than a password");
            case DialectSignInEnd.Busy: return FastApi.Plain(StatusCodes.Status503ServiceUnavailable);
            case DialectSignInEnd.TooMany: return FastApi.Plain(StatusCodes.Status429TooManyRequests);
            default: return FastApi.Challenge(Wrong);
        }

        var opened = await tokens.OpenAsync(request.AnsweredBy!, signIn.User!, signIn.Completed!, Of(request.Settings.RefreshTokenLifetime, RefreshLifetime), refreshable: true, request.Address, ct);
        return KamiwazaRefusals.Ok(await AnswerAsync(request, opened, ct));
    }

    private async Task<JsonObject> AnswerAsync(DialectRequest request, DialectGrant opened, CancellationToken ct)
    {
        var lifetime = LifetimeOf(request, opened);
        return new JsonObject
        {
            ["access_token"] = await AccessTokenAsync(request, opened, lifetime, ct), ["token_type"] = "bearer", ["expires_in"] = (long)lifetime.TotalSeconds,
            ["refresh_token"] = opened.RefreshToken!.Value.Reveal(), ["id_token"] = await tokens.IdTokenAsync(opened, ct),
        };
    }

    /// <summary>No token outlives what it came of.</summary>
    public TimeSpan LifetimeOf(DialectRequest request, DialectGrant opened)
    {
        var (wanted, left) = (Of(request.Settings.AccessTokenLifetime, Lifetime), opened.Grant.ExpiresAt - clock.GetUtcNow());
        return left < wanted ? left : wanted;
    }

    private static TimeSpan Of(int seconds, TimeSpan otherwise) => seconds > 0 ? TimeSpan.FromSeconds(seconds) : otherwise;
}
