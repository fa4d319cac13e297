using System.Text.Json;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>A person's whole life with an account, from its first day to its last, by pointer on two sizes of screen, by keyboard alone, and without JavaScript.</summary>
[Collection(Chromium.Name)]
[Spec("WCAG 2.2 §2.1.1")]
public sealed class JourneyTests(ChromiumFixture chromium)
{
    private static int _people;

    private const string NewPassword = "another four unrelated words";

    [Theory]
    [InlineData(Hands.Mouse, 1280, ColorScheme.Light)]
    [InlineData(Hands.Mouse, 320, ColorScheme.Dark)]
    [InlineData(Hands.Keyboard, 1280, ColorScheme.Light)]
    [InlineData(Hands.NoScript, 320, ColorScheme.Light)]
    public async Task From_the_first_day_to_the_last(Hands hands, int width, ColorScheme scheme)
    {
        var name = $"traveller{Interlocked.Increment(ref _people)}";
        var mail = name + "@example.com";
        var person = new Visitor(await chromium.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme, JavaScriptEnabled = hands != Hands.NoScript, AcceptDownloads = true }), hands);

        await RegisterAsync(person, name, mail);
        await ConfirmAsync(person, mail);
        await SignOutAsync(person);
        await PasswordAsync(person, name, TestServer.Password);
        await person.Page.ArriveAsync("**/account");

        var (key, recovery) = await SetUpAppAsync(person);
        await SignOutAsync(person);
        await PasswordAsync(person, name, TestServer.Password);
        await person.SeesAsync("One more step");
        await person.FillAsync("Code", await Visitor.CodeAsync(key, next: true));
        await person.CheckAsync("Don’t ask again on this device for 30 days");
        await person.PressAsync("Continue");
        await person.Page.ArriveAsync("**/account");

        await StepUpAsync(person, name, recovery[0]);
        if (hands != Hands.NoScript) await PasskeyAsync(person);
        await ResetAsync(person, name, mail, recovery[1]);
        await EndOtherSessionAsync(person, name, recovery[2]);
        await RevokeAppAsync(person);
        await ExportAsync(person, mail);
        await DeleteAsync(person, name);

        await PasswordAsync(person, name, NewPassword);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("do not match");
    }

    private static async Task RegisterAsync(Visitor person, string name, string mail)
    {
        await person.GoAsync("/register");
        await person.FillAsync("User name", name);
        await person.FillAsync("Email address", mail);
        await person.FillAsync("Password", TestServer.Password);
        await person.PressAsync("Create account");
        await person.Page.ArriveAsync("**/account");
        await person.LookAsync();
    }

    private async Task ConfirmAsync(Visitor person, string mail)
    {
        await person.GoAsync(await chromium.Server.Mail.LinkAsync(mail));
        await person.SeesAsync("Confirm your email address");
        await person.PressAsync("Confirm address");
        await person.SeesAsync("Your address is confirmed");
    }

    private static async Task SignOutAsync(Visitor person)
    {
        await person.GoAsync("/logout");
        await person.PressAsync("Sign out");
        await person.SeesAsync("You are signed out");
    }

    private static async Task PasswordAsync(Visitor person, string name, string password)
    {
        await person.GoAsync("/login");
        await person.FillAsync("User name or email address", name);
        await person.FillAsync("Password", password);
        await person.PressAsync("Sign in");
    }

    private static async Task<(string Key, IReadOnlyList<string> Recovery)> SetUpAppAsync(Visitor person)
    {
        await person.GoAsync("/account/security");
        await person.FollowAsync("Set up an app");
        await person.SeesAsync("Set up an authenticator app");
        await person.UnfoldAsync("Can’t scan it?");
        var key = await person.Page.Locator("[data-key]").InnerTextAsync();
        await person.FillAsync("Code", await Visitor.CodeAsync(key));
        await person.PressAsync("Confirm");
        await person.SeesAsync("Your recovery codes");
        var codes = await person.Page.Locator(".recovery-codes code").AllInnerTextsAsync();
        Assert.Equal(10, codes.Distinct().Count());
        await person.FollowAsync("I have kept them");
        await person.SeesAsync("How you sign in");
        return (key, codes);
    }

    /// <summary>On a device that is remembered the sign-in is one factor; the app wants two.</summary>
    private async Task StepUpAsync(Visitor person, string name, string recoveryCode)
    {
        await SignOutAsync(person);
        await PasswordAsync(person, name, TestServer.Password);
        await person.Page.ArriveAsync("**/account");
        await person.Page.GotoAsync(chromium.AuthorizeUrl(("acr_values", AuthenticationContexts.MultiFactor)));
        await person.SeesAsync("Confirm that it is you");
        await Assertions.Expect(person.Page.Locator("main")).ToContainTextAsync("Notes asks for a second factor.");
        await person.FollowAsync("Use a recovery code");
        await person.FillAsync("Recovery code", recoveryCode);
        await person.PressAsync("Continue");
        await person.SeesAsync("Notes asks for access");
        await person.PressAsync("Allow");
        await person.Page.ArriveAsync(chromium.Callback + "?code=*");
    }

    private static async Task PasskeyAsync(Visitor person)
    {
        var devices = await person.Page.Context.NewCDPSessionAsync(person.Page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        await person.GoAsync("/account/security");
        await person.PressAsync("Add a passkey");
        await Assertions.Expect(person.Page.GetByText("Your passkey is added.")).ToBeVisibleAsync();
        await SignOutAsync(person);
        // The browser offers it by itself in the list of names; the virtual one is chosen at once.
        await person.Page.GotoAsync("/login");
        await person.Page.ArriveAsync("**/account");
        await devices.SendAsync("WebAuthn.disable");
    }

    private async Task ResetAsync(Visitor person, string name, string mail, string recoveryCode)
    {
        await SignOutAsync(person);
        await person.GoAsync("/login");
        await person.FollowAsync("Forgot your password?");
        await person.SeesAsync("Set a new password");
        await person.FillAsync("User name or email address", mail);
        await person.PressAsync("Send the link");
        await person.SeesAsync("Look into your mailbox");
        await person.GoAsync(await chromium.Server.Mail.LinkAsync(mail));
        await person.FillAsync("New password", NewPassword);
        await person.PressAsync("Set password");
        await person.SeesAsync("Your password is changed");
        await person.FollowAsync("Sign in");
        await person.FillAsync("User name or email address", name);
        await person.FillAsync("Password", NewPassword);
        await person.PressAsync("Sign in");
        // Nor does the device count any more that was remembered with the old password.
        await person.SeesAsync("One more step");
        await person.FollowAsync("Use a recovery code");
        await person.FillAsync("Recovery code", recoveryCode);
        await person.PressAsync("Continue");
        await person.Page.ArriveAsync("**/account");
    }

    private async Task EndOtherSessionAsync(Visitor person, string name, string recoveryCode)
    {
        var elsewhere = new Visitor(await chromium.NewPageAsync(), Hands.Mouse);
        await PasswordAsync(elsewhere, name, NewPassword);
        await elsewhere.FollowAsync("Use a recovery code");
        await elsewhere.FillAsync("Recovery code", recoveryCode);
        await elsewhere.PressAsync("Continue");
        await elsewhere.Page.ArriveAsync("**/account");

        await person.GoAsync("/account/sessions");
        await person.PressAsync("Sign out Chrome on Linux");
        await Assertions.Expect(person.Page.GetByText("The device is signed out.")).ToBeVisibleAsync();
        await person.LookAsync();
        await elsewhere.Page.ReloadAsync();
        await elsewhere.Page.ArriveAsync("**/login?*");
        await elsewhere.Page.Context.CloseAsync();
    }

    private static async Task RevokeAppAsync(Visitor person)
    {
        await person.GoAsync("/account/apps");
        await person.UnfoldAsync("Remove access");
        await person.PressAsync("Remove access of Notes");
        await Assertions.Expect(person.Page.GetByText("No app has access yet.")).ToBeVisibleAsync();
    }

    private static async Task ExportAsync(Visitor person, string mail)
    {
        await person.GoAsync("/account/activity");
        await person.GoAsync("/account/data");
        var download = person.Page.WaitForDownloadAsync();
        await person.PressAsync("Download your data");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(await (await download).PathAsync()));
        Assert.Contains(mail, json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task DeleteAsync(Visitor person, string name)
    {
        await person.GoAsync("/account/delete");
        await person.FillAsync("User name", name);
        await person.PressAsync("Delete my account");
        await person.Page.ArriveAsync("**/deleted");
        await person.LookAsync();
    }
}
