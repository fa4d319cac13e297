using System.Net;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.ProtocolTests.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.ApiKeys;

/// <summary><c>/api-keys</c>: what is shown, what can be changed, and who may make which.</summary>
public abstract class ApiKeyAdministrationTests(KeyedServer shared)
{
    private TestServer Server => shared.Server;

    private Task<HttpResponseMessage> PatchAsync(string id, string json, string? token = null, params (string Name, string Value)[] headers) => Server.AdminAsync(HttpMethod.Patch, "/api-keys/" + id, token ?? shared.Boss, json, headers);

    private Task<HttpResponseMessage> CreateAsync(string json, string? token = null, params (string Name, string Value)[] headers) => Server.AdminAsync(HttpMethod.Post, "/api-keys", token ?? shared.Boss, json, headers);

    [Fact]
    public async Task The_key_is_shown_once_and_known_by_its_beginning()
    {
        var user = await shared.NewUserAsync();
        var answer = await CreateAsync($$"""{"user_id":"{{user}}","name":" Build server ","scopes":["notes"],"allowed_addresses":["192.0.2.0/24"],"rate_per_hour":5000}""");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await TestServer.JsonAsync(answer);
        var (key, id) = (made.GetProperty("key").GetString()!, made.GetProperty("api_key").GetProperty("id").GetString()!);
        Assert.EndsWith("/api-keys/" + id, answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("\"1\"", answer.Headers.ETag!.Tag);
        var read = await shared.ReadKeyAsync(id);
        Assert.Equal(("Build server", key[..12], "personal", "active", 5000), (read.GetProperty("name").GetString(), read.GetProperty("start").GetString(), read.GetProperty("kind").GetString(), read.GetProperty("state").GetString(), read.GetProperty("rate_per_hour").GetInt32()));
        Assert.DoesNotContain(key[12..], read.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_create_that_is_sent_twice_makes_one_key_and_shows_it_once()
    {
        var body = $$"""{"user_id":"{{await shared.NewUserAsync()}}","name":"once","scopes":["notes"]}""";
        var header = ("Idempotency-Key", Guid.NewGuid().ToString());

        var first = await CreateAsync(body, null, header);
        var again = await CreateAsync(body, null, header);

        Assert.Equal((HttpStatusCode.Created, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        Assert.False((await TestServer.JsonAsync(again)).TryGetProperty("key", out _));
    }

    [Fact, Spec("RFC 7396 §2")]
    public async Task A_patch_changes_what_it_names_and_no_more()
    {
        var (id, key) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["notes", "openid"], ""","allowed_addresses":["192.0.2.1"],"rate_per_hour":7""");

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(id, """{"name":"other"}""")).StatusCode);
        var named = await shared.ReadKeyAsync(id);
        Assert.Equal(("other", 7, "192.0.2.1", 2), (named.GetProperty("name").GetString(), named.GetProperty("rate_per_hour").GetInt32(), named.GetProperty("allowed_addresses")[0].GetString(), named.GetProperty("version").GetInt64()));

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(id, """{"rate_per_hour":null,"allowed_addresses":null,"scopes":["notes"]}""")).StatusCode);
        var open = await shared.ReadKeyAsync(id);
        Assert.Equal((JsonValueKind.Null, 0, "notes"), (open.GetProperty("rate_per_hour").ValueKind, open.GetProperty("allowed_addresses").GetArrayLength(), string.Join(' ', open.GetProperty("scopes").EnumerateArray().Select(static s => s.GetString()))));
        // In force at once.
        Assert.Equal(HttpStatusCode.Forbidden, await shared.UseAsync(key, "/connect/userinfo"));
    }

