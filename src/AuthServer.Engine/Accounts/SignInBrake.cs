using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>
/// Slows guessing down: per account and source, with growing delay. An attempt is counted before the password is looked at, so guesses made in parallel all count;
/// and since only the guessing source waits, nobody can lock somebody else out.
/// </summary>
public sealed class SignInBrake(ISignInFailureStore store, IOptions<AccountOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>Null: go ahead, and call <see cref="ReleaseAsync"/> if the password was right. Otherwise when to come back.</summary>
    /// <param name="name">Normalised exactly as for the look-up of the account: a spelling that finds it and counts elsewhere would be a second set of guesses.</param>
    public async Task<DateTimeOffset?> ReserveAsync(string name, string? address, CancellationToken ct)
    {
        var (account, source) = Keys(name, address);
        var now = clock.GetUtcNow();
        if (await store.ReadAsync(account, source, ct) is { BlockedUntil: { } until } && until > now) return until;

        var state = await store.AddAsync(account, source, now, now - Memory, ct);
        // Between the look and the count somebody else may have set a wait: it holds for this attempt too, or all those who looked early would be tried.
        if (state.BlockedUntil > now) return state.BlockedUntil;
        var over = state.Failures - options.Value.FailuresBeforeDelay;
        if (over < 0) return null;

        var seconds = Math.Min(options.Value.LongestDelay, options.Value.FirstDelay * Math.Pow(2, Math.Min(over, 20)));
        var blockedUntil = now.AddSeconds(seconds);
        // Of those who fill the measure, or come after a wait, one sets the next wait and is tried; the others made in parallel are not.
        return await store.TrySetBlockAsync(account, source, state.BlockedUntil, blockedUntil, ct) ? null : blockedUntil;
    }

    public Task ReleaseAsync(string name, string? address, CancellationToken ct)
    {
        var (account, source) = Keys(name, address);
        return store.ResetAsync(account, source, ct);
    }

    /// <summary>Nobody waits at this account any more, from wherever they tried.</summary>
    public Task ForgetAsync(string name, CancellationToken ct) => store.ForgetAsync(Keys(name, null).Account, ct);

    /// <summary>The name as a hash, because people type passwords into the wrong field; the address without the half of IPv6 that a source may choose.</summary>
    private static (string Account, string Source) Keys(string name, string? address)
    {
        var account = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        if (!IPAddress.TryParse(address, out var ip)) return (account, "unknown");
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
        return (account, ip.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(ip.GetAddressBytes().AsSpan(0, 8)) : ip.ToString());
    }
}
