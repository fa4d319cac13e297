using System.Net;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Conformance.ResponseTypeSet;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>The RP-initiated logout plan. The tester chooses the response type, so each is chosen.</summary>
public sealed class OidccRpInitiatedLogoutPlan(ConformanceServer suite) : IClassFixture<ConformanceServer>
{
    private const string Registered = ConformanceServer.PostLogoutRedirectUri;

    /// <summary>Legal in a query, and still too much for some servers.</summary>
    private const string OddState = "a-._~!$'()*+,;:@/? %&=#é";

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2.1")]
    public async Task oidcc_rp_initiated_logout_discovery_endpoint_verification(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        Assert.Equal("https", new Uri(run.Endpoint("end_session")).Scheme);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2"), Spec("OIDC RP-Initiated Logout §3")]
    public async Task oidcc_rp_initiated_logout(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        var page = await LogoutAsync(run, ("id_token_hint", answer.IdToken), ("post_logout_redirect_uri", Registered), ("state", OddState));

        Assert.Equal(Registered, page.Callback?.GetLeftPart(UriPartial.Path));
        Assert.Equal(new Dictionary<string, string> { ["state"] = OddState }, page.Parameters);
        await AssertSignedOutAsync(run);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2")]
    public async Task oidcc_rp_initiated_logout_no_state(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        var page = await LogoutAsync(run, ("id_token_hint", answer.IdToken), ("post_logout_redirect_uri", Registered));

        Assert.Equal(Registered, page.Callback?.OriginalString);
        await AssertSignedOutAsync(run);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2")]
    public async Task oidcc_rp_initiated_logout_no_post_logout_redirect_uri(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        var page = await LogoutAsync(run, ("id_token_hint", answer.IdToken), ("state", SuiteRequest.Random(10)));

        AssertLoggedOutPage(page);
        await AssertSignedOutAsync(run);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §3")]
    public async Task oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        AssertErrorPage(await LogoutAsync(run, ("id_token_hint", answer.IdToken), ("post_logout_redirect_uri", Registered + SuiteRequest.Random(10)), ("state", "x")));
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §3")]
    public async Task oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        AssertErrorPage(await LogoutAsync(run, ("id_token_hint", answer.IdToken), ("post_logout_redirect_uri", Registered + "?foo=bar"), ("state", "x")));
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2")]
    public async Task oidcc_rp_initiated_logout_modified_id_token_hint(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        AssertErrorPage(await LogoutAsync(run, ("id_token_hint", SuiteTokens.WithoutSignature(answer.IdToken!)), ("post_logout_redirect_uri", Registered), ("state", "x")));
        await AssertStillSignedInAsync(run, answer);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2")]
    public async Task oidcc_rp_initiated_logout_bad_id_token_hint(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);
        var forged = SuiteTokens.Forged(answer.IdToken!, "https://suite.test/", "somebody");

        AssertErrorPage(await LogoutAsync(run, ("id_token_hint", forged), ("post_logout_redirect_uri", Registered), ("state", "x")));
        await AssertStillSignedInAsync(run, answer);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2"), Spec("OIDC RP-Initiated Logout §3")]
    public async Task oidcc_rp_initiated_logout_no_id_token_hint(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        AssertErrorPage(await LogoutAsync(run, ("post_logout_redirect_uri", Registered), ("state", SuiteRequest.Random(10))));
        await AssertStillSignedInAsync(run, answer);
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2")]
    public async Task oidcc_rp_initiated_logout_no_params(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        await ConfirmsAsync(run, answer, await LogoutAsync(run));
    }

    [Theory, Runs(All, FormPost = false), Spec("OIDC RP-Initiated Logout §2")]
    public async Task oidcc_rp_initiated_logout_only_state(string responseType, string responseMode)
    {
        var (run, answer) = await SignedInAsync(responseType, responseMode);

        await ConfirmsAsync(run, answer, await LogoutAsync(run, ("state", SuiteRequest.Random(10))));
    }

    private async Task<(SuiteRun Run, SuiteAnswer Answer)> SignedInAsync(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        return (run, await run.SignInAsync());
    }

    private static Task<BrowserPage> LogoutAsync(SuiteRun run, params (string Name, string? Value)[] parameters) =>
        run.Browser.GetAsync(run.Endpoint("end_session") + "?" + string.Join('&', parameters.Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!))));

    /// <summary>Nobody proved anything: the person is asked before anything happens.</summary>
    private static async Task ConfirmsAsync(SuiteRun run, SuiteAnswer answer, BrowserPage page)
    {
        Assert.Equal("/logout", page.Url.AbsolutePath);
        await AssertStillSignedInAsync(run, answer);

        AssertLoggedOutPage(await run.Browser.SubmitAsync(page, new Dictionary<string, string>()));
        await AssertSignedOutAsync(run);
    }

    private static void AssertLoggedOutPage(BrowserPage page)
    {
        Assert.Null(page.Callback);
        Assert.Equal((HttpStatusCode.OK, "/logout/done"), (page.Status, page.Url.AbsolutePath));
    }

    private static Task AssertSignedOutAsync(SuiteRun run) => run.AssertRefusedAsync(run.NewRequest(("prompt", "none")), "login_required");

    private static async Task AssertStillSignedInAsync(SuiteRun run, SuiteAnswer answer) => Assert.Equal(answer.Subject, (await run.SignInSilentlyAsync(("prompt", "none"))).Subject);
}
