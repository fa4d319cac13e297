using System.Globalization;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

[CollectionDefinition(Name)]
public sealed class Chromium : ICollectionFixture<ChromiumFixture>
{
    public const string Name = "Chromium";
}

/// <summary>The whole server on a real port, an app to come back to, and a real browser.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    /// <summary>A browser that asks nobody but us for anything. Root can run it without its sandbox only.</summary>
    private static string[] Arguments { get; } =
    [
        "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        .. Environment.UserName == "root" ? (string[])["--no-sandbox"] : [],
    ];

    private IPlaywright? _playwright;
    private WebApplication? _app;
    private int _users;

    public TestServer Server { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Where the app waits for its answer: another origin than the server's.</summary>
    public string Callback { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(new TestServerSettings
        {
            Kestrel = true,
            // Buttons only: nobody presses them.
            Settings =
            {
                ["Upstream:Providers:google:Kind"] = "Google", ["Upstream:Providers:google:ClientId"] = "shown-only",
                ["Upstream:Providers:corp:Issuer"] = "https://corp.example", ["Upstream:Providers:corp:DisplayName"] = "Acme Staff", ["Upstream:Providers:corp:ClientId"] = "shown-only",
            },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(static http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<!DOCTYPE html><title>Notes</title><h1>Notes</h1>");
        });
        await _app.StartAsync();
        Callback = _app.Urls.First() + "/callback";

        await Server.AddClientAsync(new Client
        {
            ClientId = "notes", ClientName = "Notes", TokenEndpointAuthMethod = "none", GrantTypes = ["authorization_code"], RedirectUris = [Callback],
            PostLogoutRedirectUris = [Callback], PolicyUri = "https://notes.example/privacy", TosUri = "https://notes.example/terms",
        });
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null) await Browser.CloseAsync();
        _playwright?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        await Server.DisposeAsync();
    }

    public Task<TestUser> AddUserAsync() => Server.AddUserAsync("alice" + Interlocked.Increment(ref _users).ToString(CultureInfo.InvariantCulture));

    /// <summary>A browser of its own: no cookie is shared between tests.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = Server.Issuer;
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    public string AuthorizeUrl(params (string Name, string? Value)[] more) => TestFlows.AuthorizeUrl(
    [
        ("client_id", "notes"), ("response_type", "code"), ("redirect_uri", Callback), ("scope", "openid profile email"), ("state", "st"),
        ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256"), .. more,
    ]);

    /// <summary>The address of the page where a logout is confirmed.</summary>
    public string LogoutUrl() => "/logout?request=" + Uri.EscapeDataString(Server.Services.GetRequiredService<LogoutRequests>().Write(new LogoutRequest { ClientName = "Notes", RedirectUrl = Callback }));

    public static async Task SignInAsync(IPage page, TestUser user)
    {
        await page.GetByLabel("User name or email address").FillAsync(user.UserName);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(user.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }
}
