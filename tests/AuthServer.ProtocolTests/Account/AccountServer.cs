using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.ProtocolTests.Account;

/// <summary>The server as a person sees it who looks after their account; on each of the two databases.</summary>
public abstract class AccountServer : SharedServer
{
    private int _users;

    protected abstract TestStorage Storage { get; }

    protected override TestServerSettings Settings => new() { Provider = Storage };

    /// <summary>Somebody nobody else in these tests changes anything about.</summary>
    public Task<TestUser> NewUserAsync(string? claims = null)
    {
        var name = "person" + Interlocked.Increment(ref _users).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Server.AddUserAsync(name, claims ?? $$"""{"email":"{{name}}@example.com","email_verified":true}""");
    }

    public Task<TestBrowser> SignedInAsync(TestUser user) => SignedInAsync(Server, user);

    public static async Task<TestBrowser> SignedInAsync(TestServer server, TestUser user)
    {
        var browser = server.NewBrowser();
        var page = await browser.SignInAsync(await browser.GetAsync("/login?next=/account"), user.UserName, user.Password);
        return page.Url.AbsolutePath == "/account" ? browser : throw new InvalidOperationException($"{page.Status} at {page.Url}");
    }

    /// <summary>A whole sign-in at the app "web".</summary>
    public Task<TestFlow> OpenAppAsync(TestUser user, TestBrowser? browser = null, string clientId = "web", string scope = "openid") =>
        Server.SignInAsync(clientId, Secret, clientId == "other" ? OtherCallback : Callback, user, scope, browser);

    /// <summary>What is recorded is written behind the caller's back.</summary>
    public Task FlushAuditAsync() => Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);

    public async Task<bool> IsRefreshRefusedAsync(TestFlow flow, string clientId = "web") =>
        (await Server.RefreshAsync(clientId, Secret, flow.RefreshToken!)).StatusCode == HttpStatusCode.BadRequest;

    public async Task<bool> IsAccessTokenRefusedAsync(TestFlow flow) =>
        (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode == HttpStatusCode.Unauthorized;

    /// <summary>Whether the cookie of this browser still is somebody's.</summary>
    public static async Task<bool> IsSignedOutAsync(TestBrowser browser) => (await browser.GetAsync("/account")).Url.AbsolutePath == "/login";

    /// <summary>Posts a form of a page with other values than it shows: what a person with developer tools can do.</summary>
    public static Task<BrowserPage> PostAsync(TestBrowser browser, BrowserPage page, string path, params (string Name, string Value)[] values)
    {
        var form = page.Document.QuerySelectorAll<IHtmlFormElement>("form").First(f => string.Equals(f.Method, "post", StringComparison.OrdinalIgnoreCase));
        form.SetAttribute("action", path);
        return browser.SubmitAsync(page, values.ToDictionary(v => v.Name, v => v.Value));
    }
}

public sealed class SqliteAccounts : AccountServer
{
    protected override TestStorage Storage => TestStorage.Sqlite;
}

public sealed class PostgreSqlAccounts : AccountServer
{
    protected override TestStorage Storage => TestStorage.PostgreSql;
}
