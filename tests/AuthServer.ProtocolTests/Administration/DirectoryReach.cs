using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>The right to change the directory is not every right: nobody gives what they do not have.</summary>
public sealed class DirectoryReach(AdministeredServer.OnSqlite admin) : IClassFixture<AdministeredServer.OnSqlite>
{
    private TestServer Server => admin.Server;

    private async Task<string> RightAsync(string name) => (await admin.GetAsync("/rights?search=" + name)).GetProperty("items")[0].GetProperty("id").GetString()!;

    /// <summary>A role with these rights.</summary>
    private async Task<string> RoleAsync(params string[] rights)
    {
        var role = await admin.NewAsync("/roles", $$"""{"name":"{{Unique("role")}}"}""");
        foreach (var right in rights) await admin.PutAsync($"/roles/{role}/rights/{await RightAsync(right)}");
        return role;
    }

    private async Task ForbiddenAsync(string token, HttpMethod method, string path, string? json = null)
    {
        var problem = await ProblemAsync(await Server.AdminAsync(method, path, token, json));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (problem.Status, problem.Type));
        Assert.Equal([":more_than_yours"], problem.Errors);
    }

    [Fact]
    public async Task Whoever_may_change_roles_cannot_make_themselves_more_than_they_are()
    {
        var mallory = await Server.AddUserAsync(Unique("mallory"));
        var own = await RoleAsync(AdminRights.RolesWrite, AdminRights.DirectoryWrite);
        await admin.PutAsync($"/roles/{own}/users/{mallory.Id}");
        var token = await Server.AdminTokenAsync(mallory);
        var strong = await RoleAsync(AdminRights.UsersWrite);
        var group = await admin.NewAsync("/groups", $$"""{"name":"{{Unique("strong")}}"}""");
        await admin.PutAsync($"/groups/{group}/roles/{strong}");
        var plain = await admin.NewAsync("/groups", $$"""{"name":"{{Unique("plain")}}"}""");

        await ForbiddenAsync(token, HttpMethod.Put, $"/roles/{own}/rights/{await RightAsync(AdminRights.UsersWrite)}");
        await ForbiddenAsync(token, HttpMethod.Put, $"/roles/{strong}/users/{mallory.Id}");
        await ForbiddenAsync(token, HttpMethod.Put, $"/groups/{group}/members/{mallory.Id}");
        await ForbiddenAsync(token, HttpMethod.Put, $"/groups/{plain}/roles/{strong}");
        await ForbiddenAsync(token, HttpMethod.Patch, "/roles/" + strong, """{"requires_second_factor":false}""");
        await ForbiddenAsync(token, HttpMethod.Delete, "/roles/" + strong);
        await ForbiddenAsync(token, HttpMethod.Delete, "/groups/" + group);
    }

    [Fact]
    public async Task Whoever_may_change_the_directory_cannot_take_a_stronger_person_out_of_it()
    {
        var (weak, strong) = (await Server.AddUserAsync(Unique("weak")), await Server.AddUserAsync(Unique("strong")));
        var boss = await Server.AddAdministratorAsync(Unique("boss"));
        await admin.PutAsync($"/roles/{await RoleAsync(AdminRights.DirectoryWrite)}/users/{weak.Id}");
        await admin.PutAsync($"/roles/{await RoleAsync(AdminRights.UsersWrite)}/users/{strong.Id}");
        var plain = await admin.NewAsync("/groups", $$"""{"name":"{{Unique("plain")}}"}""");
        var token = await Server.AdminTokenAsync(weak);

        foreach (var victim in new[] { strong, boss })
        {
            await ForbiddenAsync(token, HttpMethod.Put, $"/groups/{plain}/members/{victim.Id}");
            await ForbiddenAsync(token, HttpMethod.Delete, $"/groups/{plain}/members/{victim.Id}");
        }

        Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Put, $"/groups/{plain}/members/{(await Server.AddUserAsync(Unique("meek"))).Id}", token)).StatusCode);
    }

    [Fact]
    public async Task What_one_has_oneself_and_what_opens_nothing_here_can_be_given()
    {
        var lead = await Server.AddUserAsync(Unique("lead"));
        var own = await RoleAsync(AdminRights.RolesWrite, AdminRights.Read);
        await admin.PutAsync($"/roles/{own}/users/{lead.Id}");
        var token = await Server.AdminTokenAsync(lead);
        var role = await RoleAsync();
        var harmless = await admin.NewAsync("/rights", $$"""{"name":"{{Unique("orders:write")}}"}""");

        // admin:read includes every reading.
        foreach (var right in new[] { harmless, await RightAsync(AdminRights.RolesWrite), await RightAsync(AdminRights.AuditRead) })
            Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Put, $"/roles/{role}/rights/{right}", token)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Put, $"/roles/{role}/users/{(await Server.AddUserAsync(Unique("meek"))).Id}", token)).StatusCode);
    }

    [Fact]
    public async Task A_right_that_was_taken_is_gone_from_a_token_that_was_given_before()
    {
        var user = await Server.AddUserAsync(Unique("former"));
        var role = await RoleAsync(AdminRights.DirectoryRead);
        await admin.PutAsync($"/roles/{role}/users/{user.Id}");
        var token = await Server.AdminTokenAsync(user, AdminRights.DirectoryRead);
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Get, "/groups", token)).StatusCode);

        await admin.DeleteAsync($"/roles/{role}/users/{user.Id}");

        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Get, "/groups", token)).StatusCode);
    }

    [Fact]
    public async Task Each_change_says_in_the_audit_trail_who_did_what_to_what()
    {
        var boss = await Server.AddAdministratorAsync(Unique("chief"));
        var token = await Server.AdminTokenAsync(boss);
        var role = (await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Post, "/roles", token, $$"""{"name":"{{Unique("audited")}}"}"""))).GetProperty("id").GetString();
        await Server.AdminAsync(HttpMethod.Put, $"/roles/{role}/users/{admin.Alice.Id}", token);
        await Server.AdminAsync(HttpMethod.Delete, $"/roles/{role}", token);
        await AuditAsync();

        var lines = (await admin.GetAsync($"/audit?target=role:{role}")).GetProperty("items").EnumerateArray().Select(e => (e.GetProperty("kind").GetString(), e.GetProperty("actor").GetString(), e.GetProperty("subject").GetString())).ToList();

        Assert.Equal([("role_changed", "user:" + boss.Id, null), ("membership_changed", "user:" + boss.Id, admin.Alice.Id), ("role_changed", "user:" + boss.Id, null)], lines);
    }

    private Task AuditAsync() => ((Engine.Audit.AuditTrail)Server.Services.GetService(typeof(Engine.Audit.AuditTrail))!).FlushAsync(CancellationToken.None);
}
