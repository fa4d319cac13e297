namespace AuthServer.Engine.Audit;

/// <summary>What is remembered about who did what. The set is closed so that a reader can list everything the trail may contain.</summary>
public enum AuditKind
{
    SignedIn,
    SignInRefused,
    SignedOut,
    Registered,
    ConsentGiven,
    ConsentRefused,
    GrantIssued,
    GrantRefused,
    GrantRevoked,
    TokenReuseDetected,
    ClientAuthenticationRefused,
    ClientChanged,
    UserChanged,
    KeyChanged,
    AdministratorCreated,
    SignInStepRefused,
    SecondFactorChanged,
    RecoveryCodeUsed,
    PasswordChanged,
    PasswordResetAsked,
    EmailChanged,
    EmailConfirmed,
    ProfileChanged,
    SessionEnded,
    ExternalLoginChanged,
    NewDevice,
    DataExported,
    AccountDeleted,
    OrganizationChanged,
    GroupChanged,
    RoleChanged,
    RightChanged,
    MembershipChanged,
    ScopeChanged,
    ApiKeyCreated,
    ApiKeyRevoked,
    PeopleImported,
    ConfigurationApplied,
    AuditPruned,
    RateLimited,
    ApiKeyChanged,
    ApiKeyRefused,
}

/// <summary>One line of the audit trail. Never a token, code, secret or password.</summary>
/// <param name="Subject">The user it happened to.</param>
/// <param name="Detail">A short reason in plain words.</param>
/// <param name="Actor">Who did it, where it was somebody else than the subject: <c>user:…</c>, <c>client:…</c>, <c>command line</c>.</param>
/// <param name="Target">What else it was done to: <c>role:…</c>, <c>group:…</c>, <c>scope:…</c>.</param>
public sealed record AuditEvent(
    AuditKind Kind, string? ClientId = null, string? Subject = null, string? SessionId = null, string? Address = null, string? Detail = null, string? Actor = null, string? Target = null);

/// <summary>Takes events from any thread without waiting; they are written in batches behind the caller's back and flushed on an orderly stop.</summary>
public interface IAuditTrail
{
    void Record(AuditEvent entry);
}
