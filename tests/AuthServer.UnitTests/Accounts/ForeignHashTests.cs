using System.Buffers.Binary;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Accounts.PasswordHashes;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

/// <summary>What is refused of password hashes from elsewhere; that the good ones verify is shown on the wire.</summary>
public sealed class ForeignHashTests
{
    private const string Salt = "c29tZXNhbHRzb21lc2FsdA";
    private const string Hash = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    private const string Hex = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";
    private const string Crypt86 = "/////////1/////////2/////////3/////////4/////////5/////////6/////////7/////////8/////.";

    public static TheoryData<string, string> Costly => new()
    {
        { $"$argon2id$v=19$m=262145,t=1,p=1${Salt}${Hash}", "memory in KiB" },
        { $"$argon2i$v=19$m=65536,t=17,p=1${Salt}${Hash}", "memory times passes" },
        { $"$argon2d$v=19$m=2147483647,t=2147483647,p=1${Salt}${Hash}", "memory in KiB" },
        { $"$argon2id$v=19$m=8192,t=1,p=65${Salt}${Hash}", "number of lanes" },
        { "$2b$15$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "cost" },
        { $"pbkdf2_sha256$2000001$salt${Hash}=", "number of rounds" },
        { $"$pbkdf2-sha512$2147483647${Salt}${Hash}", "number of rounds" },
        { $"pbkdf2:sha1:1000001$salt${Hex}", "number of rounds" },
        { $"$scrypt$ln=19,r=8,p=1${Salt}${Hash}", "memory in bytes" },
        { $"$scrypt$ln=17,r=8,p=3${Salt}${Hash}", "N times r times p" },
        { $"$scrypt$ln=40,r=2147483647,p=2147483647${Salt}${Hash}", "N" },
        { $"scrypt:1024:2048:1$salt${Hex}", "r" },
        { "$6$rounds=1000001$salt$" + Crypt86, "number of rounds" },
        { AspNet(2, 2_000_001), "number of rounds" },
        { AspNet(1, 0xFFFFFFFF), "number of rounds" },
        { Keycloak("pbkdf2-sha256", 2_000_001, "{}"), "number of rounds" },
        { Keycloak("argon2", 5, """{"memory":["1048576"],"parallelism":["1"],"type":["id"],"version":["1.3"]}"""), "memory in KiB" },
    };

    public static TheoryData<string> Broken =>
    [
        "", " ", "!", "*", "x", "plain text", "{", "{}", "[]", "null", "{\"secretData\":1,\"credentialData\":2}", "{\"secretData\":\"{\",\"credentialData\":\"{}\"}", "{\"secretData\":{\"salt\":null,\"value\":null},\"credentialData\":{\"algorithm\":null,\"hashIterations\":1}}",
        Keycloak("md5", 1, "{}"), Keycloak("argon2", 1, "{}"), Keycloak("argon2", 1, """{"memory":[],"parallelism":["1"]}"""), Keycloak("argon2", 1, """{"memory":["8"],"parallelism":["1"],"type":["x"]}"""),
        "$argon2id$", "$argon2x$v=19$m=8192,t=1,p=1$" + Salt + "$" + Hash, "$argon2i$v=17$m=8192,t=1,p=1$" + Salt + "$" + Hash, "$argon2i$v=19$m=8192,t=1,p=1,m=1$" + Salt + "$" + Hash, "$argon2i$v=19$m=8192,t=0,p=1$" + Salt + "$" + Hash,
        "$argon2i$v=19$m=8192,t=1,p=1$c2FsdA$" + Hash, "$argon2i$v=19$m=8192,t=1,p=1$" + Salt + "$CTFh", "$argon2i$v=19$m=-8192,t=1,p=1$" + Salt + "$" + Hash, "$argon2i$v=19$m=7,t=1,p=1$" + Salt + "$" + Hash,
        "$2b$", "$2b$03$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMU", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW\n", "$2x$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
        "pbkdf2_sha256$0$salt$" + Hash, "pbkdf2_sha256$-1$salt$" + Hash, "pbkdf2_md5$1$salt$" + Hash, "pbkdf2_sha256$1$$" + Hash, "pbkdf2_sha256$1$salt$CTFh", "pbkdf2_sha256$1$salt$not base64 at all, is it?",
        "$pbkdf2-sha256$1$" + Salt, "$pbkdf2-md5$1$" + Salt + "$" + Hash, "pbkdf2:sha256$salt$" + Hex, "pbkdf2:sha256:1$salt$zz", "$scrypt$ln=0,r=8,p=1$" + Salt + "$" + Hash, "$scrypt$r=8,p=1$" + Salt + "$" + Hash, "scrypt:1000:8:1$salt$" + Hex, "scrypt:1024:0:1$salt$" + Hex, "scrypt:1024:8$salt$" + Hex,
        "$6$salt$short", "$6$rounds=5$salt$" + Crypt86, "$6$$" + Crypt86, "$6$salt:salt$" + Crypt86, "$1$salt$hash", "$y$j9T$salt$hash", "abc:def", Hex + ":", Hex + ":" + Hex + ":" + Hex, Hex[1..] + "g:" + Hex, "AAAA", "AgAAAA==", AspNet(3, 1), AspNet(1, 0), "sha1$salt$hash", "md5:" + Hex,
    ];

    [Theory, MemberData(nameof(Costly))]
    public void What_would_cost_too_much_is_refused_by_name_and_never_computed(string text, string parameter)
    {
        var refused = Assert.IsType<HashReading.TooCostly>(ForeignHashes.Read(text));
        Assert.StartsWith("its " + parameter + " is ", refused.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(Hash, refused.Why, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Broken))]
    public void What_is_no_whole_hash_of_a_known_format_is_unreadable_and_throws_nothing(string text)
    {
        Assert.IsType<HashReading.Unreadable>(ForeignHashes.Read(text));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher.VerifyHashedPassword(new User(), text, "a password"));
    }

