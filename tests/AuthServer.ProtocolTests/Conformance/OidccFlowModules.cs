using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Conformance.ResponseTypeSet;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>Modules of the basic, implicit and hybrid plans and their form_post twins: the flow itself, and requests that are wrong.</summary>
public sealed class OidccFlowModules(ConformanceServer suite) : IClassFixture<ConformanceServer>
{
    [Theory, Runs(All), Spec("OIDC Core §3.1.3.7"), Spec("OIDC Core §3.2.2.5"), Spec("OIDC Core §3.2.2.10"), Spec("OIDC Core §3.3.2.5"), Spec("OIDC Core §3.3.2.11"), Spec("OIDC Core §3.3.3.6")]
    [Spec("OAuth Multiple Response Types §5"), Spec("OAuth Form Post Response Mode §2")]
    public async Task oidcc_server(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        Assert.Contains("client_secret_basic", Values(run.Metadata, "token_endpoint_auth_methods_supported"));

        var answer = await run.SignInAsync();

        Assert.Equal(suite.Buffy.Id, answer.Subject);
        Assert.Equal(responseType == "id_token", answer.AccessToken is null);
    }

    [Theory, Runs(Code | IdTokenToken | CodeIdToken), Spec("RFC 6749 §3.1.1")]
    public async Task oidcc_response_type_missing(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var request = run.NewRequest(("response_type", null));

        var page = await run.OpenAsync(request);

        // No type, no fragment: the answer goes where it goes by default, unless form_post was asked for.
        run.AssertRefused(request, page, run.Mode == "form_post" ? "form_post" : "query", "unsupported_response_type", "invalid_request");
    }

    [Theory, Runs(Code | CodeToken), Spec("OIDC Core §3.1.2.1"), Spec("OIDC Core §3.3.2.11")]
    public async Task oidcc_ensure_request_without_nonce_succeeds_for_code_flow(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        var answer = await run.SignInAsync(("nonce", null));

        Assert.False(answer.IdTokenClaims.TryGetProperty("nonce", out _));
    }

    [Theory, Runs(Implicit | CodeIdToken | CodeIdTokenToken), Spec("OIDC Core §3.2.2.1"), Spec("OIDC Core §3.3.2.11")]
    public async Task oidcc_ensure_request_without_nonce_fails(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        await run.AssertRefusedAsync(run.NewRequest(("nonce", null)), "invalid_request");
    }

    [Theory, Runs(All), Spec("RFC 6749 §3.1")]
    public async Task oidcc_ensure_request_with_unknown_parameter_succeeds(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        await run.SignInAsync(("extra", "foobar"));
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1"), Spec("RFC 9700 §2.1")]
    public async Task oidcc_ensure_registered_redirect_uri(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        AssertErrorPage(await run.OpenAsync(run.NewRequest(("redirect_uri", suite.First.RedirectUri + "/" + SuiteRequest.Random(10)))));
    }

    /// <summary>The form stands on the client's site, so the session's cookie stays behind; it still has to come to a silent answer when there is a session.</summary>
    [Theory, Runs(Code), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_ensure_post_request_succeeds(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var first = run.NewRequest();
        var signedIn = await run.FinishAsync(first, await run.Browser.PostCrossSiteAsync(run.Endpoint("authorization"), first.Parameters));

        var second = run.NewRequest();
        var silent = await run.TakeAsync(second, await run.Browser.PostCrossSiteAsync(run.Endpoint("authorization"), second.Parameters));

        Assert.Equal(signedIn.Subject, silent.Subject);
    }

    [Theory, Runs(WithCode), Spec("RFC 6749 §2.3.1"), Spec("OIDC Core §9")]
    public async Task oidcc_server_client_secret_post(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        Assert.Contains("client_secret_post", Values(run.Metadata, "token_endpoint_auth_methods_supported"));

        await run.SignInAsync(run.NewRequest(suite.WithPost));
    }

    [Theory, Runs(Code | CodeIdToken), Spec("RFC 7636 §4")]
    public async Task oidcc_ensure_request_with_valid_pkce_succeeds(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var verifier = SuiteRequest.RandomWithMarks(128);
        var request = run.NewRequest(("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256"));

        var page = await run.Browser.WalkAsync(await run.OpenAsync(request), suite.Buffy);

        await run.TakeAsync(request, page, verifier);
    }

    [Theory, Runs(All), Spec("OIDC Core §6.1"), Spec("OIDC Core §3.1.2.6")]
    public async Task oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        Assert.False(run.Metadata.GetProperty("request_parameter_supported").GetBoolean());

        await run.AssertRefusedAsync(run.NewRequest(("request", UnsignedRequest(suite.First.RedirectUri, responseType))), "request_not_supported");
    }

    /// <summary>The redirect URI beside the object is not registered, and the one within is not read: nobody can be told but the person.</summary>
    [Theory, Runs(All), Spec("OIDC Core §6.1")]
    public async Task oidcc_ensure_request_object_with_redirect_uri(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var wrong = suite.First.RedirectUri + "/" + SuiteRequest.Random(10);

        AssertErrorPage(await run.OpenAsync(run.NewRequest(("redirect_uri", wrong), ("request", UnsignedRequest(suite.First.RedirectUri, responseType)))));
    }

    private string UnsignedRequest(string redirectUri, string responseType) => SuiteTokens.Unsigned(new Dictionary<string, object>
    {
        ["iss"] = suite.First.Id, ["aud"] = suite.Server.Issuer, ["client_id"] = suite.First.Id, ["redirect_uri"] = redirectUri, ["response_type"] = responseType, ["scope"] = "openid",
        ["state"] = SuiteRequest.Random(10), ["nonce"] = SuiteRequest.Random(10),
    });
}
