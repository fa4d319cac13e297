using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>What apps are told of a person's roles, groups, permissions and organization.</summary>
[Spec("RFC 9068 §2.2.3.1")]
public abstract class DirectoryClaimTests(AdministeredServer admin)
{
    public sealed class OnSqlite(AdministeredServer.OnSqlite admin) : DirectoryClaimTests(admin), IClassFixture<AdministeredServer.OnSqlite>;

    public sealed class OnPostgreSql(AdministeredServer.OnPostgreSql admin) : DirectoryClaimTests(admin), IClassFixture<AdministeredServer.OnPostgreSql>;

    private const string AllScopes = "openid roles groups permissions org";

    private TestServer Server => admin.Server;

    /// <summary>A person with a direct role, a group that gives another role (and the same once more), rights through both.</summary>
    private sealed record Person(TestUser User, string Role, string RoleId, string GroupRole, string Group, string GroupId, string Right, string SharedRight, string Org, string OrgId);

    private async Task<Person> PersonAsync()
    {
        var user = await Server.AddUserAsync(Unique("pia"));
        var (role, groupRole, group, right, shared, org) = (Unique("b-role"), Unique("a-role"), Unique("group"), Unique("right:own"), Unique("right:shared"), Unique("org"));
        var (r, gr, g) = (await admin.NewAsync("/roles", $$"""{"name":"{{role}}"}"""), await admin.NewAsync("/roles", $$"""{"name":"{{groupRole}}"}"""), await admin.NewAsync("/groups", $$"""{"name":"{{group}}"}"""));
        var (p, sh, o) = (await admin.NewAsync("/rights", $$"""{"name":"{{right}}"}"""), await admin.NewAsync("/rights", $$"""{"name":"{{shared}}"}"""), await admin.NewAsync("/organizations", $$"""{"name":"{{org}}"}"""));
        foreach (var link in new[] { $"/roles/{r}/users/{user.Id}", $"/groups/{g}/members/{user.Id}", $"/groups/{g}/roles/{gr}", $"/groups/{g}/roles/{r}", $"/roles/{r}/rights/{p}", $"/roles/{r}/rights/{sh}", $"/roles/{gr}/rights/{sh}" })
            await admin.PutAsync(link);
        await Server.Services.GetRequiredService<Engine.Administration.Memberships>().SetOrganizationAsync(Engine.Administration.Actors.CommandLine, user.Id, o, CancellationToken.None);
        return new Person(user, role, r, groupRole, group, g, right, shared, org, o);
    }

    private Task<TestFlow> SignInAsync(TestUser user, string scope, string clientId = "web") => Server.SignInAsync(clientId, SharedServer.Secret, SharedServer.Callback, user, scope);

    private static string[] Names(JsonElement claims, string name) => [.. claims.GetProperty(name).EnumerateArray().Select(static n => n.GetString()!)];

    private static void AssertAll(Person person, JsonElement claims)
    {
        Assert.Equal([person.GroupRole, person.Role], Names(claims, "roles"));
        Assert.Equal([person.Group], Names(claims, "groups"));
        Assert.Equal([person.Right, person.SharedRight], Names(claims, "permissions"));
        Assert.Equal((person.OrgId, person.Org), (claims.GetProperty("org").GetString(), claims.GetProperty("org_name").GetString()));
    }

    private static void AssertNone(JsonElement claims)
    {
        foreach (var name in new[] { "roles", "groups", "permissions", "org", "org_name" }) Assert.False(claims.TryGetProperty(name, out _), name);
    }

    private async Task<JsonElement> UserInfoAsync(TestFlow flow) => await TestServer.JsonAsync(await Server.GetAsync("/connect/userinfo", flow.AccessToken));

