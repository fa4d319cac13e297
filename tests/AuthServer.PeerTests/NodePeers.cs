using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace AuthServer.PeerTests;

/// <summary>Runs a script of the <c>peers</c> folder with Node.js. What its <c>package.json</c> names is installed once per test run, where it is missing.</summary>
public sealed class NodePeers
{
    private static readonly Lazy<Task> _installed = new(InstallAsync);

    /// <summary>Hands <paramref name="input"/> to the script and returns what it answers. Both are JSON; a script that fails shows its own words.</summary>
    public static async Task<JsonNode> RunAsync(string script, JsonNode input)
    {
        await _installed.Value;
        var output = await ExecuteAsync("node", [script], input.ToJsonString());
        return JsonNode.Parse(output) ?? throw new InvalidOperationException($"{script} answered nothing.");
    }

    /// <summary>One process installs, others that start at the same moment wait for it.</summary>
    private static async Task InstallAsync() => await ExecuteAsync("flock", ["package-lock.json", "sh", "-c",
        "[ node_modules/.package-lock.json -nt package-lock.json ] || { npm ci --no-audit --no-fund --ignore-scripts && touch node_modules/.package-lock.json; }"], "");

    private static async Task<string> ExecuteAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {arguments[0]}: {await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string Folder { get; } = Path.Combine(RepositoryRoot(), "tests", "AuthServer.PeerTests", "peers");

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IdentityServer.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
