using System.Text.Json.Nodes;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Kamiwaza;

/// <summary>People and the directory, as both generations of the SDK administer them. Every success is 200 with JSON.</summary>
public sealed class KamiwazaAdministrationTranscripts(DialectServer server) : IClassFixture<DialectServer>
{
    private static string Id(WireAnswer answer) => answer["id"]!;

    private static async Task<string> AddedAsync(KamiwazaPerson admin, string kind, object body)
    {
        var answer = await admin.SendAsync("POST", $"/auth/{kind}/", body);
        Assert.True(answer.Status == 200, answer.Body);
        return Id(answer);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/local", "as the old SDK sends it, nulls and all: 200 with the user of both generations")]
    public async Task A_local_user_is_made()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var name = NewName("new");

        var answer = await admin.SendAsync("POST", "/auth/users/local", new
        {
            username = name, email = name + "@example.com", full_name = (string?)null, organization_id = (string?)null, is_superuser = false, external_id = (string?)null, password = DialectServer.Password, groups = Array.Empty<string>(),
        });

        answer.Is(200, $$"""
            {"id":"{{Id(answer)}}","username":"{{name}}","email":"{{name}}@example.com","full_name":null,"name":null,"organization_id":null,"is_superuser":false,"external_id":null,
             "is_active":true,"active":true,"deleted":false,"is_external":false,"groups":[],"roles":[],"created_at":"{{answer["created_at"]}}","updated_at":"{{answer["updated_at"]}}","last_login":null}
            """);
        Assert.Equal(200, (await server.SendAsync("POST", "/auth/token", KamiwazaPerson.Password(name))).Status);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/local", "only an administrator makes users, with or without is_superuser: 403; without a token 401")]
    public async Task Nobody_else_makes_users()
    {
        var kay = await KamiwazaPerson.NewAsync(server);
        var body = new { username = NewName("new"), password = DialectServer.Password, is_superuser = true };

        (await kay.SendAsync("POST", "/auth/users/local", body)).Is(403, """{"detail":"The right users:write is needed."}""");
        (await server.SendAsync("POST", "/auth/users/local", Json(body))).Is(401, """{"detail":"Not authenticated"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/local", "a name that is taken, 409; a missing password, 422 without an echo")]
    public async Task A_taken_name_is_a_conflict()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);

        (await admin.SendAsync("POST", "/auth/users/local", new { username = admin.User.UserName, password = DialectServer.Password })).Is(409, """{"detail":"This user name is taken."}""");
        (await admin.SendAsync("POST", "/auth/users/local", new { username = "someone" })).Is(422, """{"detail":[{"type":"missing","loc":["body","password"],"msg":"Field required","input":{}}]}""");
    }

    [Fact]
    [Contract("Kamiwaza", "GET /auth/users/", "the list; whoever has no address that the SDK takes is shown with one under the dialect's domain")]
    public async Task Users_are_listed()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var local = NewName("local");
        await server.Server.AddUserAsync(local, $$"""{"email":"{{local}}@printer.local"}""");

        var answer = await admin.SendAsync("GET", "/auth/users/");

        Assert.Equal(200, answer.Status);
        var listed = answer.Json.AsArray().ToDictionary(static u => (string)u!["username"]!, static u => u!);
        Assert.Equal(admin.User.UserName + "@users.example.com", (string?)listed[admin.User.UserName]["email"]);
        Assert.Equal(local + "@users.example.com", (string?)listed[local]["email"]);
        Assert.Equal(["admin"], listed[admin.User.UserName]["roles"]!.AsArray().Select(static r => (string?)r));
        Assert.All(listed.Values, static u => Assert.NotNull(u["created_at"]));
        Assert.Single((await admin.SendAsync("GET", "/auth/users/?skip=1&limit=1")).Json.AsArray());
    }

    [Fact]
    [Contract("Kamiwaza", "PUT /auth/users/{id}", "what is null stays as it is, in the words of either generation")]
    public async Task A_user_is_changed_and_null_changes_nothing()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var kay = await KamiwazaPerson.NewAsync(server);
        var path = "/auth/users/" + kay.User.Id;
        var before = await admin.SendAsync("GET", path);

        var nothing = await admin.SendAsync("PUT", path, new { email = (string?)null, full_name = (string?)null, is_active = (bool?)null, groups = (string[]?)null, is_superuser = (bool?)null, organization_id = (string?)null });
        Assert.Equal(200, nothing.Status);
        foreach (var member in new[] { "email", "full_name", "is_active", "is_superuser", "organization_id", "groups", "username" }) Assert.True(JsonNode.DeepEquals(before.Json[member], nothing.Json[member]), member);

        Assert.Equal("Kay the Second", (await admin.SendAsync("PUT", path, new { full_name = "Kay the Second" }))["full_name"]);
        var off = await admin.SendAsync("PUT", path, new { active = false });
        Assert.False((bool)off.Json["is_active"]!);
        (await kay.SendAsync("GET", "/auth/verify-token")).Is(401, """{"detail":"Not authenticated"}""");
        Assert.True((bool)(await admin.SendAsync("PUT", path, new { is_active = true })).Json["active"]!);
        Assert.True((bool)(await admin.SendAsync("PUT", path, new { roles = new[] { "admin" } })).Json["is_superuser"]!);
    }

    [Fact]
    [Contract("Kamiwaza", "PUT /auth/users/{id}", "the address that is only shown in place of none is not kept when it comes back")]
    public async Task A_substitute_address_is_not_taken_for_one()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var user = await server.Server.AddUserAsync(NewName("bare"));
        var shown = await admin.SendAsync("GET", "/auth/users/" + user.Id);

        await admin.SendAsync("PUT", "/auth/users/" + user.Id, new { email = shown["email"] });

        var own = await KamiwazaPerson.SignInAsync(server, user);
        Assert.Null((await own.SendAsync("GET", "/auth/users/me")).Json["email"]);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/{id}/password", "200 with the user; what the old one opened is over")]
    public async Task An_administrator_sets_a_password()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var kay = await KamiwazaPerson.NewAsync(server);

        var answer = await admin.SendAsync("POST", $"/auth/users/{kay.User.Id}/password", new { new_password = "quite another passphrase" });

        Assert.Equal(kay.User.Id, Id(answer));
        Assert.Equal(401, (await kay.SendAsync("GET", "/auth/users/me")).Status);
        Assert.Equal(200, (await server.SendAsync("POST", "/auth/token", KamiwazaPerson.Password(kay.User.UserName, "quite another passphrase"))).Status);
    }

    [Fact]
    [Contract("Kamiwaza", "DELETE /auth/users/{id}", "200 with JSON; then 404; what is no UUID is 422")]
    public async Task A_user_is_deleted()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var kay = await KamiwazaPerson.NewAsync(server);

        (await admin.SendAsync("DELETE", "/auth/users/" + kay.User.Id)).Is(200, """{"message":"User deleted"}""");
        (await admin.SendAsync("GET", "/auth/users/" + kay.User.Id)).Is(404, """{"detail":"User not found"}""");
        (await kay.SendAsync("GET", "/auth/users/me")).Is(401, """{"detail":"Not authenticated"}""");
        (await admin.SendAsync("GET", "/auth/users/seven")).Is(422, """{"detail":[{"type":"uuid_parsing","loc":["path","id"],"msg":"Input should be a valid UUID","input":null}]}""");
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/organizations/", "with idp_config; PUT with nulls changes nothing; DELETE answers JSON")]
    public async Task An_organization_comes_changes_and_goes()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var name = NewName("Org");

        var made = await admin.SendAsync("POST", "/auth/organizations/", new { name, description = (string?)null, idp_config = new { provider = "oidc", domain = "example.com", client_id = "c", additional_config = new { } } });
        var path = "/auth/organizations/" + Id(made);
        made.Is(200, $$"""{"id":"{{Id(made)}}","name":"{{name}}","description":null,"idp_config":{"provider":"oidc","domain":"example.com","client_id":"c","additional_config":{ } },"created_at":"{{made["created_at"]}}","updated_at":"{{made["updated_at"]}}"}""");
        Assert.NotNull(made["updated_at"]);

        var changed = await admin.SendAsync("PUT", path, new { name = (string?)null, description = "words", idp_config = (object?)null });
        Assert.Equal((name, "words", "oidc"), (changed["name"], changed["description"], (string?)changed.Json["idp_config"]!["provider"]));
        (await admin.SendAsync("DELETE", path)).Is(200, """{"message":"Organization deleted"}""");
        (await admin.SendAsync("GET", path)).Is(404, """{"detail":"Organization not found"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/{u}/groups/{g}", "users to groups, groups to roles, roles to rights, with no body and no content type; then a person has them by name")]
    public async Task Rights_reach_a_person_by_role_and_group()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var kay = await KamiwazaPerson.NewAsync(server);
        var (groupName, roleName, rightName) = (NewName("Group"), NewName("Role"), NewName("models:use"));
        var (group, role, right) = (await AddedAsync(admin, "groups", new { name = groupName, description = "d", roles = Array.Empty<string>() }), await AddedAsync(admin, "roles", new { name = roleName, description = (string?)null, rights = Array.Empty<string>() }), await AddedAsync(admin, "rights", new { name = rightName, description = "d" }));

        var inGroup = await admin.SendAsync("POST", $"/auth/users/{kay.User.Id}/groups/{group}");
        var withRole = await admin.SendAsync("POST", $"/auth/groups/{group}/roles/{role}");
        var withRight = await admin.SendAsync("POST", $"/auth/roles/{role}/rights/{right}");

        Assert.Equal(group, (string?)inGroup.Json["groups"]![0]);
        withRole.Is(200, $$"""{"id":"{{group}}","name":"{{groupName}}","description":"d","roles":["{{role}}"],"created_at":"{{withRole["created_at"]}}","updated_at":"{{withRole["updated_at"]}}"}""");
        withRight.Is(200, $$"""{"id":"{{role}}","name":"{{roleName}}","description":null,"rights":["{{right}}"],"created_at":"{{withRight["created_at"]}}","updated_at":"{{withRight["updated_at"]}}"}""");
        (await server.SendAsync("GET", "/auth/users/me/permissions?token=" + kay.Token)).Is(200, $$"""{"user_id":"{{kay.User.Id}}","rights":["{{rightName}}"],"roles":["{{roleName}}"],"groups":["{{groupName}}"]}""");

        Assert.Empty((await admin.SendAsync("DELETE", $"/auth/roles/{role}/rights/{right}")).Json["rights"]!.AsArray());
        Assert.Empty((await admin.SendAsync("DELETE", $"/auth/groups/{group}/roles/{role}")).Json["roles"]!.AsArray());
        Assert.Empty((await admin.SendAsync("DELETE", $"/auth/users/{kay.User.Id}/groups/{group}")).Json["groups"]!.AsArray());
        (await admin.SendAsync("DELETE", "/auth/rights/" + right)).Is(200, """{"message":"Right deleted"}""");
        (await kay.SendAsync("POST", $"/auth/users/{kay.User.Id}/groups/{group}")).Is(403, """{"detail":"The right directory:write is needed."}""");
    }

    [Fact]
    [Contract("Kamiwaza", "PUT /auth/groups/{id}", "roles by id; null leaves them, a list replaces them; an id of nothing is 422")]
    public async Task A_groups_roles_are_set_by_its_own_call()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var (first, second) = (await AddedAsync(admin, "roles", new { name = NewName("Role") }), await AddedAsync(admin, "roles", new { name = NewName("Role") }));
        var group = await AddedAsync(admin, "groups", new { name = NewName("Group"), roles = new[] { first } });

        Assert.Equal(first, (string?)(await admin.SendAsync("PUT", "/auth/groups/" + group, new { name = (string?)null, description = "d", roles = (string[]?)null })).Json["roles"]!.AsArray().Single());
        Assert.Equal(second, (string?)(await admin.SendAsync("PUT", "/auth/groups/" + group, new { roles = new[] { second } })).Json["roles"]!.AsArray().Single());
        (await admin.SendAsync("PUT", "/auth/groups/" + group, new { roles = new[] { Guid.NewGuid() } })).Is(422, """{"detail":[{"type":"value_error","loc":["body","roles"],"msg":"There is no entry with this id","input":null}]}""");
        Assert.Contains((await admin.SendAsync("GET", "/auth/groups/")).Json.AsArray(), g => (string?)g!["id"] == group);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/sessions/purge", "everything of a person is over, 200 with how much it was; others may not")]
    public async Task A_person_is_signed_out_everywhere()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var kay = await KamiwazaPerson.NewAsync(server);
        var body = new { tenant_id = "t", subject_namespace = "user", subject_id = kay.User.Id };

        (await kay.SendAsync("POST", "/auth/sessions/purge", body)).Is(403, """{"detail":"The right sessions:read is needed."}""");
        (await admin.SendAsync("POST", "/auth/sessions/purge", body)).Is(200, """{"revoked":1}""");

        (await kay.SendAsync("GET", "/auth/users/me")).Is(401, """{"detail":"Not authenticated"}""");
        (await admin.SendAsync("DELETE", "/auth/sessions/none")).Is(404, """{"detail":"Session not found"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "GET /auth/idp/providers", "those of the settings; they are not changed by calls")]
    public async Task Providers_are_named_and_stay()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);

        (await server.SendAsync("GET", "/auth/idp/public/providers")).Is(200, """{"providers":[],"idp_management_enabled":false}""");
        Assert.Equal(403, (await admin.SendAsync("POST", "/auth/idp/register", new { alias = "x" })).Status);
        Assert.Equal(403, (await admin.SendAsync("DELETE", "/auth/idp/x")).Status);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/local", "the cookie does not count for a page of another site, 403")]
    public async Task Another_site_cannot_use_the_cookie()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var body = Json(new { username = NewName("new"), password = DialectServer.Password });

        (await server.SendAsync("POST", "/auth/users/local", body, ("Cookie", "access_token=" + admin.Token), ("Origin", "https://evil.example"))).Is(403, """{"detail":"Cross-site request refused"}""");
    }
}
