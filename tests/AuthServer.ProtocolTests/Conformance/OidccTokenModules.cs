using System.Net;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Conformance.ResponseTypeSet;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>Modules of the basic and hybrid plans and their form_post twins: codes and refresh tokens.</summary>
public sealed class OidccTokenModules(ConformanceServer suite) : IClassFixture<ConformanceServer>
{
    [Theory, Runs(WithCode), Spec("RFC 6749 §4.1.2")]
    public async Task oidcc_codereuse(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var answer = await run.SignInAsync();

        await AssertOAuthError(await run.RedeemAsync(answer.Request, answer.Code!), HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, Runs(WithCode), Spec("RFC 6749 §4.1.2"), Spec("RFC 6749 §10.5")]
    public async Task oidcc_codereuse_30seconds(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var answer = await run.SignInAsync();
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(30));

        await AssertOAuthError(await run.RedeemAsync(answer.Request, answer.Code!), HttpStatusCode.BadRequest, "invalid_grant");
        await AssertOAuthError(await suite.Server.GetAsync(run.Endpoint("userinfo"), answer.AccessToken), HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Runs(WithCode), Spec("RFC 6749 §6"), Spec("OIDC Core §12")]
    public async Task oidcc_refresh_token(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        Assert.Contains("refresh_token", Values(run.Metadata, "grant_types_supported"));
        Assert.Contains("offline_access", Values(run.Metadata, "scopes_supported"));

        var first = await OfflineAsync(run, suite.First);
        first = await RefreshAsync(run, first, ("scope", first.Request["scope"]));
        run.UseAnotherBrowser();
        var second = await OfflineAsync(run, suite.Second);
        second = await RefreshAsync(run, second);

        await AssertOAuthError(await run.TokenAsync(suite.First, ("grant_type", "refresh_token"), ("refresh_token", second.RefreshToken)), HttpStatusCode.BadRequest, "invalid_grant");

        // The thief's try costs the owner nothing.
        await RefreshAsync(run, second);
    }

    /// <summary>With prompt=consent the person is asked, remembered consent or not (OpenID Connect Core §11).</summary>
    private static async Task<SuiteAnswer> OfflineAsync(SuiteRun run, SuiteClient client)
    {
        var answer = await run.SignInAsync(run.NewRequest(client, ("scope", "openid offline_access"), ("prompt", "consent")));
        Assert.NotNull(answer.RefreshToken);
        return answer;
    }

    private async Task<SuiteAnswer> RefreshAsync(SuiteRun run, SuiteAnswer before, params (string Name, string? Value)[] more)
    {
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(1));

        var tokens = await AssertTokenResponse(await run.TokenAsync(before.Request.Client, [("grant_type", "refresh_token"), ("refresh_token", before.RefreshToken), .. more]));

        var accessToken = tokens.GetProperty("access_token").GetString()!;
        Assert.NotEqual(before.AccessToken, accessToken);
        // The nonce belongs to the first one; a client that finds it in a later one has nothing to compare it with (OpenID Connect Core §12.2).
        var claims = AssertIdToken(tokens.GetProperty("id_token").GetString()!, run.Expectation(before.Request.With(("nonce", null)), accessToken, code: null));
        foreach (var name in new[] { "iss", "sub", "aud", "auth_time" }) Assert.Equal(before.IdTokenClaims.GetProperty(name).ToString(), claims.GetProperty(name).ToString());
        Assert.Equal(before.IdTokenClaims.TryGetProperty("azp", out _), claims.TryGetProperty("azp", out _));
        Assert.True(claims.GetProperty("iat").GetInt64() > before.IdTokenClaims.GetProperty("iat").GetInt64());
        await AssertUserInfo(await suite.Server.GetAsync(run.Endpoint("userinfo"), accessToken), before.Subject, suite.Server.Clock.GetUtcNow());
        return before with { AccessToken = accessToken, IdTokenClaims = claims, RefreshToken = tokens.GetProperty("refresh_token").GetString() };
    }
}
