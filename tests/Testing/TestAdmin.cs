using System.Net.Http.Headers;
using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Testing;

/// <summary>How tests administer a server over the wire.</summary>
public static class TestAdmin
{
    public const string Api = "/api/admin/v1";
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Callback = "https://console.test/cb";

    /// <summary>A token of a client that was given these scopes: <c>await server.AdminTokenAsync(AdminRights.UsersWrite)</c>. None: every right there is.</summary>
    public static async Task<string> AdminTokenAsync(this TestServer server, params string[] scopes)
    {
        var client = new Client
        {
            ClientId = "admin-" + Guid.NewGuid().ToString("N")[..8], GrantTypes = [GrantTypes.ClientCredentials], ResponseTypes = [],
            Scope = ScopeSet.From(scopes is [] ? AdminRights.All.Select(static r => r.Name) : scopes),
        };
        await server.AddClientAsync(client, Secret);
        var answer = await TestServer.JsonAsync(await server.TokenAsync([("grant_type", GrantTypes.ClientCredentials), ("scope", client.Scope!.ToString())], (client.ClientId, Secret)));
        return answer.GetProperty("access_token").GetString()!;
    }

    /// <summary>A token of a person for these scopes: what they may do with it is what they have the rights for.</summary>
    public static async Task<string> AdminTokenAsync(this TestServer server, TestUser user, params string[] scopes)
    {
        var wanted = scopes is [] ? [.. AdminRights.All.Select(static r => r.Name)] : scopes;
        var client = new Client { ClientId = "console-" + Guid.NewGuid().ToString("N")[..8], RedirectUris = [Callback], ConsentType = ConsentTypes.Implicit, Scope = ScopeSet.From([StandardScopes.OpenId, .. wanted]) };
        await server.AddClientAsync(client, Secret);
        return (await server.SignInAsync(client.ClientId, Secret, Callback, user, client.Scope!.ToString())).AccessToken;
    }

    public static async Task<TestUser> AddAdministratorAsync(this TestServer server, string userName)
    {
        var user = await server.AddUserAsync(userName);
        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Set<User>().Where(u => u.Id == user.Id).ExecuteUpdateAsync(static set => set.SetProperty(static u => u.IsAdministrator, true));
        return user;
    }

    /// <param name="path">Under the administration API, <c>/users</c>; or from the root, <c>/scim/v2/Users</c>, where it begins with <c>//</c>.</param>
    public static Task<HttpResponseMessage> AdminAsync(this TestServer server, HttpMethod method, string path, string? token, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path.StartsWith("//", StringComparison.Ordinal) ? path[1..] : Api + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return server.Http.SendAsync(request);
    }
}
