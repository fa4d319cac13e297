using AuthServer.Engine.Accounts;
using AuthServer.Engine.SignIn;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Interaction;

/// <summary>The last step of a sign-in by a password that is not the person's to keep.</summary>
public sealed class NewPasswordStep(SignInFlow flow, PasswordChange passwords)
{
    /// <summary>Where to go on, once the outcome is <see cref="PasswordChangeOutcome.Changed"/>; null then means that the sign-in is over and begins anew.</summary>
    public async Task<(PasswordChangeOutcome Outcome, string? Url)> ReplaceAsync(HttpContext http, WaitingSignIn waiting, string wanted, string? device, CancellationToken ct)
    {
        if (waiting.Step is not SignInStep.NewPassword) return (new PasswordChangeOutcome.WrongPassword(), null);
        var outcome = await passwords.ReplaceAsync(waiting.User.Id, wanted, http.Connection.RemoteIpAddress?.ToString(), device, ct);
        return (outcome, outcome is PasswordChangeOutcome.Changed ? await flow.ReplacedPasswordAsync(http, waiting, ct) : null);
    }
}