    [Fact]
    public async Task With_their_scopes_they_are_in_every_token_and_answer()
    {
        var person = await PersonAsync();

        var flow = await SignInAsync(person.User, AllScopes);

        AssertAll(person, TestFlow.Claims(flow.AccessToken));
        AssertAll(person, TestFlow.Claims(flow.IdToken!));
        AssertAll(person, await UserInfoAsync(flow));
        AssertAll(person, await Server.IntrospectAsync(flow.AccessToken, ("web", SharedServer.Secret)));
    }

    [Fact]
    public async Task Without_their_scopes_nothing_is_told()
    {
        var flow = await SignInAsync((await PersonAsync()).User, "openid profile");

        AssertNone(TestFlow.Claims(flow.AccessToken));
        AssertNone(TestFlow.Claims(flow.IdToken!));
        AssertNone(await UserInfoAsync(flow));
        AssertNone(await Server.IntrospectAsync(flow.AccessToken, ("web", SharedServer.Secret)));
    }

    [Theory]
    [InlineData("roles"), InlineData("groups"), InlineData("permissions"), InlineData("org")]
    public async Task Each_scope_tells_its_own_and_nothing_else(string scope)
    {
        var flow = await SignInAsync((await PersonAsync()).User, "openid " + scope);

        var told = TestFlow.Claims(flow.AccessToken).EnumerateObject().Select(static c => c.Name).Where(DirectoryClaims.Contains);
        Assert.Equal(scope == "org" ? ["org", "org_name"] : [scope], told);
    }

    [Fact]
    public async Task Whoever_has_no_role_is_told_so()
    {
        var flow = await SignInAsync(await Server.AddUserAsync(Unique("plain")), AllScopes);

        var claims = TestFlow.Claims(flow.AccessToken);
        Assert.Empty(Names(claims, "roles"));
        Assert.Empty(Names(claims, "permissions"));
        Assert.False(claims.TryGetProperty("org", out _));
    }

    [Theory]
    [InlineData(AccessTokenFormats.Jwt), InlineData(AccessTokenFormats.Opaque)]
    public async Task A_client_that_is_always_told_needs_no_scope(string format)
    {
        var person = await PersonAsync();
        var client = SharedServer.Web(Unique("told")) with { DirectoryClaims = DirectoryClaims.All, AccessTokenFormat = format };
        await Server.AddClientAsync(client, SharedServer.Secret);

        var flow = await SignInAsync(person.User, "openid", client.ClientId);

        AssertAll(person, TestFlow.Claims(flow.IdToken!));
        AssertAll(person, await UserInfoAsync(flow));
        AssertAll(person, await Server.IntrospectAsync(flow.AccessToken, (client.ClientId, SharedServer.Secret)));
        var refreshed = await TestServer.JsonAsync(await Server.RefreshAsync(client.ClientId, SharedServer.Secret, flow.RefreshToken!));
        AssertAll(person, TestFlow.Claims(refreshed.GetProperty("id_token").GetString()!));
    }

    [Fact]
    public async Task A_scope_of_the_deployment_can_tell_them_under_another_name()
    {
        var person = await PersonAsync();
        var scope = Unique("crm");
        await Server.AddScopeAsync(new ScopeDefinition { Name = scope, Claims = ["roles"] });

        var flow = await SignInAsync(person.User, "openid " + scope);

        Assert.Equal([person.GroupRole, person.Role], Names(TestFlow.Claims(flow.AccessToken), "roles"));
        Assert.Equal([person.GroupRole, person.Role], Names(await UserInfoAsync(flow), "roles"));
    }

