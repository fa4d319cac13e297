using AuthServer.Testing;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>The page on which the administration API is read and tried.</summary>
[Collection(Chromium.Name)]
public sealed class DocsPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task It_shows_the_operations_and_sends_one_with_a_pasted_token_under_the_strict_policy()
    {
        var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        var (blocked, elsewhere) = (new List<string>(), new List<string>());
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) blocked.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(chromium.Server.Issuer, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) elsewhere.Add(request.Url);
        };

        var answer = await page.GotoAsync("/docs");
        Assert.DoesNotContain("unsafe", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
        var operation = page.Locator("#operations-Users-list_users, [id$='-list_users']").First;
        await operation.WaitForAsync();
        Assert.True(await page.Locator(".opblock").CountAsync() > 50);

        await page.Locator("button.authorize").First.ClickAsync();
        await page.Locator(".auth-container", new() { HasText = "bearer" }).Locator("input[type=text], input[type=password]").First.FillAsync(await chromium.Server.AdminTokenAsync());
        await page.Locator(".auth-container", new() { HasText = "bearer" }).Locator("button.authorize").First.ClickAsync();
        await page.Locator("button.close-modal, .btn-done").First.ClickAsync();
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("button.try-out__btn").ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        await operation.Locator(".live-responses-table .response-col_status", new() { HasText = "200" }).First.WaitForAsync();

        Assert.Empty(blocked);
        Assert.Empty(elsewhere);
    }
}
