using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Hosting;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>Clients that the settings or a file declare, from start to start; and what stops a start.</summary>
public sealed class DeclaredClientTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("authserver").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static Dictionary<string, string> Service(string secret, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Clients:50:client_id"] = "declared", ["Clients:50:client_secret"] = secret, ["Clients:50:grant_types:0"] = "client_credentials", ["Clients:50:access_token_lifetime"] = "77",
        };
        foreach (var (name, value) in more) settings[name] = value;
        return settings;
    }

    private Task<TestServer> StartAsync(Dictionary<string, string> settings, string environment = "Production") =>
        TestServer.StartAsync(new TestServerSettings { Home = _home, Environment = environment, Settings = settings });

    private string FileWith(string text)
    {
        var file = Path.Combine(_home, "clients.json");
        File.WriteAllText(file, text);
        return file;
    }

    private static Task<HttpResponseMessage> AskAsync(TestServer server, string secret, string clientId = "declared", string? scope = null) =>
        server.TokenAsync([("grant_type", "client_credentials"), ("scope", scope)], (clientId, secret));

    [Fact]
    public async Task A_declared_client_is_made_changed_and_never_taken_away()
    {
        await using (var server = await StartAsync(Service("first secret of this client")))
        {
            var response = await AskAsync(server, "first secret of this client");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(77, (await TestServer.JsonAsync(response)).GetProperty("expires_in").GetInt32());
        }

        await using (var server = await StartAsync(Service("another secret", ("Clients:50:access_token_lifetime", "88"))))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "first secret of this client")).StatusCode);
            Assert.Equal(88, (await TestServer.JsonAsync(await AskAsync(server, "another secret"))).GetProperty("expires_in").GetInt32());
        }

        // A missing line may be a mistake.
        await using (var server = await StartAsync([]))
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "another secret")).StatusCode);
    }

    /// <summary>The settings win when they change, not at each start.</summary>
    [Fact]
    public async Task What_an_administrator_changed_stays_until_the_declaration_changes()
    {
        const string Declared = "first secret of this client";
        string rotated;
        await using (var server = await StartAsync(Service(Declared)))
        {
            var token = await server.AdminTokenAsync(AdminRights.ClientsWrite);
            await server.AdminAsync(HttpMethod.Patch, "/clients/declared", token, """{"access_token_lifetime":55}""");
            rotated = (await TestServer.JsonAsync(await server.AdminAsync(HttpMethod.Post, "/clients/declared/secret", token, "{}"))).GetProperty("client_secret").GetString()!;
        }

        await using (var server = await StartAsync(Service(Declared)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, Declared)).StatusCode);
            Assert.Equal(55, (await TestServer.JsonAsync(await AskAsync(server, rotated))).GetProperty("expires_in").GetInt32());
        }

        // Something else of the declaration changed: it wins, but for the secret, which it says as before.
        await using (var server = await StartAsync(Service(Declared, ("Clients:50:access_token_lifetime", "99"))))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, Declared)).StatusCode);
            Assert.Equal(99, (await TestServer.JsonAsync(await AskAsync(server, rotated))).GetProperty("expires_in").GetInt32());
        }

        await using (var server = await StartAsync(Service("a new declared secret", ("Clients:50:access_token_lifetime", "99"))))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, rotated)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "a new declared secret")).StatusCode);
        }
    }

    [Fact]
    public async Task A_file_declares_clients_and_scopes()
    {
        var file = FileWith("""
            { "Scopes": [ { "name": "paint", "resources": ["https://paint.test"] } ],
              "Clients": [ { "client_id": "filed", "client_secret": "a secret from a file", "grant_types": ["client_credentials"], "scope": "paint" } ] }
            """);
        await using var server = await StartAsync(new() { ["ClientsFile"] = file });
        var tokens = await TestServer.JsonAsync(await AskAsync(server, "a secret from a file", "filed", "paint"));
        Assert.Equal("https://paint.test", TestFlow.Claims(tokens.GetProperty("access_token").GetString()!).GetProperty("aud").GetString());
    }

    public static TheoryData<string, string, string> Bad => new()
    {
        { "Clients:50:redirect_uris:0", "http://app.example.com/cb", "http on a host that is not this machine" },
        { "Clients:50:token_endpoint_auth_method", "magic", "token_endpoint_auth_method is not supported" },
        { "Clients:50:client_secret", "", "needs a client_secret" },
        { "Clients:50:client_id", "two words", "client_id must be 1 to 200 printable ASCII characters" },
        { "Clients:50:access_token_lifetime", "long", "access_token_lifetime" },
        { "Issuer", "http://login.example.com", "an http issuer is for Development only" },
        { "Issuer", "", "Issuer is not set" },
        { "Clients:50:development", "true", "is a development client" },
        { "Clients:50:client_secret", "demo-web-secret", "one of the demo secrets" },
        { "ClientsFile", "/does/not/exist.json", "/does/not/exist.json" },
        { "Tokens:AccesTokenLifetime", "60", "AccesTokenLifetime" },
        { "Tokens:AuthorizationCodeLifetime", "1", "AuthorizationCodeLifetime" },
        { "Keys:EncryptionKey", "short", "Keys:EncryptionKey must hold 32 bytes as base64" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task A_setting_that_cannot_be_used_stops_the_start_with_a_sentence(string name, string value, string sentence) =>
        AssertExplained(await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(Service("first secret of this client", (name, value)))), sentence);

    [Theory]
    [InlineData("{ \"Clients\": [", "clients.json is not good JSON")]
    [InlineData("[]", "clients.json")]
    [InlineData("""{ "Clients": ["web"] }""", "must be an object")]
    [InlineData("""{ "Clients": [ { "client_id": "x", "client_secret": 5 } ] }""", "client_secret must be text")]
    [InlineData("""{ "Clients": [ { "client_secret": "a secret from a file", "grant_types": ["client_credentials"] } ] }""", "has no client_id")]
    [InlineData("""{ "Clients": [ { "client_id": "x", "redirect_uris": "https://app.test" } ] }""", "redirect_uris")]
    [InlineData("""{ "Scopes": [ { "display_name": "nameless" } ] }""", "scope")]
    public async Task A_file_that_cannot_be_used_stops_the_start_with_a_sentence(string text, string sentence) =>
        AssertExplained(await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(new() { ["ClientsFile"] = FileWith(text) })), sentence);

    /// <summary>What Production refuses is what Development is for.</summary>
    [Fact]
    public async Task Development_starts_with_what_Production_refuses()
    {
        await using var server = await StartAsync(Service("demo-web-secret", ("Clients:50:development", "true"), ("Issuer", "http://localhost:9")), "Development");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "demo-web-secret")).StatusCode);
    }

    private static void AssertExplained(Exception fault, string sentence)
    {
        var reasons = StartFaults.Explain(fault);
        Assert.True(reasons is not null, "Not explained: " + fault);
        Assert.Contains(reasons, r => r.Contains(sentence, StringComparison.Ordinal));
        Assert.All(reasons, static r => Assert.DoesNotContain("first secret", r, StringComparison.Ordinal));
    }
}
