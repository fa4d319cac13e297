using System.Buffers.Text;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

public sealed class StrictBase64UrlTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Fact]
    [Spec("RFC 7515 §2")]
    [Spec("RFC 4648 §3.5")]
    public void A_value_has_exactly_one_spelling()
    {
        // Long enough for the vectorised part of a decoder to have its turn, and all three remainders.
        for (var prefix = 0; prefix <= 60; prefix += 20)
        {
            var start = new string('b', prefix);
            var accepted = 0;
            foreach (var a in Letters)
            {
                foreach (var b in Letters)
                {
                    Count($"{start}{a}{b}");
                    Count($"{start}A{a}{b}");
                }
                Assert.False(StrictBase64Url.TryDecode($"{start}{a}", out _));
            }
            // One byte has 256 spellings; two bytes whose first six bits are zero have 1024.
            Assert.Equal(256 + 1024, accepted);

            void Count(string text)
            {
                if (!StrictBase64Url.TryDecode(text, out var bytes)) return;
                accepted++;
                Assert.Equal(text, Base64Url.EncodeToString(bytes));
            }
        }
    }

    [Theory]
    [Spec("RFC 7515 §2")]
    [InlineData("AA==")]
    [InlineData("AAA=")]
    [InlineData("AAA%")]
    [InlineData("AA AA")]
    [InlineData("AAAA\n")]
    [InlineData("\tAAAA")]
    [InlineData("AA+A")]
    [InlineData("AA/A")]
    [InlineData("AAAé")]
    [InlineData("AAA\0")]
    [InlineData("AAA\uFF21")]
    public void Nothing_but_the_alphabet_is_accepted(string text) => Assert.False(StrictBase64Url.TryDecode(text, out _));
}
