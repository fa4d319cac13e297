using System.Security.Cryptography;

namespace AuthServer.Engine.Audit;

/// <summary>What a walk over the chain found.</summary>
/// <param name="Lines">Lines that are chained.</param>
/// <param name="Unchained">Lines from before there was a chain.</param>
/// <param name="Head">The last line; kept somewhere else, it shows later that nothing was cut off the end. Null: there is none.</param>
/// <param name="BrokenAt">The first line that was changed, or behind which one is missing or was put in; null: the chain is whole.</param>
public sealed record AuditVerdict(long Lines, long Unchained, ChainedPlace? Head, long? BrokenAt);

/// <summary>Walks over the whole chain and looks whether every hash is right.</summary>
public sealed class AuditVerifier(IAuditReader reader, AuditChain chain)
{
    private const int Batch = 1_000;

    public async Task<AuditVerdict> VerifyAsync(CancellationToken ct)
    {
        var last = await reader.FindAnchorAsync(ct) ?? new ChainedPlace(0, null);
        long lines = 0, unchained = 0;
        while (await reader.ReadChainAsync(last.Id, Batch, ct) is { Count: > 0 } batch)
        {
            foreach (var (entry, hash) in batch)
            {
                if (hash is null && last.Hash is null)
                {
                    unchained++;
                }
                else if (hash is null || entry.Id != last.Id + 1 || !CryptographicOperations.FixedTimeEquals(hash, chain.HashOf(last.Hash, entry)))
                {
                    return new AuditVerdict(lines, unchained, Place(last), entry.Id);
                }
                else
                {
                    lines++;
                }

                last = new ChainedPlace(entry.Id, hash);
            }
        }

        return new AuditVerdict(lines, unchained, Place(last), null);

        static ChainedPlace? Place(ChainedPlace last) => last.Hash is null ? null : last;
    }
}
