using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>Organizations, groups, roles and rights over the wire.</summary>
public abstract class DirectoryResources(AdministeredServer admin)
{
    public sealed class OnSqlite(AdministeredServer.OnSqlite admin) : DirectoryResources(admin), IClassFixture<AdministeredServer.OnSqlite>;

    public sealed class OnPostgreSql(AdministeredServer.OnPostgreSql admin) : DirectoryResources(admin), IClassFixture<AdministeredServer.OnPostgreSql>;

    private TestServer Server => admin.Server;

    public static TheoryData<string> Kinds { get; } = ["organizations", "groups", "roles", "rights"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_created_is_found_changed_and_deleted(string kind)
    {
        var name = Unique("Thing");
        var created = await Server.AdminAsync(HttpMethod.Post, "/" + kind, admin.Token, $$"""{"name":" {{name}} ","description":"first"}""");
        var body = await TestServer.JsonAsync(created);
        var path = created.Headers.Location!.OriginalString[TestAdmin.Api.Length..];
        Assert.Equal((HttpStatusCode.Created, $"/{kind}/{body.GetProperty("id").GetString()}", "\"1\""), (created.StatusCode, path, created.Headers.ETag!.Tag));
        Assert.Equal((name, "first", 4), (body.GetProperty("name").GetString(), body.GetProperty("description").GetString(), Guid.Parse(body.GetProperty("id").GetString()!).Version));

        var changed = await Server.AdminAsync(HttpMethod.Patch, path, admin.Token, $$"""{"name":"{{name}}2"}""", ("If-Match", "\"1\""));
        Assert.Equal("\"2\"", changed.Headers.ETag!.Tag);
        var found = await admin.GetAsync(path);
        Assert.Equal((name + "2", "first", 2), (found.GetProperty("name").GetString(), found.GetProperty("description").GetString(), found.GetProperty("version").GetInt64()));

        await Server.AdminAsync(HttpMethod.Patch, path, admin.Token, """{"description":null}""");
        Assert.Null((await admin.GetAsync(path)).GetProperty("description").GetString());

        await admin.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Get, path, admin.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Delete, path, admin.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Patch, path, admin.Token, "{}")).StatusCode);
    }

    [Theory, MemberData(nameof(Kinds)), Spec("RFC 9110 §13.1.1")]
    public async Task Whoever_did_not_see_the_last_change_changes_nothing(string kind)
    {
        var path = $"/{kind}/{await admin.NewAsync("/" + kind, $$"""{"name":"{{Unique("a")}}"}""")}";
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Patch, path, admin.Token, """{"description":"x"}""", ("If-Match", "\"1\""))).StatusCode);

        foreach (var tag in new[] { "\"1\"", "W/\"2\"", "\"other\"" })
        {
            Assert.Equal((HttpStatusCode.PreconditionFailed, "changed-meanwhile"), await Short(Server.AdminAsync(HttpMethod.Patch, path, admin.Token, """{"description":"y"}""", ("If-Match", tag))));
            Assert.Equal((HttpStatusCode.PreconditionFailed, "changed-meanwhile"), await Short(Server.AdminAsync(HttpMethod.Delete, path, admin.Token, null, ("If-Match", tag))));
        }

        Assert.Equal("x", (await admin.GetAsync(path)).GetProperty("description").GetString());
    }

    private static async Task<(HttpStatusCode, string)> Short(Task<HttpResponseMessage> answer)
    {
        var (status, type, _) = await ProblemAsync(await answer);
        return (status, type);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_name_is_one_things_whatever_its_case(string kind)
    {
        var name = Unique("Straße");
        await admin.NewAsync("/" + kind, $$"""{"name":"{{name}}"}""");
        var other = await admin.NewAsync("/" + kind, $$"""{"name":"{{Unique("b")}}"}""");

        var second = await ProblemAsync(await Server.AdminAsync(HttpMethod.Post, "/" + kind, admin.Token, $$"""{"name":"{{name.ToLowerInvariant()}}"}"""));
        var renamed = await ProblemAsync(await Server.AdminAsync(HttpMethod.Patch, $"/{kind}/{other}", admin.Token, $$"""{"name":"{{name}}"}"""));

        Assert.Equal((HttpStatusCode.Conflict, "conflict"), (second.Status, second.Type));
        Assert.Equal(["name:taken"], second.Errors);
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), (renamed.Status, renamed.Type));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Of_many_who_take_one_name_at_once_one_gets_it(string kind)
    {
        var name = Unique("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Server.AdminAsync(HttpMethod.Post, "/" + kind, admin.Token, $$"""{"name":"{{name}}"}""")));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
    }

    [Theory]
    [InlineData("organizations", "{}", 422, "name:required"), InlineData("organizations", """{"name":null}""", 422, "name:required"), InlineData("roles", """{"name":"  "}""", 422, "name:required")]
    [InlineData("roles", """{"name":"a\nb"}""", 422, "name:malformed"), InlineData("rights", """{"name":"orders read"}""", 422, "name:malformed"), InlineData("rights", """{"name":"a,b"}""", 422, "name:malformed")]
    [InlineData("groups", """{"name":"g","organization_id":"nope"}""", 422, "organization_id:unknown"), InlineData("organizations", """{"name":"o","identity_provider":[1]}""", 422, "identity_provider:malformed")]
    [InlineData("groups", """{"name":5}""", 422, "name:malformed"), InlineData("groups", """{"name":"x","nonsense":1}""", 422, "nonsense:malformed"), InlineData("groups", """{"name":"x","name":"y"}""", 422, "name:malformed")]
    [InlineData("groups", "{", 400, null), InlineData("groups", "[]", 400, null), InlineData("groups", "null", 400, null), InlineData("groups", "", 400, null)]
    public async Task What_is_not_good_is_named_and_nothing_is_made(string kind, string json, int status, string? error)
    {
        var answer = await ProblemAsync(await Server.AdminAsync(HttpMethod.Post, "/" + kind, admin.Token, json));

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(error is null ? [] : [error], answer.Errors);
    }

    [Fact]
    public async Task A_name_may_have_a_hundred_characters_and_no_more()
    {
        Assert.Equal(HttpStatusCode.Created, (await Server.AdminAsync(HttpMethod.Post, "/roles", admin.Token, $$"""{"name":"{{Unique(new string('r', 91))}}"}""")).StatusCode);
        Assert.Equal(["name:too_long"], (await ProblemAsync(await Server.AdminAsync(HttpMethod.Post, "/roles", admin.Token, $$"""{"name":"{{Unique(new string('r', 92))}}"}"""))).Errors);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_and_searched_by_the_beginning_of_a_name()
    {
        var beginning = Unique("Page");
        foreach (var n in new[] { 3, 1, 2 }) await admin.NewAsync("/groups", $$"""{"name":"{{beginning}} {{n}}"}""");

        var first = await admin.GetAsync($"/groups?search={beginning.ToLowerInvariant()}&limit=2");
        var second = await admin.GetAsync($"/groups?search={beginning}&limit=2&cursor={first.GetProperty("next").GetString()}");

        Assert.Equal([beginning + " 1", beginning + " 2"], first.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        Assert.Equal([beginning + " 3"], second.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        Assert.Null(second.GetProperty("next").GetString());
    }

    [Fact]
    public async Task What_another_system_remembers_of_an_organization_is_kept_as_it_was_sent()
    {
        var id = await admin.NewAsync("/organizations", $$"""{ "name": "{{Unique("acme")}}", "identity_provider": {"provider":"x","additional_config":{"a":[1,null]} } }""");

        Assert.Equal("""{"provider":"x","additional_config":{"a":[1,null]}}""", (await admin.GetAsync("/organizations/" + id)).GetProperty("identity_provider").GetRawText());
        await Server.AdminAsync(HttpMethod.Patch, "/organizations/" + id, admin.Token, """{"description":"x"}""");
        Assert.Equal("x", (await admin.GetAsync("/organizations/" + id)).GetProperty("identity_provider").GetProperty("provider").GetString());
        await Server.AdminAsync(HttpMethod.Patch, "/organizations/" + id, admin.Token, """{"identity_provider":null}""");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await admin.GetAsync("/organizations/" + id)).GetProperty("identity_provider").ValueKind);
    }

    [Fact]
    public async Task Memberships_are_set_and_read_from_both_sides_and_setting_one_twice_is_well()
    {
        var user = await Server.AddUserAsync(Unique("bob"));
        var (group, role, right) = (Unique("group"), Unique("role"), Unique("right"));
        var (g, r, p) = (await admin.NewAsync("/groups", $$"""{"name":"{{group}}"}"""), await admin.NewAsync("/roles", $$"""{"name":"{{role}}"}"""), await admin.NewAsync("/rights", $$"""{"name":"{{right}}"}"""));

        string[] links = [$"/groups/{g}/members/{user.Id}", $"/groups/{g}/roles/{r}", $"/roles/{r}/rights/{p}", $"/roles/{r}/users/{user.Id}"];
        foreach (var link in links.Concat(links)) await admin.PutAsync(link);

        Assert.Equal([group], await admin.NamesAsync($"/groups?user_id={user.Id}"));
        Assert.Equal([group], await admin.NamesAsync($"/groups?role_id={r}"));
        Assert.Equal([role], await admin.NamesAsync($"/roles?user_id={user.Id}"));
        Assert.Equal([role], await admin.NamesAsync($"/roles?group_id={g}"));
        Assert.Equal([role], await admin.NamesAsync($"/roles?right_id={p}"));
        Assert.Equal([right], await admin.NamesAsync($"/rights?role_id={r}"));

        foreach (var link in links.Concat(links)) await admin.DeleteAsync(link);
        Assert.Empty(await admin.NamesAsync($"/groups?user_id={user.Id}"));
        Assert.Empty(await admin.NamesAsync($"/roles?user_id={user.Id}"));
        Assert.Empty(await admin.NamesAsync($"/rights?role_id={r}"));
    }

    [Fact]
    public async Task Nothing_is_joined_with_what_is_not_there()
    {
        var role = await admin.NewAsync("/roles", $$"""{"name":"{{Unique("role")}}"}""");
        foreach (var path in new[] { $"/roles/{role}/users/nobody", $"/roles/nothing/users/{admin.Alice.Id}", $"/roles/{role}/rights/nothing", $"/groups/nothing/members/{admin.Alice.Id}", $"/groups/nothing/roles/{role}" })
            Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Put, path, admin.Token)).StatusCode);
    }

    [Fact]
    public async Task A_right_of_the_server_itself_is_neither_changed_nor_deleted_nor_made_again()
    {
        var right = (await admin.GetAsync("/rights?search=users:write")).GetProperty("items")[0];
        Assert.True(right.GetProperty("built_in").GetBoolean());
        var path = "/rights/" + right.GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.Conflict, (await Server.AdminAsync(HttpMethod.Delete, path, admin.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Server.AdminAsync(HttpMethod.Patch, path, admin.Token, """{"name":"harmless"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Server.AdminAsync(HttpMethod.Post, "/rights", admin.Token, """{"name":"Users:Write"}""")).StatusCode);
        Assert.Equal([.. AdminRights.All.Select(r => r.Name).Order(StringComparer.Ordinal)], (await admin.GetAsync("/rights?limit=200")).GetProperty("items").EnumerateArray().Where(i => i.GetProperty("built_in").GetBoolean()).Select(i => i.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task With_an_organization_go_its_groups_and_nothing_else()
    {
        var user = await Server.AddUserAsync(Unique("carl"));
        var organization = await admin.NewAsync("/organizations", $$"""{"name":"{{Unique("org")}}"}""");
        var group = await admin.NewAsync("/groups", $$"""{"name":"{{Unique("own")}}","organization_id":"{{organization}}"}""");
        var role = await admin.NewAsync("/roles", $$"""{"name":"{{Unique("stays")}}"}""");
        await admin.PutAsync($"/groups/{group}/members/{user.Id}");
        await admin.PutAsync($"/groups/{group}/roles/{role}");

        await admin.DeleteAsync("/organizations/" + organization);

        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Get, "/groups/" + group, admin.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Get, "/roles/" + role, admin.Token)).StatusCode);
        Assert.Empty(await admin.NamesAsync($"/groups?user_id={user.Id}"));
    }
}
