namespace AuthServer.Engine.Audit;

/// <summary>What is counted by the hour for the dashboard, and under which name.</summary>
public static class AuditFigures
{
    public const string SignIns = "sign_ins";
    public const string Failures = "sign_in_failures";
    public const string Tokens = "tokens";

    /// <summary>Not an event: looked up once an hour.</summary>
    public const string Sessions = "sessions";

    public static string? NameOf(AuditKind kind) => kind switch
    {
        AuditKind.SignedIn => SignIns,
        AuditKind.SignInRefused or AuditKind.SignInStepRefused => Failures,
        AuditKind.GrantIssued => Tokens,
        _ => null,
    };

    public static DateTimeOffset HourOf(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / 3600 * 3600);
}
