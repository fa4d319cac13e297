using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Branding;

/// <summary>The deployment's tokens as CSS, appended to the one style sheet: no page needs an inline style.</summary>
internal sealed partial class Theme
{
    // The surface an accent-coloured text stands on with the least contrast: the page in light, a card in dark (_tokens.scss).
    private static readonly AccentColor LightSurface = new(0xf5, 0xf6, 0xf8);
    private static readonly AccentColor DarkSurface = new(0x19, 0x1d, 0x23);

    private readonly ILogger<Theme> _logger;

    public Theme(IOptions<BrandingOptions> options, ILogger<Theme> logger)
    {
        _logger = logger;
        var wanted = AccentColor.TryParse(options.Value.AccentColor, out var parsed) ? parsed : throw new FormatException("Branding:AccentColor is not a colour.");

        // Readable as text on the light page, it is readable under white text as well: white is lighter than the page.
        var accent = wanted.ReadableOn(LightSurface, AccentColor.Black);
        if (accent != wanted) LogAccentCorrected(options.Value.AccentColor, wanted.ContrastTo(AccentColor.White), accent.ToString());
        Css = CssOf(wanted, options.Value.CornerRadius);
    }

    public string Css { get; }

    /// <summary>The tokens for a colour as it was wished for: what cannot be read on a surface moves toward black or white until it can.</summary>
    public static string CssOf(AccentColor wanted, int cornerRadius) => string.Create(CultureInfo.InvariantCulture,
        $":root{{--as-accent:{wanted.ReadableOn(LightSurface, AccentColor.Black)};--as-accent-on-dark:{wanted.ReadableOn(DarkSurface, AccentColor.White)};--as-radius:{cornerRadius}px}}\n");

    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "Branding:AccentColor {Wanted} has a contrast of {Contrast:0.0}:1 to white text, too little to read; {Used} is used instead")]
    private partial void LogAccentCorrected(string wanted, double contrast, string used);
}
