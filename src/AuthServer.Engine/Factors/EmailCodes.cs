using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Mail;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Factors;

/// <summary>
/// Codes by mail, for people who asked for them: the weakest second step, since whoever reads the mailbox can reset the password too. One code at a time, ten minutes,
/// five tries (ASVS 6.5.4, 6.6.2); the database keeps a keyed hash, because a million plain ones are tried in no time.
/// </summary>
public sealed class EmailCodes(IFactorStore store, SignInBrake sends, FactorBrake brake, IPostOffice post, KeyEncryption encryption, FactorNotices notices, IOptions<AccountOptions> options, TimeProvider clock)
{
    private const int Digits = 6;
    private const int MostTries = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lazy<byte[]> _key = new(() => encryption.Derive("email-code"));

    /// <summary>Sends a new code; an older one is worth nothing from here on. False: not set up, or too many were asked for.</summary>
    public async Task<bool> TrySendAsync(User user, CancellationToken ct)
    {
        if (!options.Value.EmailCodes || !user.EmailCodeEnabled || !user.EmailConfirmed || user.Email is not { Length: > 0 } address) return false;
        if (await sends.ReserveAsync(SendKey(user.Id), null, ct) is not null) return false;

        var code = RandomNumberGenerator.GetString("0123456789", Digits);
        var now = clock.GetUtcNow();
        await store.PutEmailCodeAsync(user.Id, Hash(user.Id, code), now, now + Lifetime, ct);
        post.Post(new Letter { Kind = MailKind.EmailCode, To = address, Name = user.UserName, Values = new Dictionary<string, string> { ["code"] = code } });
        return true;
    }

    /// <summary>A code at a sign-in.</summary>
    public Task<FactorCheck> CheckAsync(string userId, string code, CancellationToken ct) => brake.CheckAsync(userId, async () =>
    {
        var now = clock.GetUtcNow();
        // Counted before it is looked at, so that tries made in parallel all count.
        if (await store.TrySpendEmailTryAsync(userId, MostTries, now, ct) is not { } expected || TimedCode.Clean(code) is not { } typed) return false;
        var hash = Hash(userId, typed);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(hash)) || !await store.TryTakeEmailCodeAsync(userId, hash, now, ct)) return false;
        await sends.ReleaseAsync(SendKey(userId), null, ct);
        return true;
    }, ct);

    /// <summary>False where nothing changed: it was so already, or the address is not confirmed.</summary>
    public async Task<bool> SetEnabledAsync(string userId, bool on, CancellationToken ct)
    {
        if ((on && !options.Value.EmailCodes) || !await store.TrySetEmailCodesAsync(userId, on, ct)) return false;
        await notices.ChangedAsync(userId, on ? FactorChange.EmailCodesOn : FactorChange.EmailCodesOff, ct);
        return true;
    }

    private static string SendKey(string userId) => "email-code:" + userId;

    private string Hash(string userId, string code) => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(userId + ":" + code)));
}
