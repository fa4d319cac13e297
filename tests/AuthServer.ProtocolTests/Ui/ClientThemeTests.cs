using System.Net;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Ui;

/// <summary>A client's own colour, radius and logo on the pages of its requests.</summary>
public sealed class ClientThemeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly Client Branded = SharedServer.Web("branded") with
    {
        ClientName = "Notes",
        LogoUri = "https://app.test/logo.svg",
        Branding = new ClientBranding { AccentColor = "#ffd000", CornerRadius = 3 },
    };

    [Fact]
    public async Task Its_requests_have_its_look_in_one_style_sheet_and_everything_else_has_not()
    {
        await shared.Server.AddClientAsync(Branded, SharedServer.Secret);
        var browser = shared.Server.NewBrowser();
        var page = await browser.GetAsync(TestFlows.AuthorizeUrl(
            ("client_id", "branded"), ("response_type", "code"), ("redirect_uri", SharedServer.Callback), ("scope", "openid"),
            ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256")));

        var sheet = Assert.Single(page.Document.QuerySelectorAll("link[rel=stylesheet]")).GetAttribute("href")!;
        Assert.EndsWith("/site-ffd000-3.css", sheet, StringComparison.Ordinal);
        Assert.Equal("https://app.test/logo.svg", page.Document.QuerySelector("img.app-logo")!.GetAttribute("src"));

        using var answer = await shared.Server.Http.GetAsync(sheet);
        var css = await answer.Content.ReadAsStringAsync();
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("--as-radius:3px}\n", css, StringComparison.Ordinal);
        // Too pale for white text, it was darkened, as the deployment's own colour would be.
        Assert.DoesNotContain("--as-accent:#ffd000", css, StringComparison.Ordinal);
        Assert.Contains("--as-accent-on-dark:#ffd000", css, StringComparison.Ordinal);

        var plain = await browser.GetAsync("/login");
        Assert.EndsWith("/site.css", plain.Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Null(plain.Document.QuerySelector("img.app-logo"));
    }

    [Fact]
    public async Task A_made_up_look_is_not_made()
    {
        using var answer = await shared.Server.Http.GetAsync("/assets/000000000000/site-123456-7.css");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"accent_color":"blue"}""", "accent_color")]
    [InlineData("""{"accent_color":"#fff;} body{display:none"}""", "accent_color")]
    [InlineData("""{"corner_radius":25}""", "corner_radius")]
    [InlineData("""{"corner_radius":-1}""", "corner_radius")]
    public void Branding_that_makes_no_sense_is_refused(string branding, string named)
    {
        using var json = JsonDocument.Parse($$"""{"client_id":"x","redirect_uris":["https://app.test/cb"],"branding":{{branding}}}""");
        Assert.False(ClientMetadata.Read(json.RootElement).TryGet(out _, out var error));
        Assert.Contains(named, error.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Branding_outlives_being_written_and_read() => Assert.Equal(Branded.Branding, ClientJson.Read(ClientJson.Write(Branded)).Branding);
}
