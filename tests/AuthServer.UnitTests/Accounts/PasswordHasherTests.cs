using AuthServer.Engine.Accounts;
using AuthServer.Engine.Accounts.PasswordHashes;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

public sealed class PasswordHasherTests
{
    private static readonly User Somebody = new();

    [Fact]
    public void The_hash_is_Argon2id_with_the_parameters_of_the_settings()
    {
        var hash = Hasher(memory: 9216, iterations: 2).HashPassword(Somebody, "a password");
        Assert.StartsWith("$argon2id$v=19$m=9216,t=2,p=1$", hash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerificationResult.Success, Hasher(memory: 9216, iterations: 2).VerifyHashedPassword(Somebody, hash, "a password"));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher(memory: 9216, iterations: 2).VerifyHashedPassword(Somebody, hash, "another"));
    }

    [Theory]
    [InlineData(9216, 1)]
    [InlineData(8192, 2)]
    public void Other_parameters_than_todays_ask_for_a_new_hash_but_only_for_the_right_password(int memory, int iterations)
    {
        var hash = Hasher().HashPassword(Somebody, "a password");
        var changed = Hasher(memory: memory, iterations: iterations);
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, changed.VerifyHashedPassword(Somebody, hash, "a password"));
        Assert.Equal(PasswordVerificationResult.Failed, changed.VerifyHashedPassword(Somebody, hash, "another"));
    }

    [Fact]
    [Spec("RFC 8018 §5.2")]
    public void Without_the_library_the_hash_is_PBKDF2_with_210000_rounds_of_SHA_512()
    {
        var hash = Hasher(argon2: false).HashPassword(Somebody, "a password");
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal((1, 2u, 210_000u), (bytes[0], BitConverter.ToUInt32([.. bytes[1..5].Reverse()]), BitConverter.ToUInt32([.. bytes[5..9].Reverse()])));
        Assert.Equal(PasswordVerificationResult.Success, Hasher(argon2: false).VerifyHashedPassword(Somebody, hash, "a password"));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher(argon2: false).VerifyHashedPassword(Somebody, hash, "another"));
    }

    [Fact]
    public void A_PBKDF2_hash_is_read_where_the_library_is_there_and_replaced()
    {
        var hash = Hasher(argon2: false).HashPassword(Somebody, "a password");
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Hasher().VerifyHashedPassword(Somebody, hash, "a password"));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher().VerifyHashedPassword(Somebody, hash, "another"));
    }

    [Fact]
    public void A_PBKDF2_hash_of_fewer_rounds_is_replaced_without_the_library_too()
    {
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(Somebody, "a password");
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Hasher(argon2: false).VerifyHashedPassword(Somebody, weak, "a password"));
    }

    [Fact]
    public void An_Argon2id_hash_where_the_library_is_missing_matches_nothing()
    {
        var hash = Hasher().HashPassword(Somebody, "a password");
        Assert.Equal(PasswordVerificationResult.Failed, Hasher(argon2: false).VerifyHashedPassword(Somebody, hash, "a password"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("AQAAAAI=")]
    [InlineData("$argon2id$v=19$m=1,t=1,p=1$$")]
    [InlineData("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")]
    public void A_hash_nobody_can_read_matches_nothing_and_throws_nothing(string stored)
    {
        Assert.Equal(PasswordVerificationResult.Failed, Hasher().VerifyHashedPassword(Somebody, stored, "a password"));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher().VerifyHashedPassword(Somebody, stored, ""));
    }

    private static PasswordHasher Hasher(int memory = 8192, int iterations = 1, bool argon2 = true) =>
        new(new AccountOptions { Argon2Memory = memory, Argon2Iterations = iterations }, NullLogger.Instance, argon2);
}
