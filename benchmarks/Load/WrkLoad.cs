using System.Diagnostics;
using System.Globalization;

namespace AuthServer.Benchmarks.Load;

/// <summary>The same request again and again, sent by wrk. Any answer but a 2xx ends the run: a fast refusal must not pass for a result.</summary>
internal sealed class WrkLoad(string folder, string name, Uri url, string? form = null, string? authorization = null) : ILoad
{
    public const int Connections = 32;

    public async Task<Outcome> RunAsync(int seconds)
    {
        var script = Path.Combine(folder, name + ".lua");
        await File.WriteAllTextAsync(script, Script());
        var start = new ProcessStartInfo("wrk", [$"-t2", $"-c{Connections}", $"-d{seconds}s", "-s", script, url.AbsoluteUri]) { RedirectStandardOutput = true };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();

        var line = output.Split('\n').LastOrDefault(static l => l.StartsWith("outcome ", StringComparison.Ordinal)) ?? throw new InvalidOperationException("wrk failed: " + output);
        var numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        if (numbers[4] > 0) throw new InvalidOperationException($"{name}: {numbers[4]} requests failed.");
        return new Outcome((long)numbers[0], numbers[1] / 1e6, numbers[2] / 1e3, numbers[3] / 1e3);
    }

    private string Script()
    {
        var lines = new List<string>();
        if (form is not null) lines.AddRange(["wrk.method = 'POST'", $"wrk.body = '{form}'", "wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'"]);
        if (authorization is not null) lines.Add($"wrk.headers['Authorization'] = '{authorization}'");
        lines.Add("""
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format('outcome %d %d %d %d %d\n', summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
            end
            """);
        return string.Join('\n', lines);
    }
}
