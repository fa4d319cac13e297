using System.Text.Json;

namespace AuthServer.Benchmarks.Load;

/// <summary>AuthServer as an operator would set it up: clients and a user by its command line, then one start on an empty and one on an existing database.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string UserName = "bench";
    public const string Password = "correct-horse-battery-staple-7";

    private readonly ThrowAwayPostgreSql? _postgres;

    private readonly Func<int?, Task<ServerProcess>> _start;

    private ServerUnderTest(ServerProcess process, Func<int?, Task<ServerProcess>> start, IReadOnlyDictionary<string, string> secrets, ThrowAwayPostgreSql? postgres) => (Process, _start, Secrets, _postgres) = (process, start, secrets, postgres);

    public ServerProcess Process { get; private set; }

    /// <summary>Null over SQLite.</summary>
    public ThrowAwayPostgreSql? PostgreSql => _postgres;

    /// <summary>By client id.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; }

    public TimeSpan DatabaseProcessorTime() => _postgres?.ProcessorTime() ?? TimeSpan.Zero;

    public static async Task<ServerUnderTest> StartAsync(string dll, string folder, bool postgreSql)
    {
        var postgres = postgreSql ? await ThrowAwayPostgreSql.StartAsync() : null;
        try
        {
            var environment = new Dictionary<string, string> { ["AUTHSERVER_HOME"] = Directory.CreateDirectory(Path.Combine(folder, postgreSql ? "home-pg" : "home")).FullName, ["DOTNET_ENVIRONMENT"] = "Development" };
            if (postgres is not null) (environment["Storage__Provider"], environment["ConnectionStrings__AuthServer"]) = ("PostgreSql", postgres.ConnectionString);

            var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var client in Clients())
            {
                var file = Path.Combine(folder, "client.json");
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(client));
                using var added = JsonDocument.Parse(await ServerProcess.RunAsync(dll, environment, "client", "add", "--file", file, "--json"));
                secrets[added.RootElement.GetProperty("client_id").GetString()!] = added.RootElement.GetProperty("client_secret").GetString()!;
            }

            await ServerProcess.RunAsync(dll, environment, "user", "add", "--username", UserName, "--email", "bench@example.com", "--password", Password);
            Task<ServerProcess> Start(int? port) => ServerProcess.StartAsync(dll, "/.well-known/openid-configuration", environment, port);
            return new ServerUnderTest(await Start(null), Start, secrets, postgres);
        }
        catch
        {
            if (postgres is not null) await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it and starts it again at the same address.</summary>
    public async Task RestartAsync()
    {
        var port = Process.Address.Port;
        await Process.DisposeAsync();
        Process = await _start(port);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    private static IEnumerable<Dictionary<string, object>> Clients()
    {
        yield return Machine("es256", []);
        yield return Machine("rs256", new() { ["access_token_signed_response_alg"] = "RS256" });
        yield return Machine("opaque", new() { ["access_token_format"] = "opaque" });
        yield return Machine("operator", new() { ["scope"] = "admin:read" });
        yield return new()
        {
            ["client_id"] = "web",
            ["token_endpoint_auth_method"] = "client_secret_post",
            ["grant_types"] = new[] { "authorization_code", "refresh_token" },
            ["redirect_uris"] = new[] { CodeFlow.RedirectUri },
            ["consent_type"] = "implicit",
            ["scope"] = "openid profile email offline_access notes",
        };
    }

    private static Dictionary<string, object> Machine(string id, Dictionary<string, object> more)
    {
        var client = new Dictionary<string, object> { ["client_id"] = id, ["token_endpoint_auth_method"] = "client_secret_post", ["grant_types"] = new[] { "client_credentials" }, ["scope"] = "notes" };
        foreach (var (name, value) in more) client[name] = value;
        return client;
    }
}
