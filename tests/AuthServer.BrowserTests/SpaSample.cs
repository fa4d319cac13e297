using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AuthServer.BrowserTests;

/// <summary>The single-page app of <c>samples/Spa</c>, as its reader starts it, for a client of their own.</summary>
internal sealed class SpaSample : IAsyncDisposable
{
    private readonly Process _process;

    private SpaSample(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <summary>An address that is free, to register before the app is started.</summary>
    public static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    public static async Task<SpaSample> StartAsync(string url, string issuer, string clientId, string scope)
    {
        var folder = Path.Combine(AxeCore.RepositoryRoot(), "samples", "Spa");
        using (var install = Process.Start(new ProcessStartInfo("flock", ["package-lock.json", "sh", "-c", "[ -d node_modules/oidc-client-ts ] || npm ci --no-audit --no-fund --ignore-scripts"]) { WorkingDirectory = folder, RedirectStandardOutput = true })!)
        {
            await install.WaitForExitAsync();
            if (install.ExitCode != 0) throw new InvalidOperationException("npm ci did not bring what the sample needs.");
        }

        var start = new ProcessStartInfo("node", ["server.mjs"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in new[] { ("PORT", new Uri(url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("ISSUER", issuer), ("CLIENT_ID", clientId), ("SCOPE", scope) }) start.Environment[name] = value;
        var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync();
        return new SpaSample(process, url);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
