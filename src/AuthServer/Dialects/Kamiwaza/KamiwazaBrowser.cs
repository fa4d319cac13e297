using System.Globalization;
using System.Text;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>
/// Leads a browser through this server's own sign-in and gives it the platform's cookie. The sign-in is an ordinary authorization request of the client <c>kamiwaza-platform</c>, which the operator
/// registers with the callback as its redirect URI: whatever that client's people have to prove or agree to, they are asked. Its code is never redeemed; the browser's session is what counts.
/// </summary>
internal sealed class KamiwazaBrowser(DialectTokens tokens, KamiwazaSignIn signIn, KamiwazaCallers callers, ClientRegistry clients, SessionCookie sessions, Issuer issuer)
{
    /// <summary>Takes the platform's cookie away.</summary>
    public const string NoCookie = KamiwazaCallers.Cookie + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";

    private const string Authorize = "/connect/authorize";
    private const string StateCookie = "kamiwaza_login";
    private const int LongestTarget = 2048;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private static readonly string[] Callbacks = ["/api/auth/callback", "/auth/callback"];

    public Task<IResult> Login(DialectRequest request, CancellationToken ct)
    {
        if (Platform is not { } client || Callbacks.Select(issuer.Url).FirstOrDefault(client.RedirectUris.Contains) is not { } callback)
            return Answer(FastApi.Detail(StatusCodes.Status404NotFound, $"Sign-in by browser is not set up: register the client {KamiwazaShapes.Platform} with the redirect URI {issuer.Url(Callbacks[0])}"));
        var target = request.Query("redirect_uri") ?? request.Query("return_to") ?? "/";
        if (!IsOurs(client, target)) return Answer(FastApi.Detail(StatusCodes.Status400BadRequest, "redirect_uri is not allowed"));

        var state = Handle.New().Reveal();
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = client.ClientId, ["response_type"] = "code", ["redirect_uri"] = callback, ["scope"] = StandardScopes.OpenId, ["state"] = state,
            // Nobody has a verifier for it: the code is worth nothing to anyone.
            ["code_challenge"] = Handle.New().Reveal(), ["code_challenge_method"] = CodeChallenge.S256,
        };
        return Answer(Redirect(QueryHelpers.AddQueryString(issuer.Url(Authorize), query)).With("Set-Cookie", Cookie(StateCookie, state + "." + WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(target)), 600)));
    }

    public async Task<IResult> CallbackAsync(DialectRequest request, CancellationToken ct)
    {
        if (Platform is not { } client || request.Http.Request.Cookies[StateCookie]?.Split('.') is not [var state, var encoded] || request.Query("state") != state || !TryTarget(client, encoded, out var target))
            return FastApi.Detail(StatusCodes.Status400BadRequest, "Invalid state");
        if (request.Query("error") is not null || request.Query("code") is null || await sessions.ReadAsync(request.Http, ct) is not { } current) return FastApi.Challenge("Sign-in was not completed");

        var opened = await tokens.OpenAsync(request.AnsweredBy!, current.Session, request.Settings.AccessTokenLifetime > 0 ? TimeSpan.FromSeconds(request.Settings.AccessTokenLifetime) : Lifetime, request.Address, ct);
        var lifetime = signIn.LifetimeOf(request, opened);
        var token = await signIn.AccessTokenAsync(request, opened, lifetime, ct);
        return Redirect(target).With("Set-Cookie", Cookie(KamiwazaCallers.Cookie, token, (long)lifetime.TotalSeconds)).With("Set-Cookie", StateCookie + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    /// <summary>Ends what the cookie stands for, and leads on to where this server may lead.</summary>
    public async Task<IResult> FrontChannelLogoutAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, _) = await callers.OfAsync(request, request.Http.Request.Cookies[KamiwazaCallers.Cookie], ct);
        if (caller is not null) await tokens.RevokeAsync(caller.Token.Grant, request.Address, ct);
        var target = request.Query("redirect_uri") is { } wanted && IsOurs(Platform, wanted) ? wanted : "/";
        return Redirect(target).With("Set-Cookie", NoCookie);
    }

    private Client? Platform => clients.Find(KamiwazaShapes.Platform);

    private static Task<IResult> Answer(Raw answer) => Task.FromResult<IResult>(answer);

    private static Raw Redirect(string target) => Raw.Empty(StatusCodes.Status302Found).With("Location", target);

    private string Cookie(string name, string value, long seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax") + (issuer.IsHttps ? "; Secure" : "");

    private bool TryTarget(Client client, string encoded, out string target)
    {
        target = "/";
        try
        {
            target = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(encoded));
            return IsOurs(client, target);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>A path of this site, or a page of a site that the client was registered with.</summary>
    private bool IsOurs(Client? client, string target) => IsPath(target) || client is not null && target.Length <= LongestTarget && (IsSite(issuer.Uri, target) || IsKnownSite(client, target));

    private static bool IsKnownSite(Client client, string target) => client.RedirectUris.Any(known => Uri.TryCreate(known, UriKind.Absolute, out var site) && IsSite(site, target));

    private static bool IsSite(Uri site, string target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Scheme == site.Scheme && uri.Authority == site.Authority && target.All(static c => c is > ' ' and <= '~' and not '\\');

    private static bool IsPath(string target) => target.Length <= LongestTarget && target.StartsWith('/') && !target.StartsWith("//", StringComparison.Ordinal) && target.All(static c => c is > ' ' and <= '~' and not '\\');
}
