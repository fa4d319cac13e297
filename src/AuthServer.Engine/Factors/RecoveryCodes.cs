using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Factors;

/// <summary>
/// Codes on paper for the day the phone is gone. Each works once. They are hashed slowly with one salt for the whole set, so that a try costs one hash and finds its row by it
/// (ASVS 6.5.2); what a person types is forgiven its case, spaces and dashes.
/// </summary>
public sealed class RecoveryCodes(IFactorStore store, HashingGate gate, FactorBrake brake, FactorNotices notices, TimeProvider clock)
{
    public const int Count = 10;
    private const int Half = 5;
    private const int Rounds = 210_000;

    /// <summary>Nothing that looks like something else; about 50 bits in ten characters.</summary>
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    /// <summary>A new set, to be shown once; the older one is worth nothing. Null: the machine is busy, and nothing has changed.</summary>
    public async Task<IReadOnlyList<string>?> ReplaceAsync(string userId, CancellationToken ct)
    {
        using var place = gate.TryTake();
        if (place is null) return null;

        var salt = RandomNumberGenerator.GetBytes(16);
        string[] codes = [.. Enumerable.Range(0, Count).Select(static _ => RandomNumberGenerator.GetString(Alphabet, 2 * Half))];
        var hashes = await place.RunAsync(() => Task.FromResult(codes.Select(code => Hash(code, salt)).ToList()), ct);
        await store.ReplaceRecoveryCodesAsync(userId, salt, hashes, clock.GetUtcNow(), ct);
        await notices.ChangedAsync(userId, FactorChange.RecoveryCodesMade, ct);
        return [.. codes.Select(static code => code[..Half] + "-" + code[Half..])];
    }

    /// <summary>A code at a sign-in.</summary>
    public async Task<FactorCheck> CheckAsync(string userId, string code, CancellationToken ct)
    {
        // Before it is counted: a busy machine costs nobody a try.
        using var place = gate.TryTake();
        if (place is null) return FactorCheck.TooMany;

        return await brake.CheckAsync(userId, async () =>
        {
            if (Clean(code) is not { } typed || await store.FindRecoverySaltAsync(userId, ct) is not { } salt) return false;
            var hash = await place.RunAsync(() => Task.FromResult(Hash(typed, salt)), ct);
            if (!await store.TryUseRecoveryCodeAsync(userId, hash, clock.GetUtcNow(), ct)) return false;
            await notices.RecoveryCodeUsedAsync(userId, ct);
            return true;
        }, ct);
    }

    /// <summary>Null for what can be no code; it is not worth a hash.</summary>
    internal static string? Clean(string code)
    {
        if (code.Length > 64) return null;
        var letters = string.Concat(code.Where(static c => !char.IsWhiteSpace(c) && !char.IsPunctuation(c)).Select(char.ToLowerInvariant));
        return letters.Length == 2 * Half && letters.All(Alphabet.Contains) ? letters : null;
    }

    private static byte[] Hash(string code, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(code), salt, Rounds, HashAlgorithmName.SHA512, 32);
}
