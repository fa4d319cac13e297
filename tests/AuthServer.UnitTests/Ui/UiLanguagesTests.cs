using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Ui;

public sealed class UiLanguagesTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT", "de-AT")]
    [InlineData("de_AT", "de-AT")]
    [InlineData("DE-at", "de-AT")]
    [InlineData("de-XX", "de")]
    [InlineData("fr-CA-x-private", "fr-CA")]
    [InlineData("ja-JP-u-ca-japanese", "ja-JP")]
    [Spec("RFC 4647 §3.4")]
    public void A_tag_finds_the_culture_of_its_longest_known_beginning(string tag, string culture) => Assert.Equal(culture, UiLanguages.Find(tag)?.Name);

    [Theory]
    [InlineData("ru")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("dé")]
    [InlineData("x-de")]
    [InlineData("de-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_is_none_of_ours_finds_nothing(string tag) => Assert.Null(UiLanguages.Find(tag));

    [Fact]
    [Spec("OIDC Core §3.1.2.1 ui_locales")]
    public void The_first_that_fits_wins() => Assert.Equal("fr", UiLanguages.Best(["ru", "tlh", "fr", "de"])?.Name);

    [Fact]
    public void Each_language_is_named_in_itself() => Assert.Equal(["English", "Deutsch", "Français", "Español", "日本語"], UiLanguages.Supported.Select(UiLanguages.NameOf));
}