    [Fact]
    public void A_hash_that_costs_just_what_it_may_is_taken()
    {
        Assert.IsType<HashReading.Known>(ForeignHashes.Read($"pbkdf2_sha256$2000000$salt${Hash}"));
        Assert.IsType<HashReading.Known>(ForeignHashes.Read($"$argon2i$v=19$m=262144,t=4,p=64${Salt}${Hash}"));
        Assert.IsType<HashReading.Known>(ForeignHashes.Read($"$scrypt$ln=17,r=8,p=2${Salt}${Hash}"));
        Assert.IsType<HashReading.Known>(ForeignHashes.Read("$2b$14$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"));
    }

    /// <summary>A costly hash would take minutes; a refused one as long as any wrong password.</summary>
    [Theory, MemberData(nameof(Costly))]
    public void A_costly_hash_that_got_into_the_database_lets_nobody_in(string text, string parameter)
    {
        Assert.NotEmpty(parameter);
        // Beyond what this server could be set to write itself.
        if (text.Contains("m=262145", StringComparison.Ordinal) || text.Contains("p=65", StringComparison.Ordinal)) return;
        Assert.Equal(PasswordVerificationResult.Failed, Hasher.VerifyHashedPassword(new User(), text, "a password"));
    }

    /// <summary>The hash is of python3-bcrypt 3.2.2.</summary>
    [Fact]
    [Spec("ASVS 6.2.9")]
    public void A_password_with_a_zero_in_it_is_not_cut_there()
    {
        const string hash = "$2b$04$01kfbCiKTpCCuLk4RkZz3uhBbHk4X9EZ.KjKtJV6dJEGW2wPYb/Iy";
        var known = Assert.IsType<HashReading.Known>(ForeignHashes.Read(hash));
        Assert.True(known.Matches("secret"));
        Assert.False(known.Matches("secret\0and more"));
    }

    private static PasswordHasher Hasher { get; } = new(new AccountOptions { Argon2Memory = 8192, Argon2Iterations = 1 }, NullLogger.Instance, argon2: true);

    private static string AspNet(uint prf, uint rounds)
    {
        var bytes = new byte[13 + 16 + 32];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), prf);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), rounds);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), 16);
        return Convert.ToBase64String(bytes);
    }

    private static string Keycloak(string algorithm, int rounds, string more) => System.Text.Json.JsonSerializer.Serialize(new
    {
        secretData = $$"""{"value":"{{Hash}}","salt":"{{Salt}}"}""",
        credentialData = $$"""{"hashIterations":{{rounds}},"algorithm":"{{algorithm}}","additionalParameters":{{more}}}""",
    });
}
