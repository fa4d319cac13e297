namespace AuthServer.Engine.Mail;

/// <summary>What this server writes to people about. The set is closed: each has its texts in every language.</summary>
public enum MailKind
{
    ConfirmEmail,
    ResetPassword,
    AddressInUse,
    ConfirmNewAddress,
    AddressChanged,
    PasswordChanged,
    SecondFactorChanged,
    RecoveryCodeUsed,
    EmailCode,
    NewDevice,
    ExternalLoginChanged,
    AccountDeleted,
}

/// <summary>A mail before it has words.</summary>
public sealed record Letter
{
    public required MailKind Kind { get; init; }

    /// <summary>One plain address.</summary>
    public required string To { get; init; }

    /// <summary>The person's name for the salutation.</summary>
    public string? Name { get; init; }

    /// <summary>The reader's language as a culture name; null: that of the request it is written in.</summary>
    public string? Culture { get; init; }

    /// <summary>What the texts of this kind speak of: <c>link</c>, <c>code</c>, <c>when</c>, <c>where</c>, <c>device</c>, <c>what</c>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}
