using System.Net;
using System.Text.Json;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;
using static AuthServer.ProtocolTests.Scim.ScimServer;

namespace AuthServer.ProtocolTests.Scim;

/// <summary>People over SCIM.</summary>
public abstract class ScimUserTests(ScimServer scim)
{
    public sealed class OnSqlite(ScimServer.OnSqlite scim) : ScimUserTests(scim), IClassFixture<ScimServer.OnSqlite>;

    public sealed class OnPostgreSql(ScimServer.OnPostgreSql scim) : ScimUserTests(scim), IClassFixture<ScimServer.OnPostgreSql>;

    private const string Good = "a long pass phrase of theirs";

    [Fact, Spec("RFC 7644 §3.3"), Spec("RFC 7643 §4.1")]
    public async Task A_person_is_created_and_answered_with_place_and_version()
    {
        var name = Unique("bjensen");

        var made = await scim.SendAsync(HttpMethod.Post, "/Users", $$"""
            {"schemas":["{{UserSchema}}"],"userName":"{{name}}","externalId":"bj-{{name}}","name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara","middleName":"Jane","honorificPrefix":"Ms."},
             "nickName":"Babs","profileUrl":"https://login.example.com/bjensen","title":"Tour Guide","locale":"en-US","timezone":"America/Los_Angeles","active":true,"password":"{{Good}}",
             "emails":[{"value":"{{name}}@home.example","type":"home"},{"value":"{{name}}@work.example","type":"work","primary":true}],"phoneNumbers":[{"value":"555-555-5555","type":"work"}],
             "addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","region":"CA","postalCode":"91608","country":"USA","formatted":"100 Universal City Plaza\nHollywood, CA 91608 USA"}]}
            """);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var person = await TestServer.JsonAsync(made);
        var id = person.GetProperty("id").GetString()!;
        Assert.Equal($"{scim.Server.Issuer}/scim/v2/Users/{id}", made.Headers.Location!.OriginalString);
        Assert.Equal(person.GetProperty("meta").GetProperty("version").GetString(), made.Headers.ETag!.ToString());
        Assert.Equal(("User", made.Headers.Location.OriginalString), (person.GetProperty("meta").GetProperty("resourceType").GetString(), person.GetProperty("meta").GetProperty("location").GetString()));
        Assert.False(person.TryGetProperty("password", out _) || person.TryGetProperty("title", out _));
        Assert.Equal("""[{"value":"555-555-5555","type":"work","primary":true}]""", person.GetProperty("phoneNumbers").GetRawText());
        Assert.Equal($"{name}@work.example", Assert.Single(person.GetProperty("emails").EnumerateArray()).GetProperty("value").GetString());
        Assert.Equal("""{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara","middleName":"Jane"}""", person.GetProperty("name").GetRawText());

        var claims = (await scim.GetAsync("/users/" + id)).GetProperty("claims");
        Assert.Equal(("Barbara", "America/Los_Angeles", "Hollywood"), (claims.GetProperty("given_name").GetString(), claims.GetProperty("zoneinfo").GetString(), claims.GetProperty("address").GetProperty("locality").GetString()));
        using var browser = scim.Server.NewBrowser();
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
    }

