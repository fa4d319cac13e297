using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>Longer words than the English ones have to fit the smallest phone too.</summary>
[Collection(Chromium.Name)]
public sealed class LanguagePageTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en"), InlineData("de"), InlineData("fr"), InlineData("es"), InlineData("ja")]
    public async Task Sign_in_and_consent_fit_the_smallest_phone_in_every_language(string language)
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync(new() { Locale = language, ViewportSize = new() { Width = 320, Height = 640 } });

        await page.GotoAsync(chromium.AuthorizeUrl());
        await FitsAsync(page, language);
        await page.Locator("input[autocomplete~=username]").FillAsync(user.UserName);
        await page.Locator("input[type=password]").FillAsync(user.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/consent?*");
        await FitsAsync(page, language);
    }

    [Fact]
    public async Task A_link_in_the_foot_changes_the_language_of_the_page_at_hand()
    {
        var page = await chromium.NewPageAsync(new() { JavaScriptEnabled = false });
        await page.GotoAsync(chromium.AuthorizeUrl(("ui_locales", "fr")));
        var address = page.Url;
        await page.GetByRole(AriaRole.Link, new() { Name = "Deutsch" }).ClickAsync();

        Assert.Equal(address, page.Url);
        Assert.Equal("Anmelden", await page.InnerTextAsync("h1"));
        Assert.Equal("true", await page.GetByRole(AriaRole.Link, new() { Name = "Deutsch" }).GetAttributeAsync("aria-current"));
    }

    private static async Task FitsAsync(IPage page, string language)
    {
        Assert.Equal(language, await page.GetAttributeAsync("html", "lang"));
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        // Nothing inside is cut off either.
        Assert.Empty(await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main *, footer *')].filter(e => e.getBoundingClientRect().right > 320.5).map(e => e.outerHTML)"));
    }
}
