using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AuthServer.ProtocolTests.Upstream;

/// <summary>A server with three other providers: one that is believed about addresses, one that is not and makes no accounts, and GitHub.</summary>
public abstract class UpstreamServer(TestStorage storage) : IAsyncLifetime
{
    public FakeProvider Provider { get; } = new();

    public TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(new TestServerSettings
        {
            Provider = storage,
            Services = s => s.Replace(ServiceDescriptor.Singleton<IOutboundDocuments>(Provider)),
            Settings =
            {
                ["Upstream:Providers:corp:Issuer"] = FakeProvider.Issuer, ["Upstream:Providers:corp:DisplayName"] = "Corp", ["Upstream:Providers:corp:ClientId"] = "our-id",
                ["Upstream:Providers:corp:ClientSecret"] = FakeProvider.Secret, ["Upstream:Providers:corp:TrustEmail"] = "true", ["Upstream:Providers:corp:ClaimMapping:fancy_name"] = "nickname",
                ["Upstream:Providers:closed:Issuer"] = FakeProvider.Issuer, ["Upstream:Providers:closed:ClientId"] = "our-id", ["Upstream:Providers:closed:ClientSecret"] = FakeProvider.Secret,
                ["Upstream:Providers:closed:CreateAccounts"] = "false", ["Upstream:Providers:closed:TrustMultiFactor"] = "true",
                ["Upstream:Providers:mapped:Issuer"] = FakeProvider.Issuer, ["Upstream:Providers:mapped:ClientId"] = "our-id", ["Upstream:Providers:mapped:ClientSecret"] = FakeProvider.Secret,
                ["Upstream:Providers:mapped:TrustEmail"] = "true", ["Upstream:Providers:mapped:ClaimMapping:mail"] = "email",
                ["Upstream:Providers:vouched:Issuer"] = FakeProvider.Issuer, ["Upstream:Providers:vouched:ClientId"] = "our-id", ["Upstream:Providers:vouched:ClientSecret"] = FakeProvider.Secret,
                ["Upstream:Providers:vouched:TrustEmail"] = "true", ["Upstream:Providers:vouched:ClaimMapping:mail"] = "email", ["Upstream:Providers:vouched:ClaimMapping:mail_checked"] = "email_verified",
                ["Upstream:Providers:ms-common:Kind"] = "Microsoft", ["Upstream:Providers:ms-common:ClientId"] = "our-id", ["Upstream:Providers:ms-common:ClientSecret"] = FakeProvider.Secret,
                ["Upstream:Providers:ms-personal:Kind"] = "Microsoft", ["Upstream:Providers:ms-personal:Tenant"] = "consumers", ["Upstream:Providers:ms-personal:ClientId"] = "our-id",
                ["Upstream:Providers:ms-personal:ClientSecret"] = FakeProvider.Secret,
                ["Upstream:Providers:github:Kind"] = "GitHub", ["Upstream:Providers:github:ClientId"] = "our-id", ["Upstream:Providers:github:ClientSecret"] = FakeProvider.Secret,
            },
        });
        Provider.Server = Server;
        await Server.AddClientAsync(Security.AttackedServer.ClientOf("web"), Security.AttackedServer.Secret);
    }

    public async Task DisposeAsync()
    {
        var shown = Server.Secrets.ShownIn(Server.Log).Concat(new[] { FakeProvider.Secret, "at-of-corp", "gho_token_of_octo" }.Where(secret => Server.Log.Text.Contains(secret, StringComparison.Ordinal))).ToList();
        await Server.DisposeAsync();
        Assert.True(shown.Count == 0, $"The log shows a secret: {shown.FirstOrDefault()}");
    }

    /// <summary>Presses the provider's button: answers where the browser would go.</summary>
    public static async Task<Uri> LeaveAsync(TestBrowser browser, string provider = "corp", string query = "") => DestinationOf(await PressButtonAsync(browser, provider, query));

    private static async Task<BrowserPage> PressButtonAsync(TestBrowser browser, string provider, string query)
    {
        var login = await browser.GetAsync("/login" + query);
        var form = login.Document.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.StartsWith("/login/upstream/" + provider, StringComparison.Ordinal));
        form.QuerySelector<IHtmlButtonElement>("button")!.SetAttribute("value", "go-" + provider);
        return await browser.SubmitAsync(login, new Dictionary<string, string>(), "go-" + provider);
    }

    /// <summary>Presses the button of a provider that may be away: answers what comes.</summary>
    public static async Task<System.Net.HttpStatusCode> PressAsync(TestBrowser browser, string provider = "corp") => (await PressButtonAsync(browser, provider, "")).Status;

    public static Uri DestinationOf(BrowserPage page) =>
        page.Document.QuerySelector("a[rel=noreferrer]") is { } link ? new Uri(link.GetAttribute("href")!) : throw new InvalidOperationException($"{page.Status} {page.Url}: {page.Document.Body!.TextContent}");

    /// <summary>There and back.</summary>
    public async Task<BrowserPage> SignInAsync(TestBrowser browser, string subject, string provider = "corp", string query = "") =>
        await browser.GetAsync(Provider.Approve(await LeaveAsync(browser, provider, query), subject));

    public async Task<User?> FindAsync(string provider, string subject)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByLoginAsync(provider, subject);
    }

    public async Task<int> CountUsersAsync()
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return scope.ServiceProvider.GetRequiredService<UserManager<User>>().Users.Count();
    }

    public async Task AssertRefusedAsync(TestBrowser browser, BrowserPage page, int usersBefore)
    {
        Assert.True((int)page.Status is >= 400 and < 503, $"{page.Status} {page.Url}");
        Assert.Null(page.Callback);
        Assert.Equal("/login", (await browser.GetAsync("/account")).Url.AbsolutePath);
        Assert.Equal(usersBefore, await CountUsersAsync());
    }
}

public sealed class UpstreamOnSqlite() : UpstreamServer(TestStorage.Sqlite);

public sealed class UpstreamOnPostgreSql() : UpstreamServer(TestStorage.PostgreSql);
