using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthServer.Testing;

/// <summary>A throw-away PostgreSQL cluster of this test process: started when first needed, gone at its end. Needs the server's programs, which ./test.sh installs.</summary>
public sealed class PostgreSqlCluster
{
    private static readonly Lazy<Task<PostgreSqlCluster>> Started = new(StartAsync);
    private static int _count;

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;

    private PostgreSqlCluster(string programs, string folder, int port) => (_programs, _folder, _port) = (programs, folder, port);

    /// <summary>The connection string of a fresh database: empty, or a copy of the one that <paramref name="template"/> connects to, which nobody may use at that moment.</summary>
    public static async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var cluster = await Started.Value;
        var name = $"test{Interlocked.Increment(ref _count)}";
        await cluster.ExecuteAsync($"CREATE DATABASE {name}" + (template is null ? "" : " TEMPLATE " + new NpgsqlConnectionStringBuilder(template).Database));
        return cluster.ConnectionString(name);
    }

    /// <summary>Gives the space back at once; whatever is still connected loses its connection.</summary>
    public static async Task DropDatabaseAsync(string connectionString)
    {
        var cluster = await Started.Value;
        await cluster.ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Maximum Pool Size=40";

    private static async Task<PostgreSqlCluster> StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(v => Path.Combine(v, "bin")).LastOrDefault(b => File.Exists(Path.Combine(b, "initdb")))
            : null;
        if (programs is null) throw new InvalidOperationException("PostgreSQL is not installed; run ./test.sh, it installs PostgreSQL.");

        // Short, because the path of its socket may have 107 characters at most.
        var folder = Path.Combine(Path.GetTempPath(), "pg" + Guid.NewGuid().ToString("N")[..10]);
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root") await RunAsync("chown", "postgres", folder);
        await RunAsOwnerAsync(Path.Combine(programs, "initdb"), "-D", folder + "/data", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync");
        var port = FreePort();
        await RunAsOwnerAsync(Path.Combine(programs, "pg_ctl"), "-w", "-D", folder + "/data", "-l", folder + "/log", "-o",
            $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300", "start");
        var cluster = new PostgreSqlCluster(programs, folder, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Stop();
        return cluster;
    }

    private void Stop()
    {
        RunAsOwnerAsync(Path.Combine(_programs, "pg_ctl"), "-D", _folder + "/data", "-m", "immediate", "stop").GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static Task RunAsOwnerAsync(string program, params string[] arguments) =>
        Environment.UserName == "root" ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]) : RunAsync(program, arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Not redirected: the server that pg_ctl starts would keep the pipes open for ever.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