    [Theory, Spec("RFC 7644 §3.3"), Spec("RFC 7644 §3.12")]
    [InlineData("""{"displayName":"nobody"}""", "invalidValue"), InlineData("""{"userName":"a b"}""", "invalidValue"), InlineData("""{"userName":7}""", "invalidValue"), InlineData("""{"userName":"ok","emails":"a@b.c"}""", "invalidValue")]
    [InlineData("""{"userName":"ok","emails":[{"value":"none"}]}""", "invalidValue"), InlineData("""{"userName":"ok","active":"perhaps"}""", "invalidValue"), InlineData("""{"userName":"ok","password":"short"}""", "invalidValue")]
    [InlineData("""{"userName":"ok","USERNAME":"ok2"}""", "invalidSyntax"), InlineData("""{"userName":"ok","userName":"ok2"}""", "invalidSyntax"), InlineData("""["ok"]""", "invalidSyntax"), InlineData("{", "invalidSyntax"), InlineData("""{"userName":"\ud800"}""", "invalidSyntax")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"userName":"ok"}""", "invalidSyntax"), InlineData("""{"schemas":"all","userName":"ok"}""", "invalidSyntax"), InlineData("""{"userName":"ok","name":{"givenName":["x"]}}""", "invalidValue")]
    public async Task What_cannot_be_is_refused_and_nobody_is_made(string json, string type)
    {
        Assert.Equal((HttpStatusCode.BadRequest, type), await scim.FaultAsync(HttpMethod.Post, "/Users", json));
        Assert.Empty(await scim.FindAsync("userName eq \"ok\""));
    }

    [Fact, Spec("RFC 7644 §3.3.1")]
    public async Task A_name_that_somebody_has_is_a_conflict()
    {
        var name = Unique("otto");
        await scim.NewUserAsync(name);

        Assert.Equal((HttpStatusCode.Conflict, "uniqueness"), await scim.FaultAsync(HttpMethod.Post, "/Users", $$"""{"userName":"{{name.ToUpperInvariant()}}"}"""));
    }

    [Fact, Spec("RFC 7644 §3.5.1")]
    public async Task A_replacement_takes_away_what_it_leaves_out_but_never_opens_a_door()
    {
        var name = Unique("petra");
        var id = await scim.NewUserAsync(name, $$""","externalId":"x","displayName":"Petra","nickName":"P","active":false,"password":"{{Good}}","emails":[{"value":"{{name}}@example.com"}]""");

        var person = await scim.AskAsync(HttpMethod.Put, "/Users/" + id, $$"""{"schemas":["{{UserSchema}}"],"id":"{{Guid.NewGuid()}}","userName":"{{name}}","displayName":"Petra Q","groups":[{"value":"x"}],"meta":{"version":"none"} }""");

        Assert.Equal((id, "Petra Q", false), (person.GetProperty("id").GetString(), person.GetProperty("displayName").GetString(), person.GetProperty("active").GetBoolean()));
        foreach (var gone in (string[])["externalId", "nickName", "emails", "groups"]) Assert.False(person.TryGetProperty(gone, out _), gone);
        Assert.True((await scim.GetAsync("/users/" + id)).GetProperty("has_password").GetBoolean());
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Put, "/Users/" + id, """{"displayName":"no name"}"""));
        Assert.Equal((HttpStatusCode.NotFound, null), await scim.FaultAsync(HttpMethod.Put, "/Users/" + Guid.NewGuid(), """{"userName":"x"}"""));
    }

    [Fact, Spec("RFC 7644 §3.6")]
    public async Task Who_is_removed_is_gone()
    {
        var id = await scim.NewUserAsync(Unique("rosa"));

        Assert.Equal(HttpStatusCode.NoContent, (await scim.SendAsync(HttpMethod.Delete, "/Users/" + id)).StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, null), await scim.FaultAsync(HttpMethod.Get, "/Users/" + id));
        Assert.Equal((HttpStatusCode.NotFound, null), await scim.FaultAsync(HttpMethod.Delete, "/Users/" + id));
    }

    [Fact, Spec("RFC 7644 §3.14")]
    public async Task A_version_guards_changes_and_saves_reading_again()
    {
        var id = await scim.NewUserAsync(Unique("vera"));
        var old = (await scim.SendAsync(HttpMethod.Get, "/Users/" + id)).Headers.ETag!.ToString();

        Assert.StartsWith("W/\"", old, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await scim.SendAsync(HttpMethod.Get, "/Users/" + id, null, ("If-None-Match", old))).StatusCode);
        var changed = await scim.SendAsync(HttpMethod.Patch, "/Users/" + id, Patch("""{"op":"add","path":"nickName","value":"V"}"""), ("If-Match", old));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(old, changed.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await scim.SendAsync(HttpMethod.Get, "/Users/" + id, null, ("If-None-Match", old))).StatusCode);
        foreach (var (method, body) in new[] { (HttpMethod.Patch, Patch("""{"op":"remove","path":"nickName"}""")), (HttpMethod.Put, $$"""{"userName":"{{Unique("w")}}"}"""), (HttpMethod.Delete, null) })
            Assert.Equal((HttpStatusCode.PreconditionFailed, null), await scim.FaultAsync(method, "/Users/" + id, body, ("If-Match", old)));

        // Somebody's groups are part of what is shown: with another group it is another version.
        var before = (await scim.SendAsync(HttpMethod.Get, "/Users/" + id)).Headers.ETag!.ToString();
        await scim.NewGroupAsync(Unique("g"), id);
        Assert.Equal(HttpStatusCode.OK, (await scim.SendAsync(HttpMethod.Get, "/Users/" + id, null, ("If-None-Match", before))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await scim.SendAsync(HttpMethod.Patch, "/Users/" + id, Patch("""{"op":"remove","path":"nickName"}"""), ("If-Match", before))).StatusCode);
    }

    [Fact, Spec("RFC 7644 §3.9")]
    public async Task An_answer_shows_what_was_asked_for()
    {
        var name = Unique("sel");
        var id = await scim.NewUserAsync(name, $$""","name":{"givenName":"Sel","familyName":"Ector"},"emails":[{"value":"{{name}}@example.com"}]""");
        async Task<string> NamesAsync(string query) => string.Join(' ', (await scim.AskAsync(HttpMethod.Get, $"/Users/{id}?{query}")).EnumerateObject().Select(static m => m.Name));

        Assert.Equal("schemas id userName", await NamesAsync("attributes=username"));
        Assert.Equal("schemas id userName", await NamesAsync($"attributes={UserSchema}:userName,password"));
        Assert.Equal("schemas id userName name active meta", await NamesAsync("excludedAttributes=emails,id,schemas"));
        var parts = await scim.AskAsync(HttpMethod.Get, $"/Users/{id}?attributes=name.givenName,emails.value");
        Assert.Equal("""{"givenName":"Sel"}""", parts.GetProperty("name").GetRawText());
        Assert.Equal($$"""[{"value":"{{name}}@example.com"}]""", parts.GetProperty("emails").GetRawText());
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Get, $"/Users/{id}?attributes=a&excludedAttributes=b"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Get, $"/Users/{id}?attributes=a..b"));
        var shown = await scim.AskAsync(HttpMethod.Patch, $"/Users/{id}?attributes=nickName", Patch("""{"op":"add","path":"nickName","value":"S"}"""));
        Assert.Equal(JsonValueKind.Undefined, shown.TryGetProperty("userName", out var none) ? none.ValueKind : JsonValueKind.Undefined);
    }

    [Fact]
    public async Task An_address_counts_as_verified_only_where_the_settings_say_so()
    {
        var name = Unique("mail");
        var id = await scim.NewUserAsync(name, $$""","emails":[{"value":"{{name}}@example.com"}]""");
        Assert.False((await scim.GetAsync("/users/" + id)).GetProperty("email_verified").GetBoolean());

        await using var trusting = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Scim:EmailsAreVerified"] = "true" } });
        var token = await trusting.AdminTokenAsync();
        var made = await TestServer.JsonAsync(await ScimServer.SendAsync(trusting, token, HttpMethod.Post, "/Users", """{"userName":"a","emails":[{"value":"a@example.com"}]}"""));
        Assert.True((await TestServer.JsonAsync(await trusting.AdminAsync(HttpMethod.Get, "/users/" + made.GetProperty("id").GetString(), token))).GetProperty("email_verified").GetBoolean());
        Assert.Equal((HttpStatusCode.Conflict, "uniqueness"), await ErrorAsync(await ScimServer.SendAsync(trusting, token, HttpMethod.Post, "/Users", """{"userName":"b","emails":[{"value":"A@example.com"}]}""")));
    }
}
