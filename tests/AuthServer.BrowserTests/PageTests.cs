using AuthServer.Engine.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>What every page owes everybody: readable in light and dark, usable on the smallest phone, nothing blocked by the policy, one style sheet.</summary>
[Collection(Chromium.Name)]
public sealed class PageTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, 320), InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320), InlineData(ColorScheme.Dark, 1280)]
    public async Task Every_page_is_accessible_and_fits_its_screen_down_to_the_smallest_phone(ColorScheme scheme, int width)
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 640 } });
        var blocked = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) blocked.Add(page.Url + ": " + message.Text);
        };

        var setupCode = await chromium.Server.Services.GetRequiredService<FirstAdministrator>().NewCodeAsync(CancellationToken.None);
        foreach (var path in new[] { "/", "/login", "/register", "/setup?code=" + setupCode, "/setup", "/logout/done", "/consent?request=old", "/nowhere", chromium.AuthorizeUrl() })
        {
            await page.GotoAsync(path);
            await CheckAsync(page);
        }

        await ChromiumFixture.SignInAsync(page, user with { Password = "not the right one" });
        await CheckAsync(page);
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync("**/consent?*");
        await CheckAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Not you?" }).ClickAsync();
        await page.ArriveAsync("**/select-account?*");
        await CheckAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue as" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await page.ArriveAsync(chromium.Callback + "?code=*");
        await page.GotoAsync("/account/apps");
        await page.Locator("summary").ClickAsync();
        await CheckAsync(page);
        await page.GotoAsync(chromium.LogoutUrl());
        await CheckAsync(page);

        Assert.Empty(blocked);
    }

    [Fact]
    public async Task The_first_paint_needs_one_document_and_one_style_sheet()
    {
        var page = await chromium.NewPageAsync();
        var requested = new List<string>();
        page.Request += (_, request) => requested.Add(request.ResourceType);

        await page.GotoAsync("/login", new() { WaitUntil = WaitUntilState.NetworkIdle });

        Assert.Single(requested, "document");
        Assert.Single(requested, "stylesheet");
        Assert.DoesNotContain("font", requested);
        Assert.DoesNotContain("fetch", requested);
    }

    private static async Task CheckAsync(IPage page)
    {
        await page.AssertNoViolationsAsync();
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than the screen");
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('input:not([type=hidden])')].every(i => parseFloat(getComputedStyle(i).fontSize) >= 16)"), page.Url + " makes phones zoom in");
    }
}