    [Fact, Spec("RFC 9110 §13.1.1")]
    public async Task What_somebody_else_changed_is_not_overwritten()
    {
        var (id, _) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["notes"]);
        await PatchAsync(id, """{"name":"first"}""");

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PatchAsync(id, """{"name":"second"}""", null, ("If-Match", "\"1\""))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + id, shared.Boss, null, ("If-Match", "\"1\""))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + id, shared.Boss, null, ("If-Match", "\"2\""))).StatusCode);
        Assert.Equal("revoked", (await shared.ReadKeyAsync(id)).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + id, shared.Boss)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync(id, """{"name":"third"}""")).StatusCode);
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":["notes"]}""", "user_id:required"), InlineData("""{"user_id":"$","client_id":"web","name":"x","scopes":["notes"]}""", "user_id:required")]
    [InlineData("""{"user_id":"nobody","name":"x","scopes":["notes"]}""", "user_id:unknown"), InlineData("""{"client_id":"no-such","name":"x","scopes":[]}""", "client_id:unknown"), InlineData("""{"client_id":"api-keys","name":"x","scopes":["notes"]}""", "client_id:unknown"), InlineData("""{"organization_id":"no-such","name":"x","scopes":["notes"]}""", "organization_id:unknown")]
    [InlineData("""{"user_id":"$","scopes":["notes"]}""", "name:required"), InlineData("""{"user_id":"$","name":"x"}""", "scopes:required"), InlineData("""{"user_id":"$","name":"x","scopes":["no-such"]}""", "scopes:unknown")]
    [InlineData("""{"user_id":"$","name":"x","scopes":["secret-things"]}""", "scopes:unknown"), InlineData("""{"user_id":"$","name":"x","scopes":["offline_access"]}""", "scopes:unknown"), InlineData("""{"user_id":"$","name":"x","scopes":[null]}""", "scopes:unknown")]
    [InlineData("""{"user_id":"$","name":"x","scopes":["users:read"]}""", "scopes:not_allowed"), InlineData("""{"client_id":"worker","name":"x","scopes":["openid"]}""", "scopes:unknown"), InlineData("""{"client_id":"worker","kind":"personal","name":"x","scopes":["notes"]}""", "kind:not_allowed")]
    [InlineData("""{"user_id":"$","name":"x","scopes":["notes"],"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at:out_of_range"), InlineData("""{"user_id":"$","name":"x","scopes":["notes"],"expires_at":"2099-01-01T00:00:00Z"}""", "expires_at:out_of_range")]
    [InlineData("""{"user_id":"$","name":"x","scopes":["notes"],"allowed_addresses":["192.0.2.1/24"]}""", "allowed_addresses:malformed"), InlineData("""{"user_id":"$","name":"x","scopes":["notes"],"rate_per_hour":0}""", "rate_per_hour:out_of_range"), InlineData("""{"user_id":"$","name":"x","scopes":["notes"],"key":"mine"}""", "key:malformed")]
    public async Task What_is_wrong_is_named(string json, string error)
    {
        var answer = await CreateAsync(json.Replace("$", shared.Alice.Id, StringComparison.Ordinal));

        Assert.Equal([error], (await AdministeredServer.ProblemAsync(answer)).Errors);
    }

    [Fact]
    public async Task Keys_are_listed_by_owner_kind_and_state_part_by_part()
    {
        var user = await shared.NewUserAsync();
        List<string> ids = [];
        for (var i = 0; i < 4; i++) ids.Add((await shared.NewKeyAsync("user_id", user, ["notes"], i == 3 ? ""","kind":"machine" """ : "")).Id);
        await shared.DeleteAsync("/users/" + await shared.NewUserAsync());
        await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + ids[0], shared.Boss);

        Assert.Equal(ids.Order(), (await IdsAsync($"user_id={user}")).Order());
        Assert.Equal(ids.Skip(1).Order(), (await IdsAsync($"user_id={user}&active=true")).Order());
        Assert.Equal([ids[0]], await IdsAsync($"user_id={user}&active=false"));
        Assert.Equal([ids[3]], await IdsAsync($"user_id={user}&kind=machine"));
        var all = await IdsAsync($"user_id={user}&limit=3", followAll: true);
        Assert.Equal((4, 4), (all.Count, all.Distinct().Count()));
        Assert.Superset(ids.ToHashSet(), (await IdsAsync("limit=2", followAll: true)).ToHashSet());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Server.AdminAsync(HttpMethod.Get, "/api-keys?kind=other", shared.Boss)).StatusCode);
    }

    private async Task<List<string>> IdsAsync(string query, bool followAll = false)
    {
        List<string> ids = [];
        string? cursor = null;
        do
        {
            var page = await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, $"/api-keys?{query}{(cursor is null ? "" : "&cursor=" + cursor)}", shared.Boss));
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(static k => k.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (followAll && cursor is not null);
        return ids;
    }

    [Fact]
    public async Task Nobody_gains_power_by_a_key()
    {
        var user = await shared.NewUserAsync();
        string Body(string owner, string id, string scope) => $$"""{"{{owner}}":"{{id}}","name":"x","scopes":["{{scope}}"]}""";
        // The right to keys alone makes nobody's key: not even its own holder's, who is a client here.
        var keysOnly = await Server.AdminTokenAsync(AdminRights.ApiKeysWrite);
        Assert.Equal(HttpStatusCode.Forbidden, (await CreateAsync(Body("user_id", user, "notes"), keysOnly)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await CreateAsync(Body("client_id", "web", "notes"), keysOnly)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await CreateAsync(Body("organization_id", "o", "notes"), keysOnly)).StatusCode);
        // With the right to people, of people who have no more, and not what one has not.
        var people = await Server.AdminTokenAsync(AdminRights.ApiKeysWrite, AdminRights.UsersWrite);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(Body("user_id", user, "notes"), people)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await CreateAsync(Body("user_id", shared.Administrator.Id, "notes"), people)).StatusCode);
        var organizations = await Server.AdminTokenAsync(AdminRights.ApiKeysWrite, AdminRights.DirectoryWrite);
        var organization = await shared.NewAsync("/organizations", $$"""{"name":"{{KeyedServer.Unique("org")}}"}""");
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(Body("organization_id", organization, "directory:write"), organizations)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await CreateAsync(Body("organization_id", organization, "users:write"), organizations)).StatusCode);
        // Nor by changing or taking away one that does more.
        var (id, _) = await shared.NewKeyAsync("organization_id", organization, ["users:write"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await PatchAsync(id, """{"allowed_addresses":null}""", organizations)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + id, organizations)).StatusCode);
    }

    [Fact]
    public async Task A_person_s_grants_in_the_list_of_apps_are_apps()
    {
        var alice = await Server.AddUserAsync(KeyedServer.Unique("apps"));
        await shared.NewKeyAsync("user_id", alice.Id, ["notes"]);
        var browser = (await Server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, alice)).Browser;

        var page = await browser.GetAsync("/account/apps");

        Assert.DoesNotContain("api-keys", page.Document.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }
}

public sealed class ApiKeyAdministrationOnSqlite(KeyedServer.Sqlite shared) : ApiKeyAdministrationTests(shared), IClassFixture<KeyedServer.Sqlite>;

public sealed class ApiKeyAdministrationOnPostgreSql(KeyedServer.PostgreSql shared) : ApiKeyAdministrationTests(shared), IClassFixture<KeyedServer.PostgreSql>;
