using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AuthServer.Benchmarks.Load;

/// <summary>A server that this program started and will stop: its address, its processor time, its memory.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on.

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>From the start of the process to its first 200.</summary>
    public TimeSpan StartedAfter { get; private set; }

    /// <summary>Processor time of the process until its first 200.</summary>
    public TimeSpan StartCost { get; private set; }

    public static async Task<ServerProcess> StartAsync(string dll, string probe, IReadOnlyDictionary<string, string> environment, int? port = null)
    {
        var address = new Uri($"http://localhost:{port ?? FreePort()}");
        var process = Launch(dll, environment, [$"--Urls={address.OriginalString}", $"--Issuer={address.OriginalString}"]);
        var server = new ServerProcess(process, address);
        process.OutputDataReceived += server.Keep;
        process.ErrorDataReceived += server.Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await server.WaitAsync(probe);
        return server;
    }

    /// <summary>Runs the server's command line and answers what it printed.</summary>
    public static async Task<string> RunAsync(string dll, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Launch(dll, environment, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments.Take(2))} ended with {process.ExitCode}: {output} {await errors}");
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan ProcessorTime() => ProcessorTime(_process.Id);

    public static TimeSpan ProcessorTime(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name in parentheses may contain spaces; the fields behind it do not.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    /// <summary>Resident memory in MiB.</summary>
    public double ResidentMemory()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Launch(string dll, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(dll) };
        start.ArgumentList.Add(dll);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task WaitAsync(string probe)
    {
        var clock = Stopwatch.StartNew();
        using var http = new HttpClient { BaseAddress = Address };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await timer.WaitForNextTickAsync())
        {
            if (_process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(60))
            {
                lock (_lastLines) throw new InvalidOperationException("The server did not start:" + Environment.NewLine + string.Join(Environment.NewLine, _lastLines));
            }

            try
            {
                using var response = await http.GetAsync(new Uri(probe, UriKind.Relative));
                if (!response.IsSuccessStatusCode) continue;
                StartedAfter = clock.Elapsed;
                StartCost = ProcessorTime();
                return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line.Data);
            if (_lastLines.Count > 20) _lastLines.Dequeue();
        }
    }
}
