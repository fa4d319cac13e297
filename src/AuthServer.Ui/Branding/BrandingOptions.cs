using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Branding;

/// <summary>How the pages call themselves and look.</summary>
public sealed class BrandingOptions
{
    public const string Section = "Branding";

    /// <summary>The deployment's name, as a person knows it. Default "AuthServer".</summary>
    [Required, StringLength(60)] public string Name { get; init; } = "AuthServer";

    /// <summary>The language for readers who ask for none of ours: en, de, fr, es or ja. Default "en".</summary>
    [RegularExpression(@"\A(en|de|fr|es|ja)\z", ErrorMessage = "Branding:Language must be en, de, fr, es or ja.")]
    public string Language { get; init; } = "en";

    /// <summary>An image shown beside the name: an https URL, or a path on this server that begins with a slash. Default none.</summary>
    [RegularExpression(@"\A(https://[^\s""'<>]+|/[^/\s""'<>][^\s""'<>]*)\z", ErrorMessage = "Branding:LogoUrl must be an https URL or a path that begins with one slash.")]
    public string? LogoUrl { get; init; }

    /// <summary>The colour of buttons and links, as #rgb or #rrggbb. Too pale a colour is darkened until white text on it can be read. Default #1f5fd0.</summary>
    [RegularExpression(@"\A#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\z", ErrorMessage = "Branding:AccentColor must be #rgb or #rrggbb.")]
    public string AccentColor { get; init; } = "#1f5fd0";

    /// <summary>Pixels. Roundness of buttons, fields and cards. Default 10.</summary>
    [Range(0, 24)] public int CornerRadius { get; init; } = 10;
}

[OptionsValidator]
internal sealed partial class BrandingOptionsRules : IValidateOptions<BrandingOptions>;
