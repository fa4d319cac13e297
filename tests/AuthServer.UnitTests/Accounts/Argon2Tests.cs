using System.Text;
using AuthServer.Engine.Accounts.PasswordHashes;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

[Spec("RFC 9106")]
public sealed class Argon2Tests
{
    /// <summary>Known answers of the reference implementation's own tests.</summary>
    [Theory]
    [InlineData(256, 2, 1, "password", "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe")]
    [InlineData(256, 2, 2, "password", "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037")]
    [InlineData(65536, 2, 1, "password", "somesalt", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")]
    public void The_known_answers_come_out(int memory, int iterations, int parallelism, string password, string salt, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Argon2.Compute(password, Encoding.ASCII.GetBytes(salt), new Argon2.Cost(memory, iterations, parallelism), 32)));

    [Fact]
    public void A_hash_in_the_PHC_form_made_elsewhere_is_read()
    {
        Assert.True(Argon2.TryParse("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", out var cost, out var salt, out var hash));
        Assert.Equal((new Argon2.Cost(65536, 2, 1), "somesalt", 32), (cost, Encoding.ASCII.GetString(salt), hash.Length));
        Assert.True(Argon2.Verify("password", cost, salt, hash));
        Assert.False(Argon2.Verify("Password", cost, salt, hash));
    }

    [Fact]
    public void What_is_written_is_read_back_and_each_hash_has_its_own_salt()
    {
        var (first, second) = (Argon2.Hash("päss\0word", new Argon2.Cost(256, 1, 1)), Argon2.Hash("päss\0word", new Argon2.Cost(256, 1, 1)));
        Assert.NotEqual(first, second);
        Assert.Matches(@"\A\$argon2id\$v=19\$m=256,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\z", first);
        Assert.True(Argon2.TryParse(first, out var cost, out var salt, out var hash));
        Assert.True(Argon2.Verify("päss\0word", cost, salt, hash));
        Assert.False(Argon2.Verify("päss\0worse", cost, salt, hash));
        Assert.False(Argon2.Verify("päss", cost, salt, hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1,keyid=a$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=-256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFh")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$not base64 at all, is it? not base64!!!!!")]
    public void What_is_not_ours_is_not_read(string text) => Assert.False(Argon2.TryParse(text, out _, out _, out _));
}
