using Microsoft.AspNetCore.Identity;

namespace AuthServer.Engine.Accounts;

/// <summary>What can be wrong with an account's form. A closed set: the pages and the command line have a text for each (<c>Fault_…</c> in Texts.resx), in the reader's language.</summary>
public enum AccountFault
{
    /// <summary>The store refused for a reason of its own.</summary>
    NotSaved,
    RegistrationClosed,
    SetupLinkClosed,
    AccountGone,
    ChangedMeanwhile,
    UserNameMalformed,
    UserNameTaken,
    EmailMalformed,

    /// <summary>The argument is the number of characters that fit.</summary>
    TooLong,

    /// <summary>The argument is the fewest characters.</summary>
    PasswordTooShort,

    /// <summary>The argument is the most characters.</summary>
    PasswordTooLong,
    PasswordTooEasy,
    PasswordIsOwnWords,
    PasswordBreached,
    PasswordUnchanged,

    /// <summary>A standard claim has no value it can have; the field is the claim.</summary>
    ClaimMalformed,
}

/// <summary>One thing to mend in a form: a code, for the page to say in the reader's language.</summary>
/// <param name="Field">Name of the form's property; empty for the form as a whole.</param>
/// <param name="Argument">What the text of <paramref name="Fault"/> names, where it names something.</param>
public sealed record FieldFault(string Field, AccountFault Fault, object? Argument = null)
{
    /// <summary>What Identity or our rules for it refused.</summary>
    public static FieldFault Of(IdentityError error) => error switch
    {
        CodedIdentityError coded => coded.Fault,
        { Code: nameof(IdentityErrorDescriber.DuplicateUserName) } => new(nameof(RegistrationForm.UserName), AccountFault.UserNameTaken),
        { Code: nameof(IdentityErrorDescriber.InvalidUserName) } => new(nameof(RegistrationForm.UserName), AccountFault.UserNameMalformed),
        { Code: nameof(IdentityErrorDescriber.InvalidEmail) } => new(nameof(RegistrationForm.Email), AccountFault.EmailMalformed),
        { Code: nameof(IdentityErrorDescriber.ConcurrencyFailure) } => new("", AccountFault.ChangedMeanwhile),
        _ => new("", AccountFault.NotSaved),
    };
}

/// <summary>Carries a code of ours through Identity, which knows texts only.</summary>
internal sealed class CodedIdentityError : IdentityError
{
    public CodedIdentityError(FieldFault fault)
    {
        Fault = fault;
        Code = Description = fault.Fault.ToString();
    }

    public FieldFault Fault { get; }
}
