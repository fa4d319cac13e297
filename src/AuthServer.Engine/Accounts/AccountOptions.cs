using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>How people register and sign in.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Whether people may create their own accounts. Default true.</summary>
    public bool RegistrationEnabled { get; set; } = true;

    /// <summary>Characters. Default 12; NIST SP 800-63B and ASVS 6.2.1 ask for at least 8.</summary>
    [Range(8, 64)] public int MinimumPasswordLength { get; set; } = 12;

    /// <summary>Characters. Longer ones are refused, never cut, at sign-in too. Default 256.</summary>
    [Range(64, 4096)] public int MaximumPasswordLength { get; set; } = 256;

    /// <summary>Words of this deployment (company, product) that a password must not consist of. Default: none.</summary>
    public IList<string> ForbiddenPasswordWords { get; } = [];

    /// <summary>
    /// Start of the address of a list of stolen passwords that answers by k-anonymity, for example <c>https://api.pwnedpasswords.com/range/</c>. The first five digits of a new password's SHA-1 are appended;
    /// the password never leaves the server. A list that does not answer within two seconds is not waited for. Default: none is asked.
    /// </summary>
    [Url] public string? BreachedPasswordLookup { get; set; }

    /// <summary>Failures of one source at one account before it has to wait. Default 5.</summary>
    [Range(1, 100)] public int FailuresBeforeDelay { get; set; } = 5;

    /// <summary>Seconds of the first wait; each further failure doubles it. Default 30.</summary>
    [Range(1, 3600)] public int FirstDelay { get; set; } = 30;

    /// <summary>Seconds of the longest wait. Default 900.</summary>
    [Range(1, 86_400)] public int LongestDelay { get; set; } = 900;

    /// <summary>Password hashes computed at one time; 0: as many as there are cores. Default 0.</summary>
    [Range(0, 256)] public int ParallelHashes { get; set; }

    /// <summary>Sign-ins and registrations that may wait for a hash before more are refused with 503. Default 64.</summary>
    [Range(1, 10_000)] public int HashQueue { get; set; } = 64;

    /// <summary>Argon2id memory, KiB. Default 19456 (OWASP).</summary>
    [Range(8_192, 1_048_576)] public int Argon2Memory { get; set; } = 19_456;

    /// <summary>Argon2id passes. Default 2.</summary>
    [Range(1, 20)] public int Argon2Iterations { get; set; } = 2;

    /// <summary>Argon2id lanes. Default 1.</summary>
    [Range(1, 16)] public int Argon2Parallelism { get; set; } = 1;

    /// <summary>Minutes a session lasts unused. Those the person asked to be remembered in last unused until their end. Default 480 (8 hours).</summary>
    [Range(5, 43_200)] public int SessionIdleMinutes { get; set; } = 480;

    /// <summary>Hours a session lasts at most. Default 24.</summary>
    [Range(1, 8_760)] public int SessionHours { get; set; } = 24;

    /// <summary>Minutes after a sign-in in which a person may change how they sign in without proving again who they are. Default 10.</summary>
    [Range(1, 120)] public int FreshSignInMinutes { get; set; } = 10;

    /// <summary>Who must have a second factor: Optional (whoever wants one), Administrators, Everybody. Default Optional.</summary>
    public SecondFactorPolicy SecondFactor { get; set; } = SecondFactorPolicy.Optional;

    /// <summary>Days a person may let a device be remembered, so that it is not asked for the second factor; 0: never. Default 30.</summary>
    [Range(0, 365)] public int RememberDeviceDays { get; set; } = 30;

    /// <summary>Whether people may choose codes by mail as a second step. It is the weakest: whoever reads the mailbox can also reset the password. Default true.</summary>
    public bool EmailCodes { get; set; } = true;

    /// <summary>Days a session lasts at most that the person asked to be remembered in. Default 14.</summary>
    [Range(1, 365)] public int PersistentSessionDays { get; set; } = 14;
}

/// <summary>Who must have a second factor.</summary>
public enum SecondFactorPolicy
{
    Optional,
    Administrators,
    Everybody,
}

[OptionsValidator]
public sealed partial class AccountOptionsRules : IValidateOptions<AccountOptions>;
