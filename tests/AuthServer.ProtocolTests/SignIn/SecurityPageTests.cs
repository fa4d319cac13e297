using AuthServer.Engine.Factors;
using AuthServer.ProtocolTests.Security;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.SignIn;

/// <summary>The pages on which a person changes how they sign in.</summary>
public sealed class SecurityPageTests(OnSqlite shared) : IClassFixture<OnSqlite>
{
    private TestServer Server => shared.Server;

    [Theory, Spec("ASVS 7.5.1")]
    [InlineData(""), InlineData("/app"), InlineData("/recovery-codes")]
    public async Task An_old_sign_in_is_not_enough(string path)
    {
        var user = await Server.AddUserAsync("fresh" + path.Replace('/', '-'));
        await TestAuthenticator.SetUpAsync(Server, user.Id);
        using var browser = Server.NewBrowser();
        Assert.Equal("/login", (await browser.GetAsync("/account/security" + path)).Url.AbsolutePath);
    }

    [Fact, Spec("ASVS 7.5.1")]
    public async Task A_session_left_open_neither_shows_nor_changes_how_somebody_signs_in()
    {
        var user = await Server.AddUserAsync("left-open");
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        var form = await browser.GetAsync("/account/security/app");
        Assert.Equal("/account/security/app", form.Url.AbsolutePath);
        var key = form.Document.QuerySelector("[data-key]")!.TextContent;
        Server.Clock.Advance(TimeSpan.FromMinutes(11));
        foreach (var path in new[] { "", "/app", "/recovery-codes" })
        {
            var page = await browser.GetAsync("/account/security" + path);
            Assert.Equal(("/login", $"?next={Uri.EscapeDataString("/account/security" + path)}&again=true"), (page.Url.AbsolutePath, page.Url.Query));
        }

        // What was begun in time may be finished for as long again, and no longer.
        Server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("/login", (await Steps.CodeAsync(browser, form, new TestAuthenticator(Server, key).Code())).Url.AbsolutePath);
        Assert.Equal(EnrolledFactors.None, await Server.Services.GetRequiredService<IFactorStore>().ReadAsync(user.Id, CancellationToken.None));
    }
}
