using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>Nobody gets by way of a client what they do not have.</summary>
public sealed class ClientPowerTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private TestServer Server => shared.Server;

    private static string NewId() => "p-" + Guid.NewGuid().ToString("N")[..10];

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string token, string? json = null) => (await Server.AdminAsync(method, path, token, json)).StatusCode;

    /// <summary>Each way to get hold of what a client may do.</summary>
    public static TheoryData<string, string, string?> Ways => new()
    {
        { "POST", "/secret", "{}" },
        { "PATCH", "", """{"client_name":"Mine"}""" },
        { "PATCH", "", """{"token_endpoint_auth_method":"client_secret_post"}""" },
        { "PATCH", "", """{"scope":null}""" },
        { "POST", "/enable", null },
        { "POST", "/disable", null },
        { "DELETE", "", null },
    };

    [Theory, MemberData(nameof(Ways))]
    public async Task Whoever_lacks_a_right_does_not_touch_a_client_that_has_it(string method, string path, string? json)
    {
        var id = NewId();
        var both = await Server.AdminTokenAsync(AdminRights.ClientsWrite, AdminRights.UsersWrite);
        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Post, "/clients", both, $$"""{"kind":"service","client_id":"{{id}}","scope":"users:write"}"""));

        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(new HttpMethod(method), $"/clients/{id}{path}", await Server.AdminTokenAsync(AdminRights.ClientsWrite, AdminRights.Read), json));
        Assert.InRange((int)await SendAsync(new HttpMethod(method), $"/clients/{id}{path}", both, json), 200, 204);
    }

    [Fact]
    public async Task A_right_is_handed_to_a_client_only_by_who_has_it()
    {
        var (id, writer) = (NewId(), await Server.AdminTokenAsync(AdminRights.ClientsWrite, AdminRights.UsersRead));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "/clients", writer, """{"kind":"service","scope":"users:write"}"""));
        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Post, "/clients", writer, $$"""{"kind":"service","client_id":"{{id}}","scope":"notes"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Patch, "/clients/" + id, writer, """{"scope":"notes keys:write"}"""));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Patch, "/clients/" + id, writer, """{"scope":"notes users:read"}"""));
    }

    [Fact]
    public async Task A_reader_reads_and_no_more()
    {
        var reader = await Server.AdminTokenAsync(AdminRights.Read);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/clients/web", reader));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Patch, "/clients/web", reader, "{}"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Get, "/clients/web", await Server.AdminTokenAsync(AdminRights.ClientsWrite)));
    }

    [Theory]
    [InlineData("openid"), InlineData("users:write"), InlineData("admin:read")]
    public async Task The_servers_own_scopes_are_not_changed_by_anybody(string name)
    {
        var token = await Server.AdminTokenAsync();
        Assert.True((await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, "/scopes/" + name, token))).GetProperty("built_in").GetBoolean());
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Patch, "/scopes/" + name, token, """{"reserved":false}"""));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Delete, "/scopes/" + name, token));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Post, "/scopes", token, $$"""{"name":"{{name}}","reserved":false}"""));
    }

    [Fact]
    public async Task Each_write_is_in_the_audit_trail_with_who_did_it()
    {
        var (id, token) = (NewId(), await Server.AdminTokenAsync(AdminRights.ClientsWrite, AdminRights.AuditRead));
        await SendAsync(HttpMethod.Post, "/clients", token, $$"""{"kind":"service","client_id":"{{id}}"}""");
        await SendAsync(HttpMethod.Patch, "/clients/" + id, token, """{"client_name":"N"}""");
        await SendAsync(HttpMethod.Post, $"/clients/{id}/secret", token, "{}");
        await SendAsync(HttpMethod.Post, $"/clients/{id}/disable", token);
        await SendAsync(HttpMethod.Delete, "/clients/" + id, token);
        await Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);

        var lines = (await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, "/audit?target=client:" + id, token))).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(["removed", "disabled", "secret rotated", "changed", "added"], lines.Select(l => l.GetProperty("detail").GetString()));
        Assert.All(lines, l => Assert.StartsWith("client:admin-", l.GetProperty("actor").GetString(), StringComparison.Ordinal));
    }
}
