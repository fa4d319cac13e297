using System.Net;
using System.Text.Json;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Audit;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.ApiKeys;

/// <summary>Where a key opens what, and when it does not any more.</summary>
public abstract class ApiKeyUseTests(KeyedServer shared)
{
    private TestServer Server => shared.Server;

    private Task<JsonElement> AskAsync(string token, string clientId) => Server.IntrospectAsync(token, (clientId, SharedServer.Secret));

    /// <summary>A person who may read people, by a role.</summary>
    private async Task<(string UserId, string RoleId)> ReaderAsync()
    {
        var (user, role) = (await shared.NewUserAsync(), await shared.NewAsync("/roles", $$"""{"name":"{{KeyedServer.Unique("readers")}}"}"""));
        var right = (await shared.GetAsync("/rights?search=users:read")).GetProperty("items")[0].GetProperty("id").GetString();
        await shared.PutAsync($"/roles/{role}/rights/{right}");
        await shared.PutAsync($"/roles/{role}/users/{user}");
        return (user, role);
    }

    [Fact, Spec("RFC 6750 §2.1")]
    public async Task A_key_opens_the_administration_in_either_header()
    {
        var (_, key) = await shared.NewKeyAsync("user_id", shared.Administrator.Id, ["users:read"]);

        Assert.StartsWith("pat_", key, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await shared.SendAsync(HttpMethod.Get, TestAdmin.Api + "/users", key)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await shared.SendAsync(HttpMethod.Get, TestAdmin.Api + "/users", key, asBearer: true)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await shared.SendAsync(HttpMethod.Get, TestAdmin.Api + "/audit", key)).StatusCode);
    }

    [Fact, Spec("RFC 6750 §2")]
    public async Task Two_credentials_in_one_request_are_none()
    {
        var (_, key) = await shared.NewKeyAsync("user_id", shared.Administrator.Id, ["users:read"]);

        var answer = await Server.AdminAsync(HttpMethod.Get, "/users", shared.Token, null, ("X-API-Key", key));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_person_s_key_does_what_its_scopes_say_and_the_person_may_at_that_moment()
    {
        var (user, role) = await ReaderAsync();
        var (_, key) = await shared.NewKeyAsync("user_id", user, ["users:read"]);
        Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(key));

        await shared.DeleteAsync($"/roles/{role}/users/{user}");

        Assert.Equal(HttpStatusCode.Forbidden, await shared.UseAsync(key));
    }

    [Fact]
    public async Task A_key_of_a_client_does_what_the_client_may_and_one_of_an_organization_what_it_was_given()
    {
        await Server.AddClientAsync(SharedServer.Web("machine") with { Scope = Engine.Protocol.ScopeSet.Parse("users:read notes") }, SharedServer.Secret);
        var (_, ofClient) = await shared.NewKeyAsync("client_id", "machine", ["users:read"]);
        var (_, ofOrganization) = await shared.NewKeyAsync("organization_id", await shared.NewAsync("/organizations", $$"""{"name":"{{KeyedServer.Unique("org")}}"}"""), ["users:read"]);
        Assert.StartsWith("ask_", ofClient, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(ofClient));
        Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(ofOrganization));

        await Server.AddClientAsync(SharedServer.Web("machine") with { Scope = Engine.Protocol.ScopeSet.Parse("notes") }, SharedServer.Secret);

        Assert.Equal(HttpStatusCode.Forbidden, await shared.UseAsync(ofClient));
    }

    [Theory, Spec("ASVS 7.4.1")]
    [InlineData("revoked"), InlineData("disabled"), InlineData("locked"), InlineData("deleted"), InlineData("password reset")]
    public async Task A_key_is_refused_at_once(string what)
    {
        var user = await shared.NewUserAsync();
        var (id, key) = await shared.NewKeyAsync("user_id", user, ["openid"]);
        var token = (await TestServer.JsonAsync(await shared.SendAsync(HttpMethod.Post, "/api/keys/token", key))).GetProperty("access_token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(key, "/connect/userinfo"));
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", token)).StatusCode);

        var act = what switch
        {
            "revoked" => await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + id, shared.Boss),
            "disabled" => await Server.AdminAsync(HttpMethod.Post, $"/users/{user}/disable", shared.Boss),
            "deleted" => await Server.AdminAsync(HttpMethod.Delete, "/users/" + user, shared.Boss),
            "password reset" => await Server.AdminAsync(HttpMethod.Post, $"/users/{user}/require-password-reset", shared.Boss),
            _ => null,
        };
        Assert.True(act?.IsSuccessStatusCode ?? true, act?.StatusCode.ToString());
        if (what == "locked") await LockAsync(user);

        Assert.Equal(HttpStatusCode.Unauthorized, await shared.UseAsync(key, "/connect/userinfo"));
        Assert.Equal(HttpStatusCode.Unauthorized, await shared.UseAsync(key));
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.SendAsync(HttpMethod.Post, "/api/keys/token", key)).StatusCode);
        // What was got for the key falls with it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", token)).StatusCode);
    }

    [Fact, Spec("ASVS 7.4.1")]
    public async Task A_key_ends_when_it_says_and_at_the_latest_when_the_server_says()
    {
        var own = new KeyedServer.Sqlite();
        await own.InitializeAsync();
        try
        {
            var clock = own.Server.Clock;
            var user = await own.NewUserAsync();
            var (_, soon) = await own.NewKeyAsync("user_id", user, ["openid"], $$""","expires_at":"{{clock.GetUtcNow().AddHours(1):O}}" """);
            var (id, usual) = await own.NewKeyAsync("user_id", user, ["openid"]);
            Assert.Equal(clock.GetUtcNow().AddDays(90), (await own.ReadKeyAsync(id)).GetProperty("expires_at").GetDateTimeOffset());

            clock.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(HttpStatusCode.OK, await own.UseAsync(soon, "/connect/userinfo"));
            var last = await TestServer.JsonAsync(await own.SendAsync(HttpMethod.Post, "/api/keys/token", soon));
            Assert.Equal(60, last.GetProperty("expires_in").GetInt32());

            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.Unauthorized, await own.UseAsync(soon, "/connect/userinfo"));
            Assert.Equal(HttpStatusCode.OK, await own.UseAsync(usual, "/connect/userinfo"));
            clock.Advance(TimeSpan.FromDays(90));
            Assert.Equal(HttpStatusCode.Unauthorized, await own.UseAsync(usual, "/connect/userinfo"));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private async Task LockAsync(string user)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<Engine.Accounts.User>>();
        await people.SetLockoutEndDateAsync((await people.FindByIdAsync(user))!, Server.Clock.GetUtcNow().AddDays(1));
    }

    [Fact]
    public async Task A_disabled_client_s_key_is_refused()
    {
        await Server.AddClientAsync(SharedServer.Web("going"), SharedServer.Secret);
        var (_, key) = await shared.NewKeyAsync("client_id", "going", ["notes"]);
        Assert.True((await AskAsync(key, "going")).GetProperty("active").GetBoolean());

        await Server.AddClientAsync(SharedServer.Web("going") with { Enabled = false }, SharedServer.Secret);

        Assert.Equal(HttpStatusCode.Unauthorized, await shared.UseAsync(key));
    }

    [Fact]
    public async Task A_mistyped_key_costs_no_command()
    {
        var (_, key) = await shared.NewKeyAsync("user_id", shared.Administrator.Id, ["users:read"]);
        var texts = Server.Services.GetRequiredService<CommandCounter>().Texts = new();

        Assert.Equal(HttpStatusCode.Unauthorized, await shared.UseAsync(key[..^1] + (key[^1] == 'a' ? 'b' : 'a')));

        Assert.DoesNotContain(texts, static t => t.Contains("api_keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_with_a_key_costs_one_command_and_no_write()
    {
        var (_, key) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["openid", "profile"]);
        var texts = Server.Services.GetRequiredService<CommandCounter>().Texts = new();

        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(key, "/connect/userinfo"));

        Assert.Equal(10, texts.Count(static t => !t.Contains("audit_events", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_last_use_is_written_by_the_minute()
    {
        var (id, key) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["openid"]);
        for (var i = 0; i < 5; i++) await shared.SendAsync(HttpMethod.Get, "/connect/userinfo", key, address: "192.0.2.9");
        Assert.Equal(JsonValueKind.Null, (await shared.ReadKeyAsync(id)).GetProperty("last_used_at").ValueKind);
        var texts = Server.Services.GetRequiredService<CommandCounter>().Texts = new();

        await Server.Services.GetRequiredService<ApiKeyUses>().FlushAsync(CancellationToken.None);

        Assert.Single(texts, static t => t.Contains("UPDATE api_keys", StringComparison.Ordinal));
        var read = await shared.ReadKeyAsync(id);
        Assert.Equal(Server.Clock.GetUtcNow().ToUnixTimeSeconds(), read.GetProperty("last_used_at").GetDateTimeOffset().ToUnixTimeSeconds());
        Assert.Equal("192.0.2.9", read.GetProperty("last_used_address").GetString());
    }

    [Fact]
    public async Task A_key_works_from_its_addresses_only_and_the_trail_hears_of_it_once()
    {
        var (id, key) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["openid"], ""","allowed_addresses":["192.0.2.0/24","2001:db8::/32"]""");

        Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(key, "/connect/userinfo", "192.0.2.200"));
        Assert.Equal(HttpStatusCode.OK, await shared.UseAsync(key, "/connect/userinfo", "2001:db8::7"));
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, await shared.UseAsync(key, "/connect/userinfo", "198.51.100.1"));
        await Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);

        var refusals = (await shared.GetAsync($"/audit?target=api_key:{id}&kind=api_key_refused")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal("198.51.100.1", Assert.Single(refusals).GetProperty("address").GetString());
    }

    [Fact, Spec("RFC 7662 §2.2")]
    public async Task An_API_behind_the_key_is_told_what_it_may()
    {
        var user = await shared.NewUserAsync();
        var (id, key) = await shared.NewKeyAsync("user_id", user, ["notes", "openid"], ""","allowed_addresses":["192.0.2.0/24"]""");
        await Server.AddClientAsync(SharedServer.Web("notes-api") with { AllowedResources = [SharedServer.Api] }, SharedServer.Secret);

        var told = await AskAsync(key, "notes-api");

        Assert.True(told.GetProperty("active").GetBoolean());
        Assert.Equal((user, "notes openid", id, "Bearer"), (told.GetProperty("sub").GetString(), told.GetProperty("scope").GetString(), told.GetProperty("jti").GetString(), told.GetProperty("token_type").GetString()));
        Assert.Equal((await shared.ReadKeyAsync(id)).GetProperty("expires_at").GetDateTimeOffset().ToUnixTimeSeconds(), told.GetProperty("exp").GetInt64());
        Assert.Equal("192.0.2.0/24", Assert.Single(told.GetProperty("allowed_addresses").EnumerateArray()).GetString());
        // Neither somebody else's API nor a key that is over.
        Assert.False((await AskAsync(key, "other")).GetProperty("active").GetBoolean());
        await Server.AdminAsync(HttpMethod.Delete, "/api-keys/" + id, shared.Boss);
        Assert.Equal("""{"active":false}""", (await AskAsync(key, "notes-api")).GetRawText());
    }

    [Fact, Spec("OIDC Core §5.3")]
    public async Task A_personal_token_with_openid_reads_its_person_and_one_without_does_not()
    {
        var user = await shared.NewUserAsync();
        var (_, with) = await shared.NewKeyAsync("user_id", user, ["openid", "profile"]);
        var (_, without) = await shared.NewKeyAsync("user_id", user, ["notes"]);

        var claims = await TestServer.JsonAsync(await shared.SendAsync(HttpMethod.Get, "/connect/userinfo", with, asBearer: true));

        Assert.Equal(user, claims.GetProperty("sub").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await shared.SendAsync(HttpMethod.Get, "/connect/userinfo", without, asBearer: true)).StatusCode);
    }
}

public sealed class ApiKeyUseOnSqlite(KeyedServer.Sqlite shared) : ApiKeyUseTests(shared), IClassFixture<KeyedServer.Sqlite>;

public sealed class ApiKeyUseOnPostgreSql(KeyedServer.PostgreSql shared) : ApiKeyUseTests(shared), IClassFixture<KeyedServer.PostgreSql>;
