using AuthServer.Ui.Branding;
using Xunit;

namespace AuthServer.UnitTests.Ui;

public sealed class AccentColorTests
{
    private static readonly AccentColor Page = new(0xf5, 0xf6, 0xf8);

    [Theory]
    [InlineData("#1f5fd0", 0x1f, 0x5f, 0xd0)]
    [InlineData("#FFF", 255, 255, 255)]
    [InlineData("#0a5", 0x00, 0xaa, 0x55)]
    public void Both_hexadecimal_forms_are_read(string text, byte red, byte green, byte blue)
    {
        Assert.True(AccentColor.TryParse(text, out var color));
        Assert.Equal(new AccentColor(red, green, blue), color);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("1f5fd0")]
    [InlineData("#1f5f")]
    [InlineData("#1f5fd00")]
    [InlineData("#+f5fd0")]
    [InlineData("# f5fd0")]
    [InlineData("red")]
    [InlineData("#fff;}body{display:none")]
    public void Anything_else_is_not_a_colour(string? text) => Assert.False(AccentColor.TryParse(text, out _));

    // The two greys between which the limit of WCAG 2.2 §1.4.3 lies.
    [Theory]
    [InlineData("#000000", 21.0)]
    [InlineData("#767676", 4.54)]
    [InlineData("#777777", 4.48)]
    [InlineData("#ff0000", 4.00)]
    [InlineData("#ffffff", 1.0)]
    public void Contrast_to_white_is_the_published_one(string text, double expected)
    {
        Assert.True(AccentColor.TryParse(text, out var color));
        Assert.Equal(expected, color.ContrastTo(AccentColor.White), tolerance: 0.005);
        Assert.Equal(color.ContrastTo(AccentColor.White), AccentColor.White.ContrastTo(color));
    }

    [Fact]
    public void A_readable_colour_stays_as_it_is()
    {
        var blue = new AccentColor(0x1f, 0x5f, 0xd0);
        Assert.Equal(blue, blue.ReadableOn(Page, AccentColor.Black));
    }

    [Fact]
    public void A_pale_colour_is_darkened_no_more_than_needed_and_keeps_its_hue()
    {
        var corrected = new AccentColor(0xff, 0xd0, 0x00).ReadableOn(AccentColor.White, AccentColor.Black);

        Assert.InRange(corrected.ContrastTo(AccentColor.White), AccentColor.RequiredContrast, 4.8);
        Assert.Equal(0, corrected.Blue);
        Assert.Equal(0xd0 / 255.0, corrected.Green / (double)corrected.Red, tolerance: 0.02);
    }

    [Fact]
    public void Every_colour_becomes_readable_on_light_and_on_dark()
    {
        var dark = new AccentColor(0x19, 0x1d, 0x23);
        for (var red = 0; red < 256; red += 51)
        {
            for (var green = 0; green < 256; green += 51)
            {
                for (var blue = 0; blue < 256; blue += 51)
                {
                    var color = new AccentColor((byte)red, (byte)green, (byte)blue);
                    var onLight = color.ReadableOn(Page, AccentColor.Black);
                    Assert.True(onLight.ContrastTo(Page) >= 4.5 && onLight.ContrastTo(AccentColor.White) >= 4.5, $"{color} on light is {onLight}");
                    Assert.True(color.ReadableOn(dark, AccentColor.White).ContrastTo(dark) >= 4.5, $"{color} on dark");
                }
            }
        }
    }
}
