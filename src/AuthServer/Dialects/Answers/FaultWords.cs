using System.Globalization;
using AuthServer.Engine.Accounts;

namespace AuthServer.Dialects.Answers;

/// <summary>What the engine finds wrong with an account, in the words that the old APIs have none for: they took any password.</summary>
internal static class FaultWords
{
    public static string Of(FieldFault fault) => fault.Fault switch
    {
        AccountFault.PasswordTooShort => string.Create(CultureInfo.InvariantCulture, $"Password must be at least {fault.Argument} characters"),
        AccountFault.PasswordTooLong => string.Create(CultureInfo.InvariantCulture, $"Password must be at most {fault.Argument} characters"),
        AccountFault.PasswordTooEasy or AccountFault.PasswordIsOwnWords or AccountFault.PasswordBreached => "Password is too easy to guess",
        AccountFault.UserNameMalformed => "Username must be 3 to 64 letters, digits or the characters . _ - @ +",
        AccountFault.UserNameTaken => "Username already registered",
        AccountFault.EmailMalformed => "value is not a valid email address",
        AccountFault.TooLong => string.Create(CultureInfo.InvariantCulture, $"Must be at most {fault.Argument} characters"),
        AccountFault.RegistrationClosed => "Registration is closed",
        _ => "Value is not allowed",
    };
}
