using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AuthServer.BrowserTests;

/// <summary>How a test waits for the next page.</summary>
internal static class Arrival
{
    /// <summary>
    /// Looks again and again until the page stands at this address. Not for an event: it can fire between two looks and is then waited for in vain; whatever a test does next waits for what it needs.
    /// </summary>
    public static Task ArriveAsync(this IPage page, string url) => Assertions.Expect(page).ToHaveURLAsync(Pattern(url), new() { Timeout = 20_000 });

    /// <summary>The globs of the tests: a star is anything.</summary>
    private static Regex Pattern(string url) => new("^" + Regex.Escape(url).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
}
