using System.Net.Http.Headers;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Conformance.ResponseTypeSet;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>Modules of the basic, implicit and hybrid plans and their form_post twins: UserInfo, scopes and claims.</summary>
public sealed class OidccClaimModules(ConformanceServer suite) : IClassFixture<ConformanceServer>
{
    [Theory, Runs(WithToken), Spec("OIDC Core §5.3.1")]
    public async Task oidcc_userinfo_get(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var answer = await run.SignInAsync();

        await AssertUserInfo(await suite.Server.GetAsync(run.Endpoint("userinfo"), answer.AccessToken), answer.Subject, suite.Server.Clock.GetUtcNow());
    }

    [Theory, Runs(WithToken), Spec("OIDC Core §5.3.1"), Spec("RFC 6750 §2.1")]
    public async Task oidcc_userinfo_post_header(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var answer = await run.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, run.Endpoint("userinfo"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", answer.AccessToken);
        request.Content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };

        await AssertUserInfo(await suite.Server.Http.SendAsync(request), answer.Subject, suite.Server.Clock.GetUtcNow());
    }

    [Theory, Runs(WithToken), Spec("OIDC Core §5.3.1"), Spec("RFC 6750 §2.2")]
    public async Task oidcc_userinfo_post_body(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var answer = await run.SignInAsync();

        await AssertUserInfo(await suite.Server.PostAsync(run.Endpoint("userinfo"), [("access_token", answer.AccessToken)]), answer.Subject, suite.Server.Clock.GetUtcNow());
    }

    [Theory, Runs(All), Spec("OIDC Core §5.4")]
    public Task oidcc_scope_profile(string responseType, string responseMode) => ScopesGiveTheirClaimsAsync(responseType, responseMode, "openid profile");

    [Theory, Runs(All), Spec("OIDC Core §5.4")]
    public Task oidcc_scope_email(string responseType, string responseMode) => ScopesGiveTheirClaimsAsync(responseType, responseMode, "openid email");

    [Theory, Runs(All), Spec("OIDC Core §5.4"), Spec("OIDC Core §5.1.1")]
    public Task oidcc_scope_address(string responseType, string responseMode) => ScopesGiveTheirClaimsAsync(responseType, responseMode, "openid address");

    [Theory, Runs(All), Spec("OIDC Core §5.4")]
    public Task oidcc_scope_phone(string responseType, string responseMode) => ScopesGiveTheirClaimsAsync(responseType, responseMode, "openid phone");

    [Theory, Runs(All), Spec("OIDC Core §5.4")]
    public Task oidcc_scope_all(string responseType, string responseMode) => ScopesGiveTheirClaimsAsync(responseType, responseMode, "openid profile email address phone");

    /// <summary>Neither the order of the parameters nor that of the scopes means anything.</summary>
    [Theory, Runs(Code | Implicit | CodeIdToken), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_alternate_happy_flow(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var request = run.NewRequest(("scope", "email openid"));

        var answer = await run.SignInAsync(request with { Parameters = [.. request.Parameters.Reverse()] });

        AssertHasClaims(answer.PersonClaims, request.ScopeClaims);
    }

    /// <summary>By name rather than by scope; from the ID token where there is no UserInfo to ask.</summary>
    [Theory, Runs(All), Spec("OIDC Core §5.5")]
    public async Task oidcc_claims_essential(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        Assert.True(run.Metadata.GetProperty("claims_parameter_supported").GetBoolean());
        var claims = responseType == "id_token" ? """{"id_token":{"name":{"essential":true}}}""" : """{"userinfo":{"name":{"essential":true}}}""";

        var answer = await run.SignInAsync(("claims", claims));

        AssertHasClaims(answer.PersonClaims, ["name"]);
    }

    /// <summary>What came beside them, in the ID token or at UserInfo, was looked at on the way: nothing may.</summary>
    private async Task ScopesGiveTheirClaimsAsync(string responseType, string responseMode, string scope)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        Assert.Empty(scope.Split(' ').Except(Values(run.Metadata, "scopes_supported")));

        var answer = await run.SignInAsync(("scope", scope));

        AssertHasClaims(answer.PersonClaims, answer.Request.ScopeClaims);
        Assert.Empty(answer.Request.ScopeClaims.Except(Values(run.Metadata, "claims_supported")));
    }
}
