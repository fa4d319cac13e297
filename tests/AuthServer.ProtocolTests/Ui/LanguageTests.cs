using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Ui;

/// <summary>In which language a page comes: what the app asked for, what the person chose, what the browser says, the setting.</summary>
public sealed class LanguageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string German = "Anmelden";
    private const string French = "Connexion";

    [Theory]
    [InlineData(null, "en", "Sign in")]
    [InlineData("de", "de", German)]
    [InlineData("de-AT", "de", German)]
    [InlineData("ru, fr;q=0.4, de;q=0.6", "de", German)]
    [InlineData("de;q=0, fr", "fr", French)]
    [InlineData("ru, tlh", "en", "Sign in")]
    [InlineData("ja-JP", "ja", "サインイン")]
    [InlineData("es-MX", "es", "Iniciar sesión")]
    public async Task The_browser_says_the_language(string? accepted, string language, string title) =>
        Is(language, title, await new TestBrowser(shared.Server) { AcceptLanguage = accepted }.GetAsync("/login"));

    [Theory]
    [InlineData("fr", "fr", French)]
    [InlineData("ru fr-CA de", "fr", French)]
    [InlineData("ru tlh", "de", German)]
    [Spec("OIDC Core §3.1.2.1 ui_locales")]
    public async Task The_language_an_app_asks_for_outweighs_the_browsers(string locales, string language, string title)
    {
        var browser = new TestBrowser(shared.Server) { AcceptLanguage = "de" };
        var page = await browser.GetAsync(Authorize(("ui_locales", locales)));
        Is(language, title, page);

        // On the next page of this sign-in as well, and on the one that says what was wrong.
        Is(language, null, await browser.SignInAsync(page, shared.Alice.UserName, "this is not the password"));
        var register = await browser.GetAsync(page.Document.QuerySelector("a[href^='/register']")!.GetAttribute("href")!);
        Is(language, null, register);
    }

    [Fact]
    public async Task The_person_has_the_last_word_by_the_links_in_the_foot()
    {
        var browser = new TestBrowser(shared.Server) { AcceptLanguage = "ja" };
        var page = await browser.GetAsync(Authorize(("ui_locales", "fr")));
        var chosen = await browser.GetAsync(page.Document.QuerySelector(".languages a[lang=de]")!.GetAttribute("href")!);
        Is("de", German, chosen);
        Assert.Equal(page.Url, chosen.Url);

        // At another app's request the choice stands behind what that app asks for, and before the browser.
        Is("fr", French, await browser.GetAsync(Authorize(("ui_locales", "fr"))));
        Is("de", German, await browser.GetAsync(Authorize()));
    }

    [Theory]
    [InlineData("https://evil.test/"), InlineData("//evil.test/"), InlineData("/\\evil.test/"), InlineData("/\t/evil.test/"), InlineData("javascript:alert(1)"), InlineData("")]
    [Spec("ASVS 3.7.2")]
    public async Task Choosing_a_language_leads_to_no_other_place(string back)
    {
        using var response = await shared.Server.Http.GetAsync("/language?to=de&back=" + Uri.EscapeDataString(back));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_unknown_language_is_not_remembered()
    {
        using var response = await shared.Server.Http.GetAsync("/language?to=xx&back=%2Flogin");
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    [Spec("OIDC Discovery §3 ui_locales_supported")]
    public async Task The_metadata_name_the_languages()
    {
        var document = await TestServer.JsonAsync(await shared.Server.GetAsync("/.well-known/openid-configuration"));
        Assert.Equal(["en", "de", "fr", "es", "ja"], document.GetProperty("ui_locales_supported").EnumerateArray().Select(static l => l.GetString()));
    }

    [Fact]
    public async Task The_setting_is_for_readers_who_ask_for_none_of_ours()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Branding:Language"] = "es" } });
        Is("es", "Iniciar sesión", await new TestBrowser(server) { AcceptLanguage = "ru" }.GetAsync("/login"));
        Is("de", German, await new TestBrowser(server) { AcceptLanguage = "de" }.GetAsync("/login"));
    }

    [Theory]
    [InlineData("unknown", "https://app.test/cb", "Diese App ist hier nicht bekannt")]
    [InlineData("web", "https://app.test/other", "Diese App darf Sie nicht zurückleiten")]
    [Spec("RFC 6749 §4.1.2.1")]
    public async Task What_the_protocol_refuses_is_told_in_the_readers_language_under_a_title_of_its_own(string client, string redirect, string title)
    {
        var page = await new TestBrowser(shared.Server) { AcceptLanguage = "de" }
            .GetAsync(TestFlows.AuthorizeUrl(("client_id", client), ("response_type", "code"), ("redirect_uri", redirect), ("scope", "openid")));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Is("de", title, page);
    }

    [Fact]
    public async Task A_finished_request_is_told_to_be_over()
    {
        var page = await new TestBrowser(shared.Server) { AcceptLanguage = "fr" }.GetAsync("/connect/authorize/continue?request=gone");
        Is("fr", "Cette demande a expiré", page);
    }

    private static string Authorize(params (string Name, string? Value)[] more) => TestFlows.AuthorizeUrl([
        ("client_id", "web"), ("response_type", "code"), ("redirect_uri", SharedServer.Callback), ("scope", "openid"),
        ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256"), .. more]);

    private static void Is(string language, string? title, BrowserPage page)
    {
        Assert.Equal(language, page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("ltr", page.Document.DocumentElement.GetAttribute("dir"));
        if (title is not null) Assert.Equal(title, page.Document.QuerySelector("h1")!.TextContent);
    }
}
