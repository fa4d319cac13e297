using Microsoft.Playwright;

namespace AuthServer.BrowserTests;

/// <summary>How a test waits for the next page.</summary>
internal static class Arrival
{
    /// <summary>
    /// Waits until the page stands at this address. Not for its load event: it can fire between two looks and is then waited for in vain; whatever a test does next waits for what it needs.
    /// </summary>
    public static Task ArriveAsync(this IPage page, string url) => page.WaitForURLAsync(url, new() { WaitUntil = WaitUntilState.Commit });
}
