using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Conformance.ResponseTypeSet;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>Modules of the basic, implicit and hybrid plans and their form_post twins: who is signed in, since when, and what the person is shown.</summary>
public sealed class OidccSessionModules(ConformanceServer suite) : IClassFixture<ConformanceServer>
{
    private static readonly string[] NotWithoutThePerson = ["login_required", "interaction_required", "consent_required", "account_selection_required"];

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_prompt_login(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var first = await run.SignInAsync();
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(1));

        var second = await run.SignInByPasswordAsync(("prompt", "login"));

        Assert.Equal(first.Subject, second.Subject);
        Assert.True(second.AuthTime > first.AuthTime);
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1"), Spec("OIDC Core §3.1.2.6")]
    public async Task oidcc_prompt_none_not_logged_in(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        await run.AssertRefusedAsync(run.NewRequest(("prompt", "none"), ("state", SuiteRequest.RandomWithMarks(128))), NotWithoutThePerson);
    }

    /// <summary>A new person, whose consent was given in this very flow.</summary>
    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_prompt_none_logged_in(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var person = await suite.NewPersonAsync();
        var first = await run.SignInAsync(run.NewRequest(), person);
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = await run.SignInSilentlyAsync(("prompt", "none"));

        Assert.Equal(person.Id, second.Subject);
        Assert.Equal((first.Subject, first.AuthTime), (second.Subject, second.AuthTime));
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_max_age_1(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var first = await run.SignInAsync();
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = await run.SignInByPasswordAsync(("max_age", "1"));

        Assert.Equal(first.Subject, second.Subject);
        Assert.True(second.AuthTime > first.AuthTime);
        Assert.Equal(suite.Server.Clock.GetUtcNow().ToUnixTimeSeconds(), second.AuthTime);
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_max_age_10000(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var first = await run.SignInAsync(("max_age", "15000"));
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = await run.SignInSilentlyAsync(("max_age", "10000"));

        Assert.NotNull(first.AuthTime);
        Assert.Equal((first.Subject, first.AuthTime), (second.Subject, second.AuthTime));
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_id_token_hint(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var first = await run.SignInAsync();
        suite.Server.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = await run.SignInSilentlyAsync(("prompt", "none"), ("id_token_hint", first.IdToken));

        Assert.Equal((first.Subject, first.AuthTime), (second.Subject, second.AuthTime));
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public async Task oidcc_login_hint(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        await run.SignInByPasswordAsync(("login_hint", "buffy@auth.test"));
    }

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public Task oidcc_display_page(string responseType, string responseMode) => SucceedsWithAsync(responseType, responseMode, "display", "page");

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public Task oidcc_display_popup(string responseType, string responseMode) => SucceedsWithAsync(responseType, responseMode, "display", "popup");

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1")]
    public Task oidcc_ui_locales(string responseType, string responseMode) => SucceedsWithAsync(responseType, responseMode, "ui_locales", "se");

    [Theory, Runs(All), Spec("OIDC Core §5.2")]
    public Task oidcc_claims_locales(string responseType, string responseMode) => SucceedsWithAsync(responseType, responseMode, "claims_locales", "se");

    [Theory, Runs(All), Spec("OIDC Core §3.1.2.1"), Spec("OIDC Core §5.5.1.1")]
    public async Task oidcc_ensure_request_with_acr_values_succeeds(string responseType, string responseMode)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);
        var supported = Values(run.Metadata, "acr_values_supported");
        Assert.NotEmpty(supported);

        var answer = await run.SignInAsync(("acr_values", string.Join(' ', supported)));

        Assert.Contains(answer.IdTokenClaims.GetProperty("acr").GetString(), supported);
    }

    private async Task SucceedsWithAsync(string responseType, string responseMode, string parameter, string value)
    {
        var run = await SuiteRun.StartAsync(suite, responseType, responseMode);

        await run.SignInByPasswordAsync((parameter, value));
    }
}
