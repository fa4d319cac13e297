using System.Diagnostics;

namespace AuthServer.Benchmarks.Load;

/// <summary>A PostgreSQL cluster of this run: in a temporary folder, on a free loopback port, gone at the end. It commits to disk as a real one does.</summary>
internal sealed class ThrowAwayPostgreSql : IAsyncDisposable
{
    private readonly string _programs;
    private readonly string _folder;
    private readonly int _postmaster;

    private ThrowAwayPostgreSql(string programs, string folder, int port)
    {
        (_programs, _folder, Port) = (programs, folder, port);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Maximum Pool Size=40";
        _postmaster = int.Parse(File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public string ConnectionString { get; }

    public int Port { get; }

    public static async Task<ThrowAwayPostgreSql> StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(static v => Path.Combine(v, "bin")).LastOrDefault(static b => File.Exists(Path.Combine(b, "initdb")))
            : null;
        if (programs is null) throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql-15");

        // Short, because the path of its socket may have 107 characters at most.
        var folder = Directory.CreateTempSubdirectory("pg").FullName;
        if (Environment.UserName == "root") await RunAsync("chown", "postgres", folder);
        await RunAsOwnerAsync(Path.Combine(programs, "initdb"), "-D", folder + "/data", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync");
        var port = ServerProcess.FreePort();
        await RunAsOwnerAsync(Path.Combine(programs, "pg_ctl"), "-w", "-D", folder + "/data", "-l", folder + "/log", "-o", $"-p {port} -k {folder} -c listen_addresses=127.0.0.1", "start");
        return new ThrowAwayPostgreSql(programs, folder, port);
    }

    /// <summary>Of all its processes that live. The driver's pool keeps the backends, so none ends between two readings.</summary>
    public TimeSpan ProcessorTime()
    {
        var sum = ServerProcess.ProcessorTime(_postmaster);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id)) continue;
            try
            {
                var stat = File.ReadAllText(folder + "/stat");
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == _postmaster.ToString(System.Globalization.CultureInfo.InvariantCulture)) sum += ServerProcess.ProcessorTime(id);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsOwnerAsync(Path.Combine(_programs, "pg_ctl"), "-D", _folder + "/data", "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
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
