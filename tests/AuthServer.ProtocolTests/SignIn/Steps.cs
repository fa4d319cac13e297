using System.Text.Json;
using AuthServer.ProtocolTests.Security;
using AuthServer.Testing;

namespace AuthServer.ProtocolTests.SignIn;

/// <summary>The single steps of a person in a browser without script.</summary>
internal static class Steps
{
    public static string Url(string verifier, params (string Name, string? Value)[] more) => UrlOf("web", verifier, more);

    public static string UrlOf(string clientId, string verifier, params (string Name, string? Value)[] more) => TestFlows.AuthorizeUrl(
        [("client_id", clientId), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"), ("state", "st"), ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256"), .. more]);

    /// <summary>Name and password at this server's own sign-in page.</summary>
    public static async Task<BrowserPage> PasswordAsync(TestBrowser browser, TestUser user, string query = "") =>
        await browser.SignInAsync(await browser.GetAsync("/login" + query), user.UserName, user.Password);

    /// <summary>Fills in the code that the page asks for.</summary>
    public static Task<BrowserPage> CodeAsync(TestBrowser browser, BrowserPage page, string code, bool trust = false)
    {
        var fields = new Dictionary<string, string> { ["code"] = code };
        if (trust) fields["trust"] = "true";
        return browser.SubmitAsync(page, fields);
    }

    /// <summary>The cookie of the session, or null where nobody is signed in here.</summary>
    public static async Task<string?> SessionAsync(TestBrowser browser)
    {
        var page = await browser.GetAsync("/account");
        return page.Url.AbsolutePath == "/account" ? browser.Cookies.GetCookies(page.Url)["__Host-session"]?.Value : null;
    }

    public static async Task SignOutAsync(TestBrowser browser)
    {
        var page = await browser.GetAsync("/logout");
        if (page.Url.AbsolutePath == "/logout") await browser.SubmitAsync(page, new Dictionary<string, string>());
    }

    /// <summary>What the ID token says that the app gets.</summary>
    public static async Task<JsonElement> ClaimsAsync(TestServer server, BrowserPage answer, string verifier)
    {
        var code = answer["code"] ?? throw new InvalidOperationException($"No code but {answer.Status} {answer.Url} {answer["error"]} {answer["error_description"]}");
        var tokens = await TestServer.JsonAsync(await server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, code, verifier));
        return TestFlow.Claims(tokens.GetProperty("id_token").GetString()!);
    }
}
