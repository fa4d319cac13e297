using System.Net;
using AuthServer.Endpoints.Token;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>The README's example of a grant of one's own, compiled here and put to work.</summary>
public sealed class AddedGrantTests
{
    [Fact, Spec("RFC 6749 §4.5")]
    public async Task One_class_is_a_grant()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Services = static s => s.AddSingleton<ITokenGrant, PingGrant>() });
        var client = new Client { ClientId = "pinger", GrantTypes = ["urn:example:ping"], ResponseTypes = [] };
        await server.AddClientAsync(client, SharedServer.Secret);
        await server.AddClientAsync(client with { ClientId = "other", GrantTypes = ["client_credentials"] }, SharedServer.Secret);
        (string, string?)[] form = [("grant_type", "urn:example:ping")];

        var response = await server.TokenAsync(form, ("pinger", SharedServer.Secret));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("pinger", TestFlow.Claims((await TestServer.JsonAsync(response)).GetProperty("access_token").GetString()!).GetProperty("client_id").GetString());
        var discovery = await TestServer.JsonAsync(await server.GetAsync("/.well-known/openid-configuration"));
        Assert.Contains("urn:example:ping", discovery.GetProperty("grant_types_supported").EnumerateArray().Select(g => g.GetString()));

        // Who may use it is the endpoint's business, and the grant need not think of it.
        Assert.Equal("unauthorized_client", (await TestServer.JsonAsync(await server.TokenAsync(form, ("other", SharedServer.Secret)))).GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.TokenAsync(form, ("pinger", "wrong"))).StatusCode);
    }

    [Fact]
    public void The_README_shows_the_very_class()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IdentityServer.sln"))) folder = folder.Parent!;
        static string Plain(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");
        var source = Plain(Path.Combine(folder.FullName, "tests", "AuthServer.ProtocolTests", "House", "PingGrant.cs"));
        Assert.Contains(source[source.IndexOf("internal sealed class", StringComparison.Ordinal)..].Trim(), Plain(Path.Combine(folder.FullName, "README.md")), StringComparison.Ordinal);
    }
}
