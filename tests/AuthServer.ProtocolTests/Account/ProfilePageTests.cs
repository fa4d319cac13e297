using System.Net;
using System.Text.Json;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>What a person says about themselves is what apps learn.</summary>
public abstract class ProfilePageTests(AccountServer shared)
{
    private const string Path = "/account/profile";

    private static async Task<BrowserPage> SaveAsync(TestBrowser browser, params (string Name, string Value)[] values) =>
        await browser.SubmitAsync(await browser.GetAsync(Path), values.ToDictionary(v => v.Name, v => v.Value));

    private async Task<JsonElement> UserInfoAsync(TestFlow flow) => await TestServer.JsonAsync(await shared.Server.GetAsync("/connect/userinfo", flow.AccessToken));

    [Fact, Spec("OIDC Core §5.1")]
    public async Task Every_standard_claim_a_person_may_set_reaches_the_app()
    {
        var user = await shared.NewUserAsync();
        using var browser = await shared.SignedInAsync(user);

        var saved = await SaveAsync(browser, ("given_name", "Zoë"), ("middle_name", "M."), ("family_name", "O’Hara"), ("name", "Zoë M. O’Hara"), ("nickname", "zo"), ("picture", "https://example.com/zoe.png"),
            ("profile", "example.com/zoe"), ("website", "https://zoe.example"), ("gender", "female"), ("birthdate", "1990-12-31"), ("zoneinfo", "Europe/Paris"), ("locale", "fr"), ("phone_number", "+33 1 2345678"),
            ("street_address", "Rue 1\r\nBâtiment B"), ("postal_code", "75001"), ("locality", "Paris"), ("region", "Île-de-France"), ("country", "France"));

        Assert.Contains("saved", saved.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        var claims = await UserInfoAsync(await shared.OpenAppAsync(user, browser, scope: "openid profile phone address"));
        foreach (var (name, value) in new[]
        {
            ("given_name", "Zoë"), ("middle_name", "M."), ("family_name", "O’Hara"), ("name", "Zoë M. O’Hara"), ("nickname", "zo"), ("picture", "https://example.com/zoe.png"), ("profile", "https://example.com/zoe"),
            ("website", "https://zoe.example"), ("gender", "female"), ("birthdate", "1990-12-31"), ("zoneinfo", "Europe/Paris"), ("locale", "fr"), ("phone_number", "+33 1 2345678"),
        }) Assert.Equal(value, claims.GetProperty(name).GetString());
        foreach (var (name, value) in new[] { ("street_address", "Rue 1\nBâtiment B"), ("postal_code", "75001"), ("locality", "Paris"), ("region", "Île-de-France"), ("country", "France") })
            Assert.Equal(value, claims.GetProperty("address").GetProperty(name).GetString());
    }

    [Fact, Spec("OIDC Core §5.1")]
    public async Task Updated_at_moves_with_a_change_and_with_nothing_else()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Provider = shared.Server.ConnectionString.Contains("Data Source", StringComparison.Ordinal) ? TestStorage.Sqlite : TestStorage.PostgreSql });
        await server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        var user = await server.AddUserAsync("alice", """{"name":"Alice","address":{"formatted":"Street 1\n10115 Berlin"},"birthdate":"1980"}""");
        using var browser = await AccountServer.SignedInAsync(server, user);
        var before = await UpdatedAtAsync();

        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(browser);
        Assert.Equal(before, await UpdatedAtAsync());
        await SaveAsync(browser, ("nickname", "al"));
        Assert.Equal(before + 60, await UpdatedAtAsync());

        // What the page cannot show in parts is left alone until it is touched.
        var claims = await TestServer.JsonAsync(await server.GetAsync("/connect/userinfo", (await server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, user, "openid profile address", browser)).AccessToken));
        Assert.Equal("Street 1\n10115 Berlin", claims.GetProperty("address").GetProperty("formatted").GetString());
        Assert.Equal("1980", claims.GetProperty("birthdate").GetString());

        async Task<long> UpdatedAtAsync()
        {
            var flow = await server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, user, "openid profile", browser);
            return (await TestServer.JsonAsync(await server.GetAsync("/connect/userinfo", flow.AccessToken))).GetProperty("updated_at").GetInt64();
        }
    }

    [Fact]
    public async Task An_emptied_field_takes_the_claim_away()
    {
        var user = await shared.NewUserAsync("""{"nickname":"al","phone_number":"+49 30 1","address":{"country":"Germany"}}""");
        using var browser = await shared.SignedInAsync(user);

        await SaveAsync(browser, ("nickname", " "), ("phone_number", ""), ("country", ""));

        var claims = await UserInfoAsync(await shared.OpenAppAsync(user, browser, scope: "openid profile phone address"));
        foreach (var gone in new[] { "nickname", "phone_number", "address" }) Assert.False(claims.TryGetProperty(gone, out _), gone);
    }

    [Theory]
    [InlineData("birthdate", "31.12.1990"), InlineData("picture", "javascript:alert(1)"), InlineData("website", "https://a b"), InlineData("phone_number", "call me"), InlineData("zoneinfo", "Not a zone"), InlineData("locale", "??")]
    public async Task A_fault_stands_at_its_field_and_nothing_is_saved(string field, string value)
    {
        var user = await shared.NewUserAsync("""{"nickname":"before"}""");
        using var browser = await shared.SignedInAsync(user);

        var refused = await SaveAsync(browser, ("nickname", "after"), (field, value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotNull(refused.Document.QuerySelector($"#{field}-fault"));
        Assert.Equal("true", refused.Document.QuerySelector("#" + field)!.GetAttribute("aria-invalid"));
        Assert.Equal("after", refused.Document.QuerySelector("#nickname")!.GetAttribute("value"));
        Assert.Equal("before", (await browser.GetAsync(Path)).Document.QuerySelector("#nickname")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Nothing_but_the_fields_of_the_page_can_be_set()
    {
        var user = await shared.NewUserAsync();
        using var browser = await shared.SignedInAsync(user);

        await SaveAsync(browser, ("nickname", "al"), ("email_verified", "true"), ("phone_number_verified", "true"), ("sub", "1"), ("is_administrator", "true"), ("IsAdministrator", "true"), ("email", "boss@example.com"), ("phone_number", "+49 30 1"));

        var claims = await UserInfoAsync(await shared.OpenAppAsync(user, browser, scope: "openid profile email phone"));
        Assert.Equal((user.Id, user.UserName + "@example.com"), (claims.GetProperty("sub").GetString(), claims.GetProperty("email").GetString()));
        Assert.False(claims.GetProperty("phone_number_verified").GetBoolean());
    }

    [Fact]
    public async Task What_a_person_types_is_shown_as_text_on_every_page()
    {
        const string Hostile = "\"><img src=x onerror=alert(1)><script>1</script>";
        var user = await shared.NewUserAsync();
        using var browser = await shared.SignedInAsync(user);
        await SaveAsync(browser, ("name", Hostile), ("nickname", Hostile), ("street_address", "</textarea>" + Hostile), ("gender", Hostile), ("picture", "https://example.com/x.png?\u0022onerror=alert(1)"));
        await SaveAsync(browser, ("name", Hostile), ("nickname", Hostile), ("street_address", "</textarea>" + Hostile), ("gender", Hostile));

        foreach (var path in new[] { "/account", Path, "/account/data" })
        {
            var page = await browser.GetAsync(path);
            Assert.DoesNotContain("<img src=x", page.Html, StringComparison.Ordinal);
            Assert.Empty(page.Document.QuerySelectorAll("script:not([src])"));
        }

        Assert.Equal(Hostile, (await browser.GetAsync("/account")).Document.QuerySelector("h1")!.TextContent);
    }
}

public sealed class ProfilePageOnSqlite(SqliteAccounts shared) : ProfilePageTests(shared), IClassFixture<SqliteAccounts>;

public sealed class ProfilePageOnPostgreSql(PostgreSqlAccounts shared) : ProfilePageTests(shared), IClassFixture<PostgreSqlAccounts>;
