using System.Globalization;
using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Administration;

/// <summary>What was found wrong with an account, in the words of the administration.</summary>
internal static class AccountObjections
{
    public static Objection Of(FieldFault fault)
    {
        var (code, message) = fault.Fault switch
        {
            AccountFault.UserNameMalformed => ("malformed", "A user name has 1 to 256 of the characters A-Z a-z 0-9 - . _ @ +."),
            AccountFault.UserNameTaken => ("taken", "This user name is taken."),
            AccountFault.EmailMalformed => ("malformed", "This is not one e-mail address."),
            AccountFault.PasswordTooShort => ("too_short", string.Create(CultureInfo.InvariantCulture, $"A password has at least {fault.Argument} characters.")),
            AccountFault.PasswordTooLong => ("too_long", string.Create(CultureInfo.InvariantCulture, $"A password has at most {fault.Argument} characters.")),
            AccountFault.PasswordTooEasy => ("too_easy", "This password is among the first that are guessed."),
            AccountFault.PasswordIsOwnWords => ("own_words", "This password is little more than the person's name or a word of this server."),
            AccountFault.PasswordBreached => ("breached", "This password was stolen elsewhere and is being tried."),
            AccountFault.PasswordUnchanged => ("unchanged", "This is the present password."),
            AccountFault.TooLong => ("too_long", string.Create(CultureInfo.InvariantCulture, $"This has more than {fault.Argument} characters.")),
            AccountFault.ClaimMalformed => ("malformed", "This claim cannot have this value."),
            _ => ("not_saved", "This could not be saved."),
        };
        var field = fault.Field switch
        {
            nameof(RegistrationForm.UserName) => "user_name",
            nameof(RegistrationForm.Email) => "email",
            nameof(RegistrationForm.Password) => "password",
            _ => fault.Fault == AccountFault.ClaimMalformed ? Claim(fault.Field) : "",
        };
        return new Objection(field, code, message);
    }

    /// <summary>What <see cref="UserProfile.Apply"/> says: the claim's name, and what is wrong.</summary>
    public static Objection OfClaim(string fault) => new(Claim(fault.Split(' ')[0]), "malformed", fault + ".");

    private static string Claim(string name) => name is "email" or "email_verified" or "phone_number" or "phone_number_verified" or "claims" ? name : "claims." + name;
}
