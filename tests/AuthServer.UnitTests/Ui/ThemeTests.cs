using AuthServer.Ui.Branding;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Ui;

public sealed class ThemeTests
{
    [Fact]
    public void Settings_become_custom_properties()
    {
        var log = new Lines();
        var theme = new Theme(Options.Create(new BrandingOptions { AccentColor = "#7a1f5c", CornerRadius = 3 }), log);

        Assert.Contains("--as-accent:#7a1f5c;", theme.Css, StringComparison.Ordinal);
        Assert.Contains("--as-radius:3px", theme.Css, StringComparison.Ordinal);
        Assert.Empty(log.Written);
    }

    [Fact]
    public void A_colour_too_pale_for_white_text_is_corrected_and_the_log_says_so()
    {
        var log = new Lines();
        var theme = new Theme(Options.Create(new BrandingOptions { AccentColor = "#ffd000" }), log);

        Assert.DoesNotContain("--as-accent:#ffd000", theme.Css, StringComparison.Ordinal);
        // On dark the pale colour is just right.
        Assert.Contains("--as-accent-on-dark:#ffd000", theme.Css, StringComparison.Ordinal);
        Assert.Contains("#ffd000", Assert.Single(log.Written), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blue", null, 10)]
    [InlineData("#12345", null, 10)]
    [InlineData("#1f5fd0", "http://example.com/logo.png", 10)]
    [InlineData("#1f5fd0", "javascript:alert(1)", 10)]
    [InlineData("#1f5fd0", "//example.com/logo.png", 10)]
    [InlineData("#1f5fd0", null, -1)]
    [InlineData("#1f5fd0", null, 25)]
    public void Settings_that_make_no_sense_stop_the_start(string accent, string? logo, int radius) =>
        Assert.True(new BrandingOptionsRules().Validate(null, new BrandingOptions { AccentColor = accent, LogoUrl = logo, CornerRadius = radius }).Failed);

    [Theory]
    [InlineData("https://example.com/logo.png")]
    [InlineData("/logo.svg")]
    [InlineData(null)]
    public void A_logo_is_on_https_or_on_this_server(string? logo) =>
        Assert.True(new BrandingOptionsRules().Validate(null, new BrandingOptions { LogoUrl = logo }).Succeeded);

    private sealed class Lines : ILogger<Theme>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}
