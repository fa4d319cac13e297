using System.Text.Json;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>A device is let in, or not, on the smallest phone and on a wide screen, by pointer, by keyboard alone, and without JavaScript.</summary>
[Collection(Chromium.Name)]
[Spec("RFC 8628 §3.3"), Spec("WCAG 2.2 §2.1.1")]
public sealed class DevicePageTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData(Hands.Mouse, 1280, ColorScheme.Light)]
    [InlineData(Hands.Mouse, 320, ColorScheme.Dark)]
    [InlineData(Hands.Keyboard, 1280, ColorScheme.Light)]
    [InlineData(Hands.NoScript, 320, ColorScheme.Light)]
    public async Task A_person_types_the_code_compares_it_and_decides(Hands hands, int width, ColorScheme scheme)
    {
        var user = await chromium.AddUserAsync();
        var person = new Visitor(await chromium.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 640 }, ColorScheme = scheme, JavaScriptEnabled = hands != Hands.NoScript }), hands);
        var (first, second) = (await AskAsync(), await AskAsync());

        await GoAsync(person, "/device");
        await person.FillAsync("Code", "bcdf ghj");
        await person.PressAsync("Continue");
        await Assertions.Expect(person.Page.Locator(".field-fault")).ToContainTextAsync("eight letters");
        await LookAsync(person);
        await person.FillAsync("Code", first.UserCode.ToLowerInvariant());
        await person.PressAsync("Continue");
        await person.Page.ArriveAsync("**/login?request=*");
        await person.FillAsync("User name or email address", user.UserName);
        await person.FillAsync("Password", user.Password);
        await person.PressAsync("Sign in");
        await person.SeesAsync("Demo device asks for access");
        await Assertions.Expect(person.Page.Locator(".user-code")).ToHaveTextAsync(first.UserCode);
        Assert.True(await OneLineAsync(person.Page));
        await LookAsync(person);
        await person.PressAsync("Allow");
        await person.SeesAsync("The device has access");
        await Assertions.Expect(person.Page.Locator("main")).ToContainTextAsync("You can go back to your device.");
        await LookAsync(person);
        Assert.True((await PollAsync(first.DeviceCode)).TryGetProperty("access_token", out _));

        // The link carries the code; signed in already, the person still decides.
        await GoAsync(person, "/device?user_code=" + second.UserCode);
        await Assertions.Expect(person.Page.GetByLabel("Code", new() { Exact = true })).ToHaveValueAsync(second.UserCode);
        await person.PressAsync("Continue");
        await person.SeesAsync("Demo device asks for access");
        await person.PressAsync("Refuse");
        await person.SeesAsync("The device got no access");
        await LookAsync(person);
        Assert.Equal("access_denied", (await PollAsync(second.DeviceCode)).GetProperty("error").GetString());

        await GoAsync(person, "/device/approve?request=old");
        await person.SeesAsync("This device waits no more");
    }

    private static async Task GoAsync(Visitor person, string path)
    {
        await person.GoAsync(path);
        await LookAsync(person);
    }

    private static async Task LookAsync(Visitor person)
    {
        await person.LookAsync();
        Assert.True(await person.Page.Locator("html").EvaluateAsync<bool>("page => page.scrollWidth <= page.clientWidth"), person.Page.Url + " is wider than the screen");
    }

    /// <summary>A code that is broken in two is compared badly.</summary>
    private static Task<bool> OneLineAsync(IPage page) => page.Locator(".user-code code").EvaluateAsync<bool>("code => code.getClientRects().length === 1");

    private async Task<(string DeviceCode, string UserCode)> AskAsync()
    {
        var json = await TestServer.JsonAsync(await chromium.Server.PostAsync("/connect/deviceauthorization", [("client_id", "demo-device"), ("scope", "openid profile offline_access notes")]));
        return (json.GetProperty("device_code").GetString()!, json.GetProperty("user_code").GetString()!);
    }

    private async Task<JsonElement> PollAsync(string deviceCode) =>
        await TestServer.JsonAsync(await chromium.Server.TokenAsync([("grant_type", GrantTypes.DeviceCode), ("device_code", deviceCode), ("client_id", "demo-device")]));
}
