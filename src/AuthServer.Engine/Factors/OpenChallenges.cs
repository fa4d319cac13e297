using System.Globalization;
using System.Security.Cryptography;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Engine.Factors;

/// <summary>
/// Challenges of the sign-in page. Whoever opens that page gets one and hardly anybody answers it, so it is sealed into the page instead of written into the database;
/// answering it writes its hash there, and a second answer finds it (ASVS 6.7.2).
/// </summary>
public sealed class OpenChallenges(IDataProtectionProvider protection, IReplayStore answered, TimeProvider clock)
{
    private const string Purpose = "passkey";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly IDataProtector _protector = protection.CreateProtector("passkey-challenge");

    public string Seal(PasskeyChallenge challenge) =>
        _protector.Protect((clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + "." + challenge.State);

    /// <summary>For exactly one caller, and in time.</summary>
    public async Task<PasskeyChallenge?> TryTakeAsync(string sealedText, CancellationToken ct)
    {
        if (Open(sealedText) is not var (end, state) || end <= clock.GetUtcNow()) return null;
        // Not the sealed text: base64 has several spellings for the same bytes, and each would be a new answer.
        return await answered.TryUseAsync(Purpose, Handle.HashOf(state), end, ct) ? new PasskeyChallenge(state) : null;
    }

    private (DateTimeOffset End, string State)? Open(string sealedText)
    {
        try
        {
            var text = _protector.Unprotect(sealedText);
            var dot = text.IndexOf('.', StringComparison.Ordinal);
            return (DateTimeOffset.FromUnixTimeSeconds(long.Parse(text.AsSpan(0, dot), CultureInfo.InvariantCulture)), text[(dot + 1)..]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
