using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Upstream;
using Microsoft.Extensions.Options;

namespace AuthServer.Dialects.Acgs;

/// <summary>ACGS's auth_service: sign-in by name and password into cookies, tokens against forged requests, a second factor, API keys. Below <c>/auth</c>, and below <c>/api/auth</c> as its gateway shows it.</summary>
internal sealed class AcgsDialect : IDialect
{
    private readonly AcgsHealth _health;
    private readonly AcgsSignIn _signIn;
    private readonly AcgsProfile _profile;
    private readonly AcgsFactors _factors;
    private readonly AcgsKeys _keys;
    private readonly AcgsProviders _providers;
    private readonly AcgsAnswers _answers;
    private readonly TimeProvider _clock;

    public AcgsDialect(
        DialectPeople people, DialectTokens tokens, CsrfTokens csrf, DialectHealth health, OwnProfile profiles, IFactorStore factors, AuthenticatorApp app, RecoveryCodes recovery, ApiKeyVerifier verifier, ApiKeyAdministration keys,
        UpstreamProviders providers, UpstreamAccounts accounts, Issuer issuer, IHostEnvironment environment, IOptions<AccountOptions> accountOptions, IOptions<ApiKeyOptions> keyOptions, IOptions<RateLimitOptions> limits, TimeProvider clock)
    {
        _clock = clock;
        _answers = new AcgsAnswers(clock);
        var cookies = new AcgsCookies(csrf, !issuer.IsHttps && environment.IsDevelopment());
        var access = new AcgsAccess(this, people, tokens, verifier, cookies, _answers, TimeSpan.FromMinutes(accountOptions.Value.FreshSignInMinutes), clock);
        _health = new AcgsHealth(health, clock);
        _signIn = new AcgsSignIn(this, people, tokens, access, cookies, _answers, clock);
        _profile = new AcgsProfile(access, profiles);
        _factors = new AcgsFactors(access, profiles, factors, app, recovery, _answers);
        _keys = new AcgsKeys(access, people, keys, keyOptions, limits, _answers, clock);
        _providers = new AcgsProviders(access, providers, accounts, issuer, _answers);
    }

    public string Name => "Acgs";

    public void Map(DialectRoutes routes)
    {
        routes.Get(Framed(_health.AnswerAsync), "/health", "/auth/health", "/api/auth/health");
        Post("register", _signIn.RegisterAsync);
        Post("users", _signIn.RegisterAsync);
        Post("token", _signIn.SignInAsync);
        Post("login", _signIn.SignInAsync);
        Post("token/refresh", _signIn.RefreshAsync);
        Post("logout", _signIn.SignOutAsync);
        Get("me", _profile.OwnAsync);
        Get("users/me", _profile.OlderAsync);

        Get("mfa/status", _factors.StatusAsync);
        Post("mfa/setup", _factors.SetUpAsync);
        Post("mfa/enable", _factors.EnableAsync);
        Post("mfa/disable", _factors.DisableAsync);
        Post("mfa/verify", _factors.VerifyAsync);
        Post("mfa/backup-codes/regenerate", _factors.NewBackupCodesAsync);

        Post("api-keys", _keys.CreateAsync);
        Get("api-keys", _keys.ListAsync);
        Get("api-keys/usage/statistics", _keys.StatisticsAsync);
        Get("api-keys/{id}", _keys.FindAsync);
        routes.Put(Framed(_keys.UpdateAsync), "/auth/api-keys/{id}", "/api/auth/api-keys/{id}");
        routes.Delete(Framed(_keys.DeleteAsync), "/auth/api-keys/{id}", "/api/auth/api-keys/{id}");
        Post("api-keys/{id}/revoke", _keys.RevokeAsync);

        Get("oauth/providers", _providers.ListAsync);
        Post("oauth/authorize", _providers.AuthorizeAsync);
        Post("oauth/link", _providers.LinkAsync);
        routes.Delete(Framed(_providers.UnlinkAsync), "/auth/oauth/unlink/{provider}", "/api/auth/oauth/unlink/{provider}");

        void Get(string path, DialectHandler handler) => routes.Get(Framed(handler), "/auth/" + path, "/api/auth/" + path);
        void Post(string path, DialectHandler handler) => routes.Post(Framed(handler), "/auth/" + path, "/api/auth/" + path);
    }

    public IResult Plain(DialectRequest request, int status)
    {
        AcgsRequestId.Write(request);
        return _answers.Plain(request, status);
    }

    /// <summary>The headers by which the gateway of ACGS follows a request.</summary>
    private DialectHandler Framed(DialectHandler handler) => async (request, ct) =>
    {
        var begun = _clock.GetTimestamp();
        AcgsRequestId.Write(request);
        var answer = await handler(request, ct);
        request.Http.Response.Headers["X-Response-Time"] = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetElapsedTime(begun).TotalMilliseconds:F2}ms");
        return answer;
    };
}