    [Fact]
    public async Task A_change_shows_at_once_in_introspection_and_UserInfo_and_in_tokens_with_the_next_refresh()
    {
        var person = await PersonAsync();
        var flow = await SignInAsync(person.User, AllScopes);

        await admin.DeleteAsync($"/groups/{person.GroupId}/members/{person.User.Id}");

        foreach (var answer in new[] { await UserInfoAsync(flow), await Server.IntrospectAsync(flow.AccessToken, ("web", SharedServer.Secret)) })
        {
            Assert.Equal([person.Role], Names(answer, "roles"));
            Assert.Empty(Names(answer, "groups"));
        }

        var refreshed = await TestServer.JsonAsync(await Server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!));
        Assert.Equal([person.Role], Names(TestFlow.Claims(refreshed.GetProperty("access_token").GetString()!), "roles"));
        Assert.Equal([person.Role], Names(TestFlow.Claims(refreshed.GetProperty("id_token").GetString()!), "roles"));
    }

    [Fact]
    public async Task What_is_deleted_is_told_no_more()
    {
        var person = await PersonAsync();
        var flow = await SignInAsync(person.User, AllScopes);

        await admin.DeleteAsync("/roles/" + person.RoleId);
        await admin.DeleteAsync("/organizations/" + person.OrgId);

        var told = await UserInfoAsync(flow);
        Assert.Equal([person.GroupRole], Names(told, "roles"));
        Assert.Equal([person.SharedRight], Names(told, "permissions"));
        Assert.False(told.TryGetProperty("org", out _));
    }

    [Fact]
    public async Task A_profile_cannot_speak_for_them()
    {
        var user = await Server.AddUserAsync(Unique("liar"));
        await using (var scope = Server.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
            var row = db.Users.Single(u => u.Id == user.Id);
            row.Profile = """{"roles":["king"],"permissions":["everything"],"org":"mine"}""";
            await db.SaveChangesAsync();
        }

        var flow = await Server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, user, AllScopes, null, ("claims", """{"userinfo":{"roles":null},"id_token":{"org":null}}"""));

        Assert.Empty(Names(await UserInfoAsync(flow), "roles"));
        Assert.False(TestFlow.Claims(flow.IdToken!).TryGetProperty("org", out _));
    }

    [Fact]
    public async Task An_implicit_answer_tells_them_too()
    {
        var person = await PersonAsync();
        var client = SharedServer.Web(Unique("implicit")) with { GrantTypes = [GrantTypes.Implicit], ResponseTypes = ["id_token token"] };
        await Server.AddClientAsync(client, SharedServer.Secret);

        var page = await Server.NewBrowser().AuthorizeAsync(TestFlows.AuthorizeUrl(("client_id", client.ClientId), ("response_type", "id_token token"), ("redirect_uri", SharedServer.Callback), ("scope", AllScopes), ("nonce", "n"), ("state", "s")), person.User);

        AssertAll(person, TestFlow.Claims(page["access_token"]!));
        AssertAll(person, TestFlow.Claims(page["id_token"]!));
    }

    [Fact]
    public async Task A_client_on_its_own_has_none() =>
        Assert.Equal("invalid_scope", (await TestServer.JsonAsync(await Server.TokenAsync([("grant_type", "client_credentials"), ("scope", "roles")], ("worker", SharedServer.Secret)))).GetProperty("error").GetString());

    [Fact]
    public async Task Telling_them_costs_no_command_more()
    {
        var flow = await SignInAsync((await PersonAsync()).User, AllScopes);
        await HoldAsync(1, () => Server.GetAsync("/connect/userinfo", flow.AccessToken));
        await HoldAsync(1, () => Server.PostAsync("/connect/introspect", [("token", flow.AccessToken)], ("web", SharedServer.Secret)));
        await HoldAsync(2, () => Server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!));
    }

    private async Task HoldAsync(int budget, Func<Task<HttpResponseMessage>> ask)
    {
        var texts = Server.Services.GetRequiredService<CommandCounter>().Texts = new();
        using var response = await ask();
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        Assert.Equal(budget, texts.Count(static t => t.Contains("FROM grants", StringComparison.Ordinal) || t.Contains("UPDATE grants", StringComparison.Ordinal)));
        Assert.DoesNotContain(texts, static t => t.StartsWith("SELECT u.organization_id", StringComparison.Ordinal));
    }
}
