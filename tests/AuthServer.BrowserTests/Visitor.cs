using System.Diagnostics;
using Microsoft.Playwright;

namespace AuthServer.BrowserTests;

/// <summary>How a person uses the browser.</summary>
public enum Hands
{
    /// <summary>Points, types and has script.</summary>
    Mouse,

    /// <summary>Never points: every field and button is reached by the Tab key.</summary>
    Keyboard,

    /// <summary>Points, in a browser without JavaScript.</summary>
    NoScript,
}

/// <summary>A person in front of one browser, who finds things by what they are called.</summary>
internal sealed class Visitor(IPage page, Hands hands)
{
    private const int MostTabs = 80;

    public IPage Page => page;

    /// <summary>Every page on the way is looked at by axe-core, where there is script to run it.</summary>
    public async Task LookAsync()
    {
        if (hands == Hands.Mouse) await page.AssertNoViolationsAsync();
    }

    public async Task GoAsync(string path)
    {
        await page.GotoAsync(path);
        await LookAsync();
    }

    public async Task FillAsync(string label, string text)
    {
        var field = page.GetByLabel(label, new() { Exact = true });
        if (hands != Hands.Keyboard)
        {
            await field.FillAsync(text);
            return;
        }

        await ReachAsync(field);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(text);
    }

    public Task PressAsync(string name, bool exact = true) => UseAsync(page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact }).First, "Enter");

    public Task FollowAsync(string name) => UseAsync(page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First, "Enter");

    public Task CheckAsync(string label) => UseAsync(page.GetByLabel(label, new() { Exact = true }), "Space");

    /// <summary>Opens what is folded.</summary>
    public Task UnfoldAsync(string text) => UseAsync(page.Locator("summary", new() { HasText = text }).First, "Enter");

    public async Task SeesAsync(string heading)
    {
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(heading);
        await LookAsync();
    }

    private async Task UseAsync(ILocator target, string key)
    {
        await target.WaitForAsync();
        if (hands != Hands.Keyboard)
        {
            await target.ClickAsync();
            return;
        }

        await ReachAsync(target);
        await page.Keyboard.PressAsync(key);
    }

    private async Task ReachAsync(ILocator target)
    {
        await target.WaitForAsync();
        for (var tab = 0; tab < MostTabs; tab++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"The Tab key does not lead to {target} at {page.Url}.");
    }

    /// <summary>The code that an independent program makes of the key, of now or of the next half minute: a code works once.</summary>
    public static async Task<string> CodeAsync(string key, bool next = false)
    {
        string[] arguments = ["--totp", "-b", key.Replace(" ", "", StringComparison.Ordinal), .. next ? (string[])["--now", "now + 30 seconds"] : []];
        using var oathtool = Process.Start(new ProcessStartInfo("oathtool", arguments) { RedirectStandardOutput = true })!;
        var code = await oathtool.StandardOutput.ReadToEndAsync();
        await oathtool.WaitForExitAsync();
        return oathtool.ExitCode == 0 ? code.Trim() : throw new InvalidOperationException("oathtool made no code.");
    }
}
