using System.Security.Cryptography;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;

namespace AuthServer.Engine.Tokens;

/// <summary>How a refresh token was taken.</summary>
public abstract record RotationOutcome
{
    private RotationOutcome() { }

    /// <summary>It was good; this is the next one.</summary>
    public sealed record Rotated(RefreshToken Successor) : RotationOutcome;

    /// <summary>It was used before, and not a moment ago: the grant has fallen.</summary>
    public sealed record Reused : RotationOutcome;

    /// <param name="Reason">For the log.</param>
    public sealed record Refused(string Reason) : RotationOutcome;
}

/// <summary>Takes a refresh token once (RFC 9700 §4.14.2). Strict: any later use ends the grant. Kind, where it may be: the last request repeated within seconds gets the same successor.</summary>
public sealed class RefreshRotation(ITokenStore store, RefreshTokenLifetimes lifetimes, IAuditTrail audit, TimeProvider clock)
{
    /// <param name="grant">Of the token's family, found and proved to stand.</param>
    /// <param name="kind">False: also the last request repeated at once is a second use.</param>
    public async Task<RotationOutcome> RotateAsync(Client client, Grant grant, RefreshToken presented, bool kind, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var state = grant.Refresh!;
        var hash = presented.Secret.Hash();
        if (CryptographicOperations.FixedTimeEquals(hash, state.SecretHash))
        {
            if (state.ExpiresAt <= now) return new RotationOutcome.Refused("expired");
            var successor = presented.Next();
            if (await store.TryRotateAsync(grant.Id, hash, RefreshTokenLifetimes.NextState(client, presented, successor, grant.ExpiresAt, now), ct)) return new RotationOutcome.Rotated(successor);
            // Somebody was faster with the same token: the answer is what a repetition gets.
            return kind && await RepeatAsync(presented, ct) is { } repeated ? new RotationOutcome.Rotated(repeated) : new RotationOutcome.Refused("rotated in parallel");
        }

        if (kind && IsRepetition(state, hash, now) && presented.TryUnseal(state.SealedSuccessor, out var secret)) return new RotationOutcome.Rotated(presented.WithSecret(secret));
        await store.RevokeGrantAsync(grant.Id, now, ct);
        audit.Record(new AuditEvent(AuditKind.TokenReuseDetected, grant.ClientId, grant.UserId, grant.SessionId, Detail: "refresh token used twice"));
        return new RotationOutcome.Reused();
    }

    private async Task<RefreshToken?> RepeatAsync(RefreshToken presented, CancellationToken ct)
    {
        var again = await store.FindGrantByRefreshFamilyAsync(presented.Family.Hash(), ct);
        var now = clock.GetUtcNow();
        return again?.Fault(now) is null && again?.Grant.Refresh is { } state && IsRepetition(state, presented.Secret.Hash(), now) && presented.TryUnseal(state.SealedSuccessor, out var secret)
            ? presented.WithSecret(secret)
            : null;
    }

    private bool IsRepetition(RefreshState state, byte[] hash, DateTimeOffset now) =>
        state.PreviousHash is { } previous && CryptographicOperations.FixedTimeEquals(hash, previous) && state.RotatedAt is { } at && now - at <= lifetimes.RepeatWindow;
}
