namespace AuthServer.Engine.Accounts;

/// <summary>How often one source failed at one account, and until when it has to wait.</summary>
public sealed record SignInFailures(int Failures, DateTimeOffset? BlockedUntil);

/// <summary>Database verbs of the guessing brake. Counting is one statement, so guesses made in parallel all count.</summary>
public interface ISignInFailureStore
{
    /// <summary>Counts one more attempt and answers the new state. A count older than <paramref name="forgetBefore"/> starts again at one.</summary>
    Task<SignInFailures> AddAsync(string accountKey, string sourceKey, DateTimeOffset now, DateTimeOffset forgetBefore, CancellationToken ct);

    Task<SignInFailures?> ReadAsync(string accountKey, string sourceKey, CancellationToken ct);

    /// <summary>Moves the end of the wait. False where it is not <paramref name="expected"/> any more: somebody else was first.</summary>
    Task<bool> TrySetBlockAsync(string accountKey, string sourceKey, DateTimeOffset? expected, DateTimeOffset until, CancellationToken ct);

    /// <summary>All sources at one account.</summary>
    Task ForgetAsync(string accountKey, CancellationToken ct);

    Task ResetAsync(string accountKey, string sourceKey, CancellationToken ct);
}
