namespace AuthServer.Engine.Factors;

/// <summary>What a person has set up beside a password, as the machine that decides the steps of a sign-in needs to know it.</summary>
public sealed record EnrolledFactors
{
    public static readonly EnrolledFactors None = new();

    public bool Authenticator { get; init; }

    public int RecoveryCodesLeft { get; init; }

    public int Passkeys { get; init; }

    /// <summary>Codes by mail: the person wants them, the address is confirmed, and this deployment allows them.</summary>
    public bool EmailCode { get; init; }

    public bool AnyStrong => Authenticator || Passkeys > 0;

    public bool Any => AnyStrong || EmailCode;
}
