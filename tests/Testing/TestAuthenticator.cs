using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Testing;

/// <summary>An authenticator app of a test's own (RFC 6238), so that the server's is not measured by itself.</summary>
public sealed class TestAuthenticator(TestServer server, string key)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Base32, without spaces.</summary>
    public string Key { get; } = key.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>The code of this moment, or of some steps of 30 seconds away from it.</summary>
    public string Code(int steps = 0)
    {
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, now.ToUnixTimeSeconds() / 30 + steps);
#pragma warning disable CA5350 // RFC 6238: what every app does.
        var hash = HMACSHA1.HashData(Bytes(), counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 15;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    public string WrongCode() => Code() == "000000" ? "111111" : "000000";

    private byte[] Bytes()
    {
        var bits = 0;
        var value = 0;
        var bytes = new List<byte>();
        foreach (var letter in Key)
        {
            value = value << 5 | Alphabet.IndexOf(letter, StringComparison.Ordinal);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
            value &= (1 << bits) - 1;
        }

        return [.. bytes];
    }

    /// <summary>Sets one up for a person, with codes of the past minute used up.</summary>
    public static async Task<(TestAuthenticator App, IReadOnlyList<string> RecoveryCodes)> SetUpAsync(TestServer server, string userId)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId))!;
        var factor = server.Services.GetRequiredService<AuthenticatorApp>();
        var setup = await factor.BeginAsync(user, CancellationToken.None);
        var app = new TestAuthenticator(server, setup.Key);
        if (!await factor.TryConfirmAsync(user, setup.Ticket, app.Code(), CancellationToken.None)) throw new InvalidOperationException("The authenticator app was not taken.");
        var codes = await server.Services.GetRequiredService<RecoveryCodes>().ReplaceAsync(userId, CancellationToken.None) ?? throw new InvalidOperationException("The machine is busy.");
        // The code that confirmed it is spent.
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        return (app, codes);
    }
}
