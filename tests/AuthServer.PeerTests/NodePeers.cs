using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AuthServer.PeerTests;

/// <summary>Runs scripts with Node.js. What the <c>package.json</c> beside a script names is installed once per test run, where it is missing.</summary>
public sealed class NodePeers
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> _installed = new(StringComparer.Ordinal);

    /// <summary>Hands <paramref name="input"/> to the script of the <c>peers</c> folder and returns what it answers. Both are JSON; a script that fails shows its own words.</summary>
    public static async Task<JsonNode> RunAsync(string script, JsonNode input)
    {
        await InstallAsync(Folder);
        var output = await PeerProgram.RunAsync(Folder, "node", [script], input.ToJsonString());
        return JsonNode.Parse(output) ?? throw new InvalidOperationException($"{script} answered nothing.");
    }

    /// <summary>Keeps a script of the <c>peers</c> folder serving until it is disposed.</summary>
    internal static async Task<PeerProgram> StartAsync(string script, string readyWord, IReadOnlyDictionary<string, string> environment)
    {
        await InstallAsync(Folder);
        return await PeerProgram.StartAsync(Folder, "node", [script], readyWord, environment);
    }

    /// <summary>What the sample printed when it had ended.</summary>
    internal static async Task<string> RunSampleAsync(string sample, string script, IReadOnlyDictionary<string, string> environment)
    {
        await InstallAsync(SampleFolder(sample));
        return await PeerProgram.RunAsync(SampleFolder(sample), "node", [script], environment: environment);
    }

    /// <summary>The folder of a sample that a script runs by itself.</summary>
    internal static async Task<string> InstallSampleAsync(string sample)
    {
        await InstallAsync(SampleFolder(sample));
        return SampleFolder(sample);
    }

    /// <summary>Keeps the sample serving until it is disposed.</summary>
    internal static async Task<PeerProgram> StartSampleAsync(string sample, IReadOnlyDictionary<string, string> environment)
    {
        await InstallAsync(SampleFolder(sample));
        return await PeerProgram.StartAsync(SampleFolder(sample), "node", ["server.mjs"], sample + ": http://", environment);
    }

    internal static string Folder { get; } = Path.Combine(RepositoryRoot(), "tests", "AuthServer.PeerTests", "peers");

    private static string SampleFolder(string sample) => Path.Combine(RepositoryRoot(), "samples", sample);

    private static Task InstallAsync(string folder) => _installed.GetOrAdd(folder, static f => new Lazy<Task>(() => InstallOnceAsync(f))).Value;

    /// <summary>One process installs, others that start at the same moment wait for it.</summary>
    private static async Task InstallOnceAsync(string folder) => await PeerProgram.RunAsync(folder, "flock", ["package-lock.json", "sh", "-c",
        "[ node_modules/.package-lock.json -nt package-lock.json ] || { npm ci --no-audit --no-fund --ignore-scripts && touch node_modules/.package-lock.json; }"]);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IdentityServer.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
