using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>Runs axe-core in a page. Evaluated by the browser's own tooling, so that the page's Content-Security-Policy stays as it is.</summary>
internal static class AxeCore
{
    private static int _pictures;

    private static readonly Lazy<Task<string>> _source = new(LoadAsync);

    public static async Task AssertNoViolationsAsync(this IPage page)
    {
        await page.EvaluateAsync(await _source.Value);
        await KeepPictureAsync(page);
        var result = await page.EvaluateAsync<JsonElement>(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))");
        var violations = result.EnumerateArray().Select(static v => v.GetString()!).ToList();
        Assert.True(violations.Count == 0, page.Url + Environment.NewLine + string.Join(Environment.NewLine, violations));
    }

    /// <summary>For people who want to look as well: <c>SCREENSHOTS=folder ./test.sh browser</c>.</summary>
    private static async Task KeepPictureAsync(IPage page)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is not { Length: > 0 } folder) return;
        var scheme = await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches") ? "dark" : "light";
        var name = $"{new Uri(page.Url).AbsolutePath.Trim('/').Replace('/', '-')}-{page.ViewportSize?.Width}-{scheme}-{Interlocked.Increment(ref _pictures):D3}.png";
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = true });
    }

    private static async Task<string> LoadAsync()
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "AuthServer.BrowserTests", "axe");
        var script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(script))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]) { WorkingDirectory = folder })!;
            await install.WaitForExitAsync();
            if (install.ExitCode != 0) throw new InvalidOperationException("npm ci did not bring axe-core.");
        }

        return await File.ReadAllTextAsync(script);
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IdentityServer.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
