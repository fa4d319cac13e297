using System.Net;
using AuthServer.Engine.ApiKeys;
using Xunit;

namespace AuthServer.UnitTests.ApiKeys;

/// <summary>The form of API keys, and where they may be used from.</summary>
public sealed class ApiKeyTextTests
{
    /// <summary>Computed by zlib's crc32, so that the checksum is the one that others compute as well.</summary>
    private const string Known = "pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg369T4j";

    [Fact]
    public void A_key_that_was_made_is_read_and_tells_its_kind()
    {
        foreach (var kind in new[] { ApiKeyKind.Machine, ApiKeyKind.Personal })
        {
            var made = ApiKeyText.New(kind);

            Assert.True(ApiKeyText.TryRead(made.Reveal(), out var read));
            Assert.Equal(kind, read.Kind);
            Assert.Equal(made.Hash(), read.Hash());
            Assert.Equal(ApiKeyText.Length, made.Reveal().Length);
            Assert.StartsWith(kind == ApiKeyKind.Machine ? "ask_" : "pat_", made.Reveal(), StringComparison.Ordinal);
            Assert.Equal("***", made.ToString());
            Assert.Equal(made.Reveal()[..12], made.Start);
        }
    }

    [Fact]
    public void The_checksum_is_the_one_of_ISO_3309() => Assert.True(ApiKeyText.TryRead(Known, out _));

    [Fact]
    public void A_key_with_one_other_character_is_known_to_be_mistyped()
    {
        var key = ApiKeyText.New(ApiKeyKind.Machine).Reveal();
        for (var i = 0; i < key.Length; i++)
        {
            var other = key.ToCharArray();
            other[i] = other[i] == 'x' ? 'y' : 'x';
            Assert.False(ApiKeyText.TryRead(new string(other), out _), $"place {i}");
        }

        Assert.False(ApiKeyText.TryRead(key[..^1], out _));
        Assert.False(ApiKeyText.TryRead(key + "0", out _));
        Assert.False(ApiKeyText.TryRead("pat" + key[3..], out _));
        Assert.False(ApiKeyText.TryRead(null, out _));
    }

    [Fact]
    public void A_thousand_keys_are_a_thousand() => Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => ApiKeyText.New(ApiKeyKind.Machine).Reveal()).Distinct().Count());

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1"), InlineData("192.0.2.1/32", "192.0.2.1"), InlineData("192.0.2.0/24", "192.0.2.0/24"), InlineData("2001:DB8::/32", "2001:db8::/32"), InlineData("2001:db8::1", "2001:db8::1"), InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("192.0.2.1/24", null), InlineData("192.0.2.0/33", null), InlineData("192.0.2", null), InlineData("010.0.0.1", null), InlineData("example.com", null), InlineData("", null), InlineData("1", null), InlineData("fe80::1%eth0", null), InlineData("192.0.2.0/24/8", null), InlineData("192.0.2.0/", null), InlineData("::ffff:192.0.2.1", null)]
    public void Addresses_and_networks_are_read_in_one_form(string text, string? canonical) => Assert.Equal(canonical, AddressRange.Canonical(text));

    [Theory]
    [InlineData("192.0.2.77", true), InlineData("::ffff:192.0.2.77", true), InlineData("192.0.3.1", false), InlineData("2001:db8:1::5", true), InlineData("2001:db9::5", false)]
    public void An_address_is_in_its_network(string address, bool inside) => Assert.Equal(inside, AddressRange.Allows(["192.0.2.0/24", "2001:db8::/32"], IPAddress.Parse(address)));

    [Fact]
    public void Without_networks_it_may_come_from_everywhere_and_with_some_from_nowhere_unknown()
    {
        Assert.True(AddressRange.Allows([], null));
        Assert.False(AddressRange.Allows(["192.0.2.0/24"], null));
    }
}
