using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Clients;

/// <summary>
/// One stored client secret. A secret this server made has 256 random bits, so one SHA-256 keeps it; a secret that somebody chose gets a slow hash.
/// </summary>
/// <param name="Hash"><c>sha256$…</c> or <c>pbkdf2-sha256$rounds$salt$hash</c>, base64url.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="Encrypted">The value itself under the key-encryption key, only for <c>client_secret_jwt</c>, which needs it as a MAC key (OpenID Connect Core §9).</param>
public sealed record ClientSecret(string Hash, DateTimeOffset? ExpiresAt = null, string? Encrypted = null)
{
    private const int Rounds = 210_000;

    public static string NewValue() => Handle.New().Reveal();

    public static string HashOfMade(string made) => "sha256$" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(made)));

    public static string HashOfChosen(string chosen)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(chosen, salt, Rounds, HashAlgorithmName.SHA256, 32);
        return string.Create(CultureInfo.InvariantCulture, $"pbkdf2-sha256${Rounds}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}");
    }

    /// <summary>One that another system hashed by PBKDF2 with SHA-256 into 32 bytes.</summary>
    public static ClientSecret OfPbkdf2Sha256(int rounds, byte[] salt, byte[] hash) =>
        new(string.Create(CultureInfo.InvariantCulture, $"pbkdf2-sha256${rounds}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}"));

    /// <summary>True where the check costs a slow hash, which callers cap and cache.</summary>
    public bool IsSlow => Hash.StartsWith("pbkdf2", StringComparison.Ordinal);

    public bool Matches(string presented)
    {
        var parts = Hash.Split('$');
        return parts switch
        {
            ["sha256", var hash] => FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(presented))),
            ["pbkdf2-sha256", var rounds, var salt, var hash] => FixedTimeEquals(hash, Rfc2898DeriveBytes.Pbkdf2(
                presented, Base64Url.DecodeFromChars(salt), int.Parse(rounds, CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32)),
            _ => false,
        };
    }

    private static bool FixedTimeEquals(string stored, byte[] computed) =>
        CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(stored), computed);

    public override string ToString() => "***";
}
