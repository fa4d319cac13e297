using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.PeerTests;

/// <summary>Our server as the client of another one: somebody else's, and a second one of its own.</summary>
public sealed class UpstreamTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact, Spec("OIDC Core §3.1.3.7"), Spec("OIDC Discovery §4")]
    public async Task A_person_signs_in_by_oidc_provider()
    {
        var port = PostgreSqlCluster.FreePort();
        await using var server = await StartAsync($"http://localhost:{port}", confirmed: true);
        await using var provider = await NodePeers.StartAsync("oidc-provider.mjs", "oidc-provider: http://", new Dictionary<string, string>
        {
            ["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["REDIRECT_URI"] = server.Issuer + "/login/upstream/other/callback", ["SECRET"] = Secret,
        });

        var answer = await NodePeers.RunAsync("upstream.mjs", Input(server, "oidc-provider", "margaret", "-"));

        Assert.Equal(("/account", "/account"), (answer["first"]!.GetValue<string>(), answer["second"]!.GetValue<string>()));
        Assert.True(answer["welcomed"]!.GetValue<bool>());
        var user = (await FindAsync(server, "margaret"))!;
        Assert.Equal(("margaret", "margaret@elsewhere.example", true), (user.UserName, user.Email, user.EmailConfirmed));
    }

    [Fact, Spec("RFC 9207 §2.4")]
    public async Task A_person_signs_in_by_a_second_server_of_the_same_kind()
    {
        await using var upstream = await TestServer.StartAsync(new TestServerSettings { Kestrel = true });
        await using var server = await StartAsync(upstream.Issuer, confirmed: false);
        await upstream.AddClientAsync(new Client { ClientId = "our-id", RedirectUris = [server.Issuer + "/login/upstream/other/callback"], GrantTypes = ["authorization_code"] }, Secret);
        var alice = await upstream.AddUserAsync("alice", """{"name":"Alice Adams","email":"alice@example.com","email_verified":true}""");

        var answer = await NodePeers.RunAsync("upstream.mjs", Input(server, "authserver", alice.UserName, alice.Password));

        Assert.Equal(("/account", "/account"), (answer["first"]!.GetValue<string>(), answer["second"]!.GetValue<string>()));
        Assert.Contains("iss", answer["parameters"]!.AsArray().Select(p => p!.GetValue<string>()));
        var user = (await FindAsync(server, alice.Id))!;
        Assert.Equal(("alice", "alice@example.com", false), (user.UserName, user.Email, user.EmailConfirmed));
        Assert.Contains("Alice Adams", user.Profile, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(string upstream, bool confirmed) => TestServer.StartAsync(new TestServerSettings
    {
        Kestrel = true,
        Settings =
        {
            ["Upstream:Providers:other:Issuer"] = upstream, ["Upstream:Providers:other:ClientId"] = "our-id", ["Upstream:Providers:other:ClientSecret"] = Secret,
            ["Upstream:Providers:other:TrustEmail"] = confirmed ? "true" : "false",
        },
    });

    private static JsonObject Input(TestServer server, string kind, string userName, string password) => new()
    {
        ["issuer"] = server.Issuer, ["provider"] = "other", ["kind"] = kind, ["person"] = new JsonObject { ["userName"] = userName, ["password"] = password },
    };

    private static async Task<User?> FindAsync(TestServer server, string subject)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByLoginAsync("other", subject);
    }
}
