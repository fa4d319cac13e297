using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.ApiKeys;

/// <summary>A key for a short access token.</summary>
[Spec("RFC 6749 §5.1"), Spec("RFC 9068 §2.2")]
public sealed class ApiKeyExchangeTests(KeyedServer.Sqlite shared) : IClassFixture<KeyedServer.Sqlite>
{
    private const string Path = "/api/keys/token";

    private TestServer Server => shared.Server;

    private Task<HttpResponseMessage> ExchangeAsync(string key, params (string Name, string Value)[] form) => shared.SendAsync(HttpMethod.Post, Path, key, form: form);

    [Fact]
    public async Task The_answer_is_a_token_of_five_minutes_for_the_key_s_owner()
    {
        var user = await shared.NewUserAsync();
        var (_, key) = await shared.NewKeyAsync("user_id", user, ["notes", "files"]);

        var answer = await ExchangeAsync(key);

        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var body = await TestServer.JsonAsync(answer);
        Assert.Equal(("Bearer", 300, "notes files"), (body.GetProperty("token_type").GetString(), body.GetProperty("expires_in").GetInt32(), body.GetProperty("scope").GetString()));
        var claims = TestFlow.Claims(body.GetProperty("access_token").GetString()!);
        Assert.Equal((user, "api-keys", 300), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
        Assert.Equal([SharedServer.Api, "https://files.test"], claims.GetProperty("aud").EnumerateArray().Select(static a => a.GetString()));
    }

    [Fact, Spec("RFC 6749 §3.3")]
    public async Task A_scope_narrows_and_never_widens()
    {
        var (_, key) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["notes", "files"]);

        var narrow = await TestServer.JsonAsync(await ExchangeAsync(key, ("scope", "files")));
        var wide = await ExchangeAsync(key, ("scope", "files openid"));

        Assert.Equal("files", narrow.GetProperty("scope").GetString());
        Assert.Equal("files", TestFlow.Claims(narrow.GetProperty("access_token").GetString()!).GetProperty("scope").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, wide.StatusCode);
        Assert.Equal("invalid_scope", (await TestServer.JsonAsync(wide)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_token_does_what_the_owner_may()
    {
        var (_, boss) = await shared.NewKeyAsync("user_id", shared.Administrator.Id, ["users:read"]);
        var organization = await shared.NewAsync("/organizations", $$"""{"name":"{{KeyedServer.Unique("org")}}"}""");
        var (_, shop) = await shared.NewKeyAsync("organization_id", organization, ["directory:write", "directory:read"]);
        await Server.AddClientAsync(SharedServer.Web("robot") with { Scope = Engine.Protocol.ScopeSet.Parse("users:read") }, SharedServer.Secret);
        var (_, robot) = await shared.NewKeyAsync("client_id", "robot", ["users:read"]);

        var ofBoss = (await TestServer.JsonAsync(await ExchangeAsync(boss))).GetProperty("access_token").GetString()!;
        var ofShop = (await TestServer.JsonAsync(await ExchangeAsync(shop))).GetProperty("access_token").GetString()!;
        var ofRobot = (await TestServer.JsonAsync(await ExchangeAsync(robot))).GetProperty("access_token").GetString()!;

        Assert.Equal("organization:" + organization, TestFlow.Claims(ofShop).GetProperty("sub").GetString());
        Assert.Equal(("robot", "robot"), (TestFlow.Claims(ofRobot).GetProperty("sub").GetString(), TestFlow.Claims(ofRobot).GetProperty("client_id").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Get, "/users", ofBoss)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Get, "/users", ofRobot)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Get, "/users", ofShop)).StatusCode);
        var made = await Server.AdminAsync(HttpMethod.Post, "/groups", ofShop, $$"""{"name":"{{KeyedServer.Unique("g")}}"}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    [Fact, Spec("RFC 6750 §3")]
    public async Task Without_a_key_it_is_asked_for_and_a_token_is_none()
    {
        var (_, key) = await shared.NewKeyAsync("user_id", await shared.NewUserAsync(), ["notes"]);
        var token = (await TestServer.JsonAsync(await ExchangeAsync(key))).GetProperty("access_token").GetString()!;

        var nothing = await Server.Http.PostAsync(new Uri(Path, UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.Unauthorized, nothing.StatusCode);
        Assert.Equal("Bearer", nothing.Headers.WwwAuthenticate.ToString());
        // A token does not prolong itself.
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.SendAsync(HttpMethod.Post, Path, token, asBearer: true)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ExchangeAsync(token)).StatusCode);
    }

    [Fact]
    public async Task The_client_that_stands_behind_keys_can_be_nobody_s()
    {
        var made = await Server.AdminAsync(HttpMethod.Post, "/clients", shared.Token, """{"client_id":"api-keys","kind":"machine"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, made.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.TokenAsync([("grant_type", "client_credentials")], ("api-keys", ""))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.TokenAsync([("grant_type", "client_credentials"), ("client_id", "api-keys")])).StatusCode);
    }
}
