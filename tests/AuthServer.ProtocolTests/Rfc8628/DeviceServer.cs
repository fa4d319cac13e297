using System.Net;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.Security;
using AuthServer.Testing;

namespace AuthServer.ProtocolTests.Rfc8628;

/// <summary>What a device was given (RFC 8628 §3.2).</summary>
public sealed record DeviceCodes(JsonElement Json)
{
    public string DeviceCode => Json.GetProperty("device_code").GetString()!;

    public string UserCode => Json.GetProperty("user_code").GetString()!;
}

/// <summary>A server with a television of the house, one of strangers, and a box that keeps a secret.</summary>
public abstract class DeviceServer(TestStorage storage, int nodes = 1) : AttackedServer(storage, nodes)
{
    public static Client Television(string clientId) => new()
    {
        ClientId = clientId,
        ClientName = "Living room " + clientId,
        ApplicationType = "native",
        TokenEndpointAuthMethod = "none",
        GrantTypes = [GrantTypes.DeviceCode, GrantTypes.RefreshToken],
        ResponseTypes = [],
        ConsentType = ConsentTypes.Implicit,
    };

    protected override async Task PrepareAsync(TestServer server)
    {
        await server.AddClientAsync(Television("tv"));
        await server.AddClientAsync(Television("foreign-tv") with { ConsentType = ConsentTypes.Explicit });
        await server.AddClientAsync(Television("plain-tv") with { GrantTypes = [GrantTypes.DeviceCode], Scope = ScopeSet.Parse("openid offline_access") });
        await server.AddClientAsync(Television("box") with { ApplicationType = "web", TokenEndpointAuthMethod = "client_secret_basic" }, Secret);
    }
}

public sealed class DevicesOnSqlite() : DeviceServer(TestStorage.Sqlite);

public sealed class DevicesOnPostgreSql() : DeviceServer(TestStorage.PostgreSql);

public sealed class DevicesOnTwoNodes() : DeviceServer(TestStorage.PostgreSql, nodes: 2);

/// <summary>The steps of a device and of its person.</summary>
internal static class DeviceSteps
{
    public static async Task<DeviceCodes> AskAsync(this TestServer server, string clientId = "tv", string? scope = "openid", params (string Name, string? Value)[] more)
    {
        var answer = await server.PostAsync("/connect/deviceauthorization", [("client_id", clientId), ("scope", scope), .. more]);
        return answer.StatusCode == HttpStatusCode.OK ? new DeviceCodes(await TestServer.JsonAsync(answer)) : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    public static Task<HttpResponseMessage> PollAsync(this TestServer server, DeviceCodes codes, string clientId = "tv") =>
        server.TokenAsync([("grant_type", GrantTypes.DeviceCode), ("device_code", codes.DeviceCode), ("client_id", clientId)]);

    /// <summary>The OAuth error of an answer; null where it has tokens.</summary>
    public static async Task<string?> ErrorAsync(this Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        var json = await TestServer.JsonAsync(response);
        return json.TryGetProperty("error", out var error) ? error.GetString() : null;
    }

    public static async Task<JsonElement> TokensAsync(this TestServer server, DeviceCodes codes, string clientId = "tv")
    {
        using var response = await server.PollAsync(codes, clientId);
        var body = await TestServer.JsonAsync(response);
        return response.StatusCode == HttpStatusCode.OK ? body : throw new InvalidOperationException(body.ToString());
    }

    public static async Task<BrowserPage> TypeAsync(this TestBrowser browser, string code) =>
        await browser.SubmitAsync(await browser.GetAsync("/device"), new Dictionary<string, string> { ["user_code"] = code });

    /// <summary>Types the code and signs in where that is asked for, until the page on which the person decides.</summary>
    public static async Task<BrowserPage> ToDecisionAsync(this TestBrowser browser, DeviceCodes codes, TestUser user)
    {
        var page = await browser.WalkAsync(await browser.TypeAsync(codes.UserCode), user);
        return page.Url.AbsolutePath == "/device/approve" && page.Status == HttpStatusCode.OK ? page : throw new InvalidOperationException($"{page.Status} {page.Url}: {page.Document.Body?.TextContent.Trim()}");
    }

    public static Task<BrowserPage> DecideAsync(this TestBrowser browser, BrowserPage page, string decision) => browser.SubmitAsync(page, new Dictionary<string, string>(), decision);

    public static async Task<BrowserPage> ApproveAsync(this TestBrowser browser, DeviceCodes codes, TestUser user) => await browser.DecideAsync(await browser.ToDecisionAsync(codes, user), "allow");
}
