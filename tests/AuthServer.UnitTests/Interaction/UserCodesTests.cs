using AuthServer.Engine.Interaction;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Interaction;

[Spec("RFC 8628 §6.1")]
public sealed class UserCodesTests
{
    [Fact]
    public void A_new_code_has_eight_letters_of_twenty_and_reads_as_it_is_shown()
    {
        var codes = Enumerable.Range(0, 2_000).Select(static _ => UserCodes.New()).ToList();

        Assert.All(codes, static code => Assert.Equal(code, UserCodes.Read(UserCodes.Show(code))));
        Assert.Equal(UserCodes.Alphabet, string.Concat(codes.SelectMany(static code => code).Distinct().Order()));
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.Equal("WDJB-MJHT", UserCodes.Show("WDJBMJHT"));
    }

    [Theory]
    [InlineData("WDJB-MJHT"), InlineData("wdjbmjht"), InlineData(" wdjb mjht "), InlineData("WDJB–MJHT"), InlineData("ＷＤＪＢ－ＭＪＨＴ"), InlineData("w.d.j.b.m.j.h.t"), InlineData("WDJB\u00a0MJHT")]
    public void It_is_read_however_it_is_typed(string typed) => Assert.Equal("WDJBMJHT", UserCodes.Read(typed));

    [Theory]
    [InlineData(null), InlineData(""), InlineData("WDJB-MJH"), InlineData("WDJB-MJHT-W"), InlineData("WDJB-MJHA"), InlineData("WDJB-MJH1"), InlineData("WDJB+MJHT"), InlineData("WDJBMJH\ud835")]
    [InlineData("W-------------------------------------------------------------------------------------DJBMJHT")]
    public void What_is_none_is_null(string? typed) => Assert.Null(UserCodes.Read(typed));

    [Fact]
    public void Its_hash_needs_the_key()
    {
        var (one, other) = (new UserCodes(new byte[32]), new UserCodes([.. Enumerable.Repeat((byte)1, 32)]));

        Assert.Equal(one.Hash("WDJBMJHT"), one.Hash("WDJBMJHT"));
        Assert.NotEqual(one.Hash("WDJBMJHT"), other.Hash("WDJBMJHT"));
        Assert.NotEqual(one.Hash("WDJBMJHT"), one.Hash("WDJBMJHW"));
    }
}
