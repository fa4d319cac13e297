using System.Text;
using AuthServer.Engine.Factors;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Factors;

public sealed class TimedCodeTests
{
    /// <summary>The secret of the RFC's own vectors.</summary>
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_109);

    [Theory, Spec("RFC 6238 Appendix B")]
    [InlineData(59, "94287082"), InlineData(1_111_111_109, "07081804"), InlineData(1_111_111_111, "14050471"), InlineData(1_234_567_890, "89005924"), InlineData(2_000_000_000, "69279037"), InlineData(20_000_000_000, "65353130")]
    public void The_codes_are_those_of_the_specification(long seconds, string expected) =>
        Assert.Equal(expected, TimedCode.At(Secret, TimedCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8));

    [Theory, Spec("RFC 4226 Appendix D")]
    [InlineData(0, "755224"), InlineData(1, "287082"), InlineData(2, "359152"), InlineData(3, "969429"), InlineData(9, "520489")]
    public void The_codes_of_counters_are_those_of_the_specification(long counter, string expected) => Assert.Equal(expected, TimedCode.At(Secret, counter));

    [Theory, Spec("RFC 6238 §5.2")]
    [InlineData(-2, false), InlineData(-1, true), InlineData(0, true), InlineData(1, true), InlineData(2, false)]
    public void A_code_is_taken_one_step_to_either_side_and_no_further(int away, bool taken)
    {
        var step = TimedCode.StepAt(Now) + away;
        Assert.Equal(taken ? step : null, TimedCode.Match(Secret, TimedCode.At(Secret, step), Now));
    }

    [Theory]
    [InlineData("081804"), InlineData("081 804"), InlineData(" 081-804 ")]
    public void A_code_may_be_typed_in_groups(string typed) => Assert.NotNull(TimedCode.Match(Secret, typed, Now));

    [Theory]
    [InlineData(""), InlineData("81804"), InlineData("0081804"), InlineData("٠٨١٨٠٤"), InlineData("08180a"), InlineData("081804\0")]
    public void What_is_no_code_is_none(string typed) => Assert.Null(TimedCode.Match(Secret, typed, Now));

    [Theory, Spec("RFC 4648 §10")]
    [InlineData("", ""), InlineData("f", "MY"), InlineData("fo", "MZXQ"), InlineData("foo", "MZXW6"), InlineData("foob", "MZXW6YQ"), InlineData("fooba", "MZXW6YTB"), InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_specification(string text, string expected) => Assert.Equal(expected, Base32.Encode(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("abcde-fghjk", "abcdefghjk"), InlineData(" ABCDE fghjk ", "abcdefghjk"), InlineData("a-b-c-d-e–fghjk", "abcdefghjk"), InlineData("abcde-fghj", null), InlineData("abcde-fghjl", null), InlineData("abcde-fghjkm", null)]
    public void A_recovery_code_is_forgiven_its_case_spaces_and_dashes(string typed, string? read) => Assert.Equal(read, RecoveryCodes.Clean(typed));

    [Theory]
    [InlineData(" Work laptop ", "Work laptop"), InlineData("", null), InlineData("   ", null), InlineData("a\nb", null), InlineData(null, null)]
    public void A_passkeys_name_can_be_read(string? typed, string? read) => Assert.Equal(read, PasskeyName.Clean(typed));

    [Fact]
    public void A_passkeys_name_has_an_end()
    {
        Assert.NotNull(PasskeyName.Clean(new string('x', 64)));
        Assert.Null(PasskeyName.Clean(new string('x', 65)));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"), InlineData("something", "Passkey"), InlineData(null, "Passkey")]
    public void A_passkey_is_named_after_where_it_was_made(string? userAgent, string name) => Assert.Equal(name, PasskeyName.Of(userAgent));
}
