using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Factors;

/// <summary>
/// Slows down who guesses codes. Counted per account over all kinds and all sources: whoever gets here has the password already, so nobody else can make a person wait,
/// and changing the source or the kind must not buy new guesses.
/// </summary>
public sealed class FactorBrake(SignInBrake brake)
{
    /// <summary>No user name can be spelt like this, so no password guess counts here.</summary>
    private static string Key(string userId) => "factor:" + userId;

    public async Task<FactorCheck> CheckAsync(string userId, Func<Task<bool>> attempt, CancellationToken ct)
    {
        if (await brake.ReserveAsync(Key(userId), null, ct) is not null) return FactorCheck.TooMany;
        if (!await attempt()) return FactorCheck.Wrong;
        await brake.ReleaseAsync(Key(userId), null, ct);
        return FactorCheck.Right;
    }
}
