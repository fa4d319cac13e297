using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthServer.Testing;

/// <summary>A throw-away PostgreSQL cluster of this test process: started when first needed, gone at its end. Needs the server's programs, which ./test.sh installs.</summary>
public sealed class PostgreSqlCluster
{
    private static readonly Lazy<Task<PostgreSqlCluster>> Started = new(StartAsync);
    private static int _count;

    private readonly int _port;

    private PostgreSqlCluster(int port) => _port = port;

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
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(VersionOf).Select(v => Path.Combine(v, "bin")).LastOrDefault(b => File.Exists(Path.Combine(b, "initdb")))
            : null;
        if (programs is null) throw new InvalidOperationException("PostgreSQL is not installed; run ./test.sh, it installs PostgreSQL.");

        // Short, because the path of its socket may have 107 characters at most.
        var folder = Path.Combine(Path.GetTempPath(), "pg" + Guid.NewGuid().ToString("N")[..10]);
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root") await RunAsync("chown", "postgres", folder);
        await RunAsOwnerAsync(Path.Combine(programs, "initdb"), "-D", folder + "/data", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync");
        StopWithThisProcess(folder);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                await RunAsOwnerAsync(Path.Combine(programs, "pg_ctl"), "-w", "-D", folder + "/data", "-l", folder + "/log", "-o",
                    $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300", "start");
                return new PostgreSqlCluster(port);
            }
            catch (InvalidOperationException) when (attempt < 5 && File.Exists(folder + "/log"))
            {
                // Another process took the port in the moment between.
            }
            catch (InvalidOperationException fault) when (File.Exists(folder + "/log"))
            {
                throw new InvalidOperationException($"PostgreSQL does not start: {await File.ReadAllTextAsync(folder + "/log")}", fault);
            }
        }
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>A watcher of its own session ends the cluster and deletes it, however this process ends: at its end, by a time limit, killed.</summary>
    private static void StopWithThisProcess(string folder)
    {
        const string Watch = """
            while [ -d "/proc/$1" ]; do sleep 1; done
            pid=$(head -n 1 "$2/data/postmaster.pid") && kill -QUIT "$pid" && while [ -d "/proc/$pid" ]; do sleep 0.1; done
            rm -rf "$2"
            """;
        using var watcher = Process.Start(WithoutPipes("setsid", "sh", "-c", Watch, "watch", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder));
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
        using var process = Process.Start(WithoutPipes(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    /// <summary>Not redirected: what lives on after the started program would keep the pipes open for ever.</summary>
    private static ProcessStartInfo WithoutPipes(string program, params string[] arguments) =>
        new("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/" };
}
