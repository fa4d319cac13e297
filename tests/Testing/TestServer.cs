using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Mail;
using AuthServer.Hosting;
using AuthServer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AuthServer.Testing;

public enum TestStorage
{
    Sqlite,
    PostgreSql,
}

public sealed class TestServerSettings
{
    public TestStorage Provider { get; init; }

    /// <summary>A real port and the real clock, for clients that run outside this process. Otherwise in memory, with a clock that tests move.</summary>
    public bool Kestrel { get; init; }

    public string Environment { get; init; } = "Production";

    /// <summary>Shared with another server, to have two nodes on one database.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Shared with another server together with its database.</summary>
    public string? Home { get; init; }

    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>The last word on what is registered, to put something of the test's own in its place.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}

public sealed record TestUser(string Id, string UserName, string Password);

/// <summary>The server, whole, as its users meet it; one per fixture.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly WebApplication _app;
    private readonly bool _ownsHome;

    private TestServer(WebApplication app, string issuer, ManualTimeProvider clock, string home, string connectionString, bool ownsHome, CapturedLog log)
    {
        (_app, Issuer, Clock, Home, ConnectionString, _ownsHome, Log) = (app, issuer, clock, home, connectionString, ownsHome, log);
        Http = new HttpClient(NewHandler()) { BaseAddress = new Uri(issuer) };
    }

    public string Issuer { get; }

    public HttpClient Http { get; }

    /// <summary>Moves nothing where the server runs on the real clock.</summary>
    public ManualTimeProvider Clock { get; }

    public string Home { get; }

    public string ConnectionString { get; }

    /// <summary>What the server has written to people.</summary>
    public required SentMail Mail { get; init; }

    /// <summary>Everything the server logged.</summary>
    public CapturedLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestServer> StartAsync(TestServerSettings? settings = null)
    {
        settings ??= new TestServerSettings();
        var home = settings.Home ?? Directory.CreateTempSubdirectory("authserver").FullName;
        var connectionString = settings.ConnectionString
            ?? (settings.Provider == TestStorage.Sqlite ? $"Data Source={Path.Combine(home, "authserver.db")}" : await PostgreSqlCluster.CreateDatabaseAsync());
        var port = settings.Kestrel ? PostgreSqlCluster.FreePort() : 0;
        var issuer = settings.Kestrel ? $"http://localhost:{port}" : "https://auth.test";
        var clock = new ManualTimeProvider(settings.Kestrel ? TimeProvider.System.GetUtcNow() : new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var log = new CapturedLog();

        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["environment"] = settings.Kestrel ? "Development" : settings.Environment,
            ["Issuer"] = issuer,
            ["AUTHSERVER_HOME"] = home,
            ["Storage:Provider"] = settings.Provider.ToString(),
            ["ConnectionStrings:AuthServer"] = connectionString,
            ["Accounts:Argon2Memory"] = "8192",
            ["Accounts:Argon2Iterations"] = "1",
            ["Accounts:HashQueue"] = "1000",
        };
        if (settings.Kestrel) all["Urls"] = issuer;
        foreach (var (name, value) in settings.Settings) all[name] = value;

        var builder = Server.CreateBuilder([.. all.Select(s => $"--{s.Key}={s.Value}")]);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        if (!settings.Kestrel)
        {
            builder.WebHost.UseTestServer();
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        }

        var mail = new SentMail();
        builder.Services.Replace(ServiceDescriptor.Singleton<IMailTransport>(mail));
        settings.Services?.Invoke(builder.Services);
        var app = builder.Build();
        try
        {
            await app.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
            app.UsePipeline();
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            if (settings.Home is null) Directory.Delete(home, recursive: true);
            throw;
        }

        mail.Attach(app.Services);
        return new TestServer(app, issuer, clock, home, connectionString, settings.Home is null, log) { Mail = mail };
    }

    /// <summary>Everything secret that went in or out.</summary>
    public SecretsInUse Secrets { get; } = new();

    /// <summary>Every answer, held against what is kept. A server whose answers showed some of it does not end in peace.</summary>
    public ResponsesSeen Responses { get; } = new();

    /// <summary>Without cookies, without following redirects.</summary>
    public HttpMessageHandler NewHandler() => new NotingHandler(NewTransport(), Secrets, Responses);

    private HttpMessageHandler NewTransport() => _app.Services.GetService<Microsoft.AspNetCore.Hosting.Server.IServer>() is Microsoft.AspNetCore.TestHost.TestServer memory
        ? memory.CreateHandler()
        : new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };

    public TestBrowser NewBrowser() => new(this);

    public async Task<Client> AddClientAsync(Client client, string? secret = null)
    {
        if (secret is not null)
        {
            Responses.AddKept(secret);
            // Hashed as a made secret: a test does not wait for the slow hash that chosen ones get.
            var readable = client.TokenEndpointAuthMethod == "client_secret_jwt" ? Engine.ClientAuthentication.ReadableSecret.Encrypt(Services.GetRequiredService<KeyEncryption>(), secret) : null;
            client = client with { Secrets = [new ClientSecret(ClientSecret.HashOfMade(secret), Encrypted: readable)] };
        }

        if (ClientMetadata.Objections(client) is [var objection, ..]) throw new InvalidOperationException(objection);
        await Services.GetRequiredService<ClientStore>().UpsertAsync(client, null, CancellationToken.None);
        await Services.GetRequiredService<ClientRegistry>().ReloadAsync(CancellationToken.None);
        return client;
    }

    public async Task AddScopeAsync(ScopeDefinition scope)
    {
        await Services.GetRequiredService<ClientStore>().UpsertScopeAsync(scope, CancellationToken.None);
        await Services.GetRequiredService<ClientRegistry>().ReloadAsync(CancellationToken.None);
    }

    public async Task<TestUser> AddUserAsync(string userName, string? claims = null, string password = Password)
    {
        Responses.AddKept(password);
        await using var scope = Services.CreateAsyncScope();
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var user = new User { UserName = userName, CreatedAt = now, UpdatedAt = now };
        if (claims is not null)
        {
            using var json = JsonDocument.Parse(claims);
            if (UserProfile.Apply(json.RootElement, user) is { Count: > 0 } faults) throw new InvalidOperationException(string.Join("; ", faults));
        }

        var created = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, password);
        if (!created.Succeeded) throw new InvalidOperationException(string.Join("; ", created.Errors.Select(e => e.Description)));
        return new TestUser(user.Id, userName, password);
    }

    public Task<HttpResponseMessage> PostAsync(string path, (string Name, string? Value)[] form, (string Id, string Secret)? basic = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Name, f.Value!))) };
        if (basic is var (id, secret))
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(id) + ":" + Uri.EscapeDataString(secret))));
        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> TokenAsync((string Name, string? Value)[] form, (string Id, string Secret)? basic = null) => PostAsync("/connect/token", form, basic);

    /// <summary>With a Bearer token.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, string? accessToken = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return Http.SendAsync(request);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public async Task<JsonElement> IntrospectAsync(string token, (string Id, string Secret) basic) =>
        await JsonAsync(await PostAsync("/connect/introspect", [("token", token)], basic));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        // A test may have taken the database away; what was looked at until then counts.
        try { await Responses.LookForStoredAsync(Services); }
        catch (Exception fault) when (StorageFault.IsIn(fault)) { }

        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_ownsHome) Directory.Delete(Home, recursive: true);
        if (Responses.Leaks.Count > 0) throw new InvalidOperationException("Answers showed what is kept:\n" + string.Join('\n', Responses.Leaks.Distinct()));
    }
}
