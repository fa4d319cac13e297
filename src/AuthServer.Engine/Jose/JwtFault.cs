namespace AuthServer.Engine.Jose;

/// <summary>Why a token was refused. For the log only: a client learns no more than its endpoint's error code.</summary>
public enum JwtFault
{
    None = 0,

    // What it looks like.
    TooLarge,
    NotThreeParts,
    NotBase64Url,
    HeaderNotJson,
    MalformedHeader,
    CriticalHeader,
    PayloadNotJson,
    MalformedClaim,

    // Who made it, and for what.
    WrongType,
    UnknownAlgorithm,
    AlgorithmNotAllowed,
    NoKey,
    BadSignature,

    // What it says.
    WrongIssuer,
    WrongAudience,
    MissingClaim,
    Expired,
    NotYetValid,
    IssuedInTheFuture,
    LivesTooLong,
    TooOld,
}
