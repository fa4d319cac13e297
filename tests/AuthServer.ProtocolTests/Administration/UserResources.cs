using System.Net;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>People over the administration API.</summary>
public abstract class UserResources(AdministeredServer admin)
{
    public sealed class OnSqlite(AdministeredServer.OnSqlite admin) : UserResources(admin), IClassFixture<AdministeredServer.OnSqlite>;

    public sealed class OnPostgreSql(AdministeredServer.OnPostgreSql admin) : UserResources(admin), IClassFixture<AdministeredServer.OnPostgreSql>;

    private const string Good = "a long pass phrase of theirs";

    private TestServer Server => admin.Server;

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string, string)[] headers) => Server.AdminAsync(method, path, admin.Token, json, headers);

    private async Task<string[]> PeopleAsync(string query) => [.. (await admin.GetAsync("/users" + query)).GetProperty("items").EnumerateArray().Select(static i => i.GetProperty("user_name").GetString()!)];

    private async Task<string> NewAsync(string name, string more = "") => await admin.NewAsync("/users", $$"""{"user_name":"{{name}}","password":"{{Good}}"{{more}}}""");

    [Fact]
    public async Task A_person_is_created_with_everything_that_is_said_of_them()
    {
        var (name, id) = (Unique("anna"), Guid.NewGuid().ToString());
        var organization = await admin.NewAsync("/organizations", $$"""{"name":"{{Unique("acme")}}"}""");
        var number = System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000, int.MaxValue);

        var made = await SendAsync(HttpMethod.Post, "/users", $$$"""
            {"id":"{{{id}}}","number":{{{number}}},"user_name":"{{{name}}}","email":"{{{name}}}@example.com","email_verified":true,"phone_number":"+49 30 1234567","password":"{{{Good}}}",
             "claims":{"name":"Anna Blume","given_name":"Anna","locale":"de"},"organization_id":"{{{organization}}}","external_id":"hr-17"}
            """);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal($"/api/admin/v1/users/{id}", made.Headers.Location!.OriginalString);
        var person = await admin.GetAsync("/users/" + id);
        Assert.Equal((id, number, name), (person.GetProperty("id").GetString(), person.GetProperty("number").GetInt32(), person.GetProperty("user_name").GetString()));
        Assert.Equal("""{"name":"Anna Blume","given_name":"Anna","locale":"de"}""", person.GetProperty("claims").GetRawText());
        Assert.True(person.GetProperty("email_verified").GetBoolean() && person.GetProperty("has_password").GetBoolean() && !person.GetProperty("phone_number_verified").GetBoolean());
        Assert.Equal((organization, "hr-17"), (person.GetProperty("organization_id").GetString(), person.GetProperty("external_id").GetString()));
        Assert.Equal($"\"{person.GetProperty("version").GetString()}\"", made.Headers.ETag!.Tag);
        using var browser = Server.NewBrowser();
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
    }

    [Theory]
    [InlineData("""{}""", "user_name:required")]
    [InlineData("""{"user_name":"a b"}""", "user_name:malformed")]
    [InlineData("""{"user_name":"ok-name","password":"short"}""", "password:too_short")]
    [InlineData("""{"user_name":"ok-name","password":"passwordpassword"}""", "password:too_easy")]
    [InlineData("""{"user_name":"ok-name","email":"no address"}""", "email:malformed")]
    [InlineData("""{"user_name":"ok-name","claims":{"birthdate":"yesterday"}}""", "claims.birthdate:malformed")]
    [InlineData("""{"user_name":"ok-name","claims":{"email":"a@example.com"}}""", "claims.email:not_allowed")]
    [InlineData("""{"user_name":"ok-name","claims":[]}""", "claims:malformed")]
    [InlineData("""{"user_name":"ok-name","id":"7"}""", "id:malformed")]
    [InlineData("""{"user_name":"ok-name","number":0}""", "number:malformed")]
    [InlineData("""{"user_name":"ok-name","organization_id":"none"}""", "organization_id:unknown")]
    [InlineData("""{"user_name":"ok-name","nickname":"x"}""", "nickname:malformed")]
    public async Task What_cannot_be_is_said_at_its_member_and_nobody_is_made(string json, string error)
    {
        var before = (await admin.GetAsync("/users?user_name=ok-name")).GetProperty("items").GetArrayLength();
        var problem = await ProblemAsync(await SendAsync(HttpMethod.Post, "/users", json));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid"), (problem.Status, problem.Type));
        Assert.Contains(error, problem.Errors);
        Assert.Equal(before, (await admin.GetAsync("/users?user_name=ok-name")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Names_numbers_ids_and_verified_addresses_are_one_persons()
    {
        var name = Unique("otto");
        var first = await admin.PostAsync("/users", $$"""{"user_name":"{{name}}","email":"{{name}}@example.com","email_verified":true}""");
        foreach (var (json, field) in new[]
        {
            ($$"""{"user_name":"{{name.ToUpperInvariant()}}"}""", "user_name:taken"),
            ($$"""{"user_name":"{{Unique("o")}}","id":"{{first.GetProperty("id").GetString()}}"}""", "id:taken"),
            ($$"""{"user_name":"{{Unique("o")}}","number":{{first.GetProperty("number").GetInt32()}}}""", "number:taken"),
            ($$"""{"user_name":"{{Unique("o")}}","email":"{{name}}@EXAMPLE.com","email_verified":true}""", "email:taken"),
        })
        {
            var problem = await ProblemAsync(await SendAsync(HttpMethod.Post, "/users", json));
            Assert.Equal((HttpStatusCode.Conflict, "conflict"), (problem.Status, problem.Type));
            Assert.Equal([field], problem.Errors);
        }

        // An address that nobody verified proves nothing, so two may claim it.
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/users", $$"""{"user_name":"{{Unique("o")}}","email":"{{name}}@example.com"}""")).StatusCode);
    }

    [Fact, Spec("RFC 7396 §2")]
    public async Task A_change_touches_what_it_names_and_needs_the_version_that_was_read()
    {
        var id = await NewAsync(Unique("petra"), ",\"claims\":{\"name\":\"Petra\",\"locale\":\"de\"},\"external_id\":\"x1\"");
        var version = (await admin.GetAsync("/users/" + id)).GetProperty("version").GetString();

        var changed = await SendAsync(HttpMethod.Patch, "/users/" + id, """{"claims":{"locale":null,"zoneinfo":"Europe/Berlin"},"external_id":null}""", ("If-Match", $"\"{version}\""));

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var person = await admin.GetAsync("/users/" + id);
        Assert.Equal("""{"name":"Petra","zoneinfo":"Europe/Berlin"}""", person.GetProperty("claims").GetRawText());
        Assert.Equal(JsonValueKind.Null, person.GetProperty("external_id").ValueKind);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Patch, "/users/" + id, "{}", ("If-Match", $"\"{version}\""))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Delete, "/users/" + id, null, ("If-Match", $"\"{version}\""))).StatusCode);
    }

    [Fact]
    public async Task People_are_found_by_the_beginnings_of_their_words_the_best_match_first()
    {
        var mark = "q" + Guid.NewGuid().ToString("N")[..6];
        await NewAsync(mark + "son", ",\"claims\":{\"name\":\"Zoé\"}");
        await NewAsync(Unique("b"), $",\"email\":\"{mark}@example.com\"");
        await NewAsync(mark, ",\"claims\":{\"given_name\":\"Zoe\"}");
        await NewAsync("x-" + mark, "");

        var found = await PeopleAsync("?search=" + mark);
        Assert.Equal(4, found.Length);
        Assert.Equal(found.Distinct(), found);
        // Three have the word itself, in an order of no meaning; one only begins with it.
        Assert.Equal(mark + "son", found[^1]);
        Assert.Equal(new[] { mark, mark + "son" }.Order(), (await PeopleAsync($"?search={mark}%20ZOE")).Order());
        Assert.Empty(await PeopleAsync("?search=" + mark[1..]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(HttpMethod.Get, $"/users?search={mark}&sort=number")).StatusCode);
    }

    [Theory]
    [InlineData(""), InlineData("sort=user_name"), InlineData("sort=-user_name"), InlineData("sort=created_at"), InlineData("sort=-created_at"), InlineData("sort=number"), InlineData("sort=-number"), InlineData("search=SHARED")]
    public async Task The_parts_of_a_list_hold_everybody_once_in_any_order(string query)
    {
        var organization = await admin.NewAsync("/organizations", $$"""{"name":"{{Unique("paged")}}"}""");
        var shared = "shared" + Guid.NewGuid().ToString("N")[..6];
        for (var i = 0; i < 7; i++) await NewAsync(Unique("p"), $",\"organization_id\":\"{organization}\",\"claims\":{{\"name\":\"{shared} {i}\"}}");
        query = query.Replace("SHARED", shared, StringComparison.Ordinal);

        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await admin.GetAsync($"/users?organization_id={organization}&limit=3&{query}&cursor={cursor}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(static p => p.GetProperty("user_name").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(7, all.Distinct().Count());
        Assert.Equal(7, all.Count);
        if (query == "sort=-user_name") Assert.Equal(all.OrderByDescending(static n => n, StringComparer.OrdinalIgnoreCase), all);
    }

    [Fact, Spec("ASVS 7.4.2")]
    public async Task A_disabled_person_is_out_at_once_and_comes_back_when_enabled()
    {
        var name = Unique("dora");
        var id = await NewAsync(name);
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, new TestUser(id, name, Good));
        Assert.NotNull(await Steps.SessionAsync(browser));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, $"/users/{id}/disable")).StatusCode);

        Assert.Null(await Steps.SessionAsync(browser));
        Assert.Equal("/login", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
        Assert.Equal(0, (await admin.GetAsync($"/users/{id}/sessions")).GetProperty("items").GetArrayLength());
        await SendAsync(HttpMethod.Post, $"/users/{id}/enable");
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
    }

    [Fact, Spec("ASVS 6.4.6")]
    public async Task A_password_that_an_administrator_gave_is_replaced_before_anybody_is_signed_in()
    {
        var name = Unique("emil");
        var id = await NewAsync(name);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, $"/users/{id}/password", """{"password":"only for the first time","temporary":true}""")).StatusCode);
        using var browser = Server.NewBrowser();

        var step = await Steps.PasswordAsync(browser, new TestUser(id, name, "only for the first time"));
        Assert.Equal("/login/new-password", step.Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));
        var same = await browser.SubmitAsync(step, new Dictionary<string, string> { ["password"] = "only for the first time" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, same.Status);
        var easy = await browser.SubmitAsync(same, new Dictionary<string, string> { ["password"] = "short" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, easy.Status);
        Assert.Null(await Steps.SessionAsync(browser));
        var done = await browser.SubmitAsync(easy, new Dictionary<string, string> { ["password"] = "chosen by Emil himself" });

        Assert.Equal("/account", done.Url.AbsolutePath);
        Assert.False((await admin.GetAsync("/users/" + id)).GetProperty("password_reset_required").GetBoolean());
        await Steps.SignOutAsync(browser);
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, "chosen by Emil himself"))).Url.AbsolutePath);
    }

    [Fact]
    public async Task Whoever_must_replace_the_password_gives_the_second_factor_first()
    {
        var carol = await Server.AddUserAsync(Unique("carol"));
        var (app, _) = await TestAuthenticator.SetUpAsync(Server, carol.Id);
        await SendAsync(HttpMethod.Post, $"/users/{carol.Id}/require-password-reset");
        using var browser = Server.NewBrowser();

        var page = await Steps.PasswordAsync(browser, carol);
        Assert.Equal("/login/factor", page.Url.AbsolutePath);
        Assert.NotEqual("/login/new-password", (await browser.GetAsync("/login/new-password")).Url.AbsolutePath);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        var step = await Steps.CodeAsync(browser, page, app.Code());
        Assert.Equal("/login/new-password", step.Url.AbsolutePath);
        Assert.Equal("/account", (await browser.SubmitAsync(step, new Dictionary<string, string> { ["password"] = "a new one, her own" })).Url.AbsolutePath);
    }

    [Fact]
    public async Task A_role_can_ask_for_a_second_factor_of_whoever_has_it_also_by_a_group()
    {
        var (direct, grouped, plain) = (await Server.AddUserAsync(Unique("d")), await Server.AddUserAsync(Unique("g")), await Server.AddUserAsync(Unique("p")));
        var role = await admin.NewAsync("/roles", $$"""{"name":"{{Unique("careful")}}","requires_second_factor":true}""");
        var group = await admin.NewAsync("/groups", $$"""{"name":"{{Unique("careful")}}"}""");
        await admin.PutAsync($"/groups/{group}/roles/{role}");
        await admin.PutAsync($"/roles/{role}/users/{direct.Id}");
        await admin.PutAsync($"/groups/{group}/members/{grouped.Id}");

        foreach (var (user, expected) in new[] { (direct, "/login/enrol"), (grouped, "/login/enrol"), (plain, "/account") })
        {
            using var browser = Server.NewBrowser();
            Assert.Equal(expected, (await Steps.PasswordAsync(browser, user)).Url.AbsolutePath);
        }
    }

    [Fact]
    public async Task Unlocking_ends_the_wait_after_wrong_passwords()
    {
        var name = Unique("fritz");
        var id = await NewAsync(name);
        using var browser = Server.NewBrowser();
        for (var i = 0; i < 6; i++) await Steps.PasswordAsync(browser, new TestUser(id, name, "wrong pass phrase " + i));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Status);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, $"/users/{id}/unlock")).StatusCode);

        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
    }

    [Fact]
    public async Task A_link_for_a_password_goes_to_a_verified_address_only()
    {
        var name = Unique("greta");
        var id = await admin.NewAsync("/users", $$"""{"user_name":"{{name}}","email":"{{name}}@example.com"}""");
        var problem = await ProblemAsync(await SendAsync(HttpMethod.Post, $"/users/{id}/send-password-reset"));
        Assert.Equal((HttpStatusCode.Conflict, "email:not_verified"), (problem.Status, problem.Errors[0]));
        await SendAsync(HttpMethod.Patch, "/users/" + id, """{"email_verified":true}""");

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Post, $"/users/{id}/send-password-reset")).StatusCode);

        using var browser = Server.NewBrowser();
        var reset = await browser.GetAsync(await Server.Mail.LinkAsync(name + "@example.com"));
        await browser.SubmitAsync(reset, new Dictionary<string, string> { ["password"] = Good });
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
    }

    [Fact]
    public async Task Lost_factors_are_taken_away_and_sessions_with_them()
    {
        var carol = await Server.AddUserAsync(Unique("carol"));
        await TestAuthenticator.SetUpAsync(Server, carol.Id);
        Assert.NotEqual(JsonValueKind.Null, (await admin.GetAsync($"/users/{carol.Id}/factors")).GetProperty("authenticator").ValueKind);

        await admin.DeleteAsync($"/users/{carol.Id}/factors");

        Assert.Equal(JsonValueKind.Null, (await admin.GetAsync($"/users/{carol.Id}/factors")).GetProperty("authenticator").ValueKind);
        using var browser = Server.NewBrowser();
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, carol)).Url.AbsolutePath);
    }

    [Fact]
    public async Task Sessions_and_grants_are_seen_and_ended()
    {
        var user = await Server.AddUserAsync(Unique("hugo"));
        var token = await Server.AdminTokenAsync(user, AdminRights.UsersRead);
        var session = Assert.Single((await admin.GetAsync($"/sessions?user_id={user.Id}")).GetProperty("items").EnumerateArray());
        var grant = Assert.Single((await admin.GetAsync($"/users/{user.Id}/grants")).GetProperty("items").EnumerateArray());
        Assert.True(grant.GetProperty("active").GetBoolean());
        Assert.Equal("pwd", session.GetProperty("amr")[0].GetString());

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, $"/users/{admin.Alice.Id}/grants/{grant.GetProperty("id").GetString()}")).StatusCode);
        await admin.DeleteAsync($"/users/{user.Id}/grants/{grant.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.AdminAsync(HttpMethod.Get, "/users", token)).StatusCode);
        await admin.DeleteAsync($"/sessions/{session.GetProperty("id").GetString()}");
        Assert.Equal(0, (await admin.GetAsync($"/sessions?user_id={user.Id}")).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, $"/sessions/{session.GetProperty("id").GetString()}")).StatusCode);
    }

    [Theory]
    [InlineData("roles", "role_id", "users"), InlineData("groups", "group_id", "members")]
    public async Task The_people_of_a_role_or_a_group_are_paged_through_each_once(string kind, string filter, string people)
    {
        var name = Unique("m");
        var id = await admin.NewAsync("/" + kind, $$"""{"name":"{{name}}"}""");
        for (var i = 0; i < 5; i++) await admin.PutAsync($"/{kind}/{id}/{people}/{await NewAsync(name + i)}");

        var seen = new List<string>();
        for (var query = $"?{filter}={id}&limit=2"; query is not null;)
        {
            var page = await admin.GetAsync("/users" + query);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(static i => i.GetProperty("user_name").GetString()!));
            query = page.TryGetProperty("next", out var next) && next.ValueKind == System.Text.Json.JsonValueKind.String ? $"?{filter}={id}&limit=2&cursor={next.GetString()}" : null;
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => name + i), seen.Order(StringComparer.Ordinal));
        Assert.Equal([name + "4", name + "3"], await PeopleAsync($"?{filter}={id}&limit=2&sort=-user_name"));
    }

    [Fact]
    public async Task A_deleted_person_leaves_nothing_behind()
    {
        var user = await Server.AddUserAsync(Unique("ida"));
        var token = await Server.AdminTokenAsync(user);
        var role = await admin.NewAsync("/roles", $$"""{"name":"{{Unique("r")}}"}""");
        await admin.PutAsync($"/roles/{role}/users/{user.Id}");

        await admin.DeleteAsync("/users/" + user.Id);

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/users/" + user.Id)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.AdminAsync(HttpMethod.Get, "/users", token)).StatusCode);
        Assert.Empty(await PeopleAsync("?role_id=" + role));
        Assert.Empty(await PeopleAsync("?search=" + user.UserName));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, "/users/" + user.Id)).StatusCode);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        var boss = await Server.AddAdministratorAsync(Unique("boss"));
        var token = await Server.AdminTokenAsync(boss);
        // Whoever else is an administrator here goes first.
        foreach (var other in (await admin.GetAsync("/users?administrator=true&limit=200")).GetProperty("items").EnumerateArray().Select(static p => p.GetProperty("id").GetString()).Where(id => id != boss.Id))
            Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Delete, $"/users/{other}/administrator", token)).StatusCode);

        foreach (var (method, path, json) in new[]
        {
            (HttpMethod.Delete, "", (string?)null), (HttpMethod.Post, "/disable", null), (HttpMethod.Delete, "/administrator", null), (HttpMethod.Patch, "", """{"disabled":true,"external_id":"half"}"""),
        })
        {
            var problem = await ProblemAsync(await Server.AdminAsync(method, $"/users/{boss.Id}{path}", token, json));
            Assert.Equal((HttpStatusCode.Conflict, ":last_administrator"), (problem.Status, Assert.Single(problem.Errors)));
        }

        Assert.Equal(JsonValueKind.Null, (await admin.GetAsync("/users/" + boss.Id)).GetProperty("external_id").ValueKind);
        var second = await Server.AddUserAsync(Unique("second"));
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Put, $"/users/{second.Id}/administrator", token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Delete, $"/users/{boss.Id}/administrator", token)).StatusCode);
    }

    [Fact]
    public async Task Whoever_changes_people_cannot_touch_somebody_stronger_in_any_way()
    {
        var helper = await Server.AddUserAsync(Unique("helper"));
        var boss = await Server.AddAdministratorAsync(Unique("boss"));
        var role = await admin.NewAsync("/roles", $$"""{"name":"{{Unique("desk")}}"}""");
        foreach (var right in new[] { AdminRights.UsersRead, AdminRights.UsersWrite, AdminRights.SessionsWrite })
            await admin.PutAsync($"/roles/{role}/rights/{(await admin.GetAsync("/rights?search=" + right)).GetProperty("items")[0].GetProperty("id").GetString()}");
        await admin.PutAsync($"/roles/{role}/users/{helper.Id}");
        var token = await Server.AdminTokenAsync(helper);
        var meek = await Server.AddUserAsync(Unique("meek"));

        foreach (var (method, path, json) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Patch, "", """{"email":"mine@example.com"}"""), (HttpMethod.Put, "/password", """{"password":"known to the helper"}"""), (HttpMethod.Post, "/disable", null), (HttpMethod.Post, "/unlock", null),
            (HttpMethod.Post, "/require-password-reset", null), (HttpMethod.Post, "/send-password-reset", null), (HttpMethod.Delete, "/factors", null), (HttpMethod.Delete, "/sessions", null), (HttpMethod.Delete, "", null),
            (HttpMethod.Put, "/administrator", null),
        })
        {
            var problem = await ProblemAsync(await Server.AdminAsync(method, $"/users/{boss.Id}{path}", token, json));
            Assert.True(problem is (HttpStatusCode.Forbidden, "forbidden", [":more_than_yours"]), $"{method} {path}: {problem}");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Put, $"/users/{meek.Id}/administrator", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Post, "/users", token, $$"""{"user_name":"{{Unique("x")}}","administrator":true}""")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Post, $"/users/{meek.Id}/disable", token)).StatusCode);
    }
}
