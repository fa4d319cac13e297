using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthServer.Ui.Branding;

/// <summary>An sRGB colour that can be made readable: WCAG 2.2 §1.4.3 asks for a contrast of 4.5:1 between text and what is behind it.</summary>
public readonly record struct AccentColor(byte Red, byte Green, byte Blue)
{
    public const double RequiredContrast = 4.5;

    public static readonly AccentColor White = new(255, 255, 255);
    public static readonly AccentColor Black = new(0, 0, 0);

    /// <summary>Reads #rgb or #rrggbb.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccentColor color)
    {
        color = default;
        if (text is not ['#', .. var digits] || digits.Length is not (3 or 6)) return false;
        if (digits.Length == 3) digits = string.Concat(digits[0], digits[0], digits[1]) + string.Concat(digits[1], digits[2], digits[2]);
        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        color = new((byte)(value >> 16), (byte)(value >> 8), (byte)value);
        return true;
    }

    /// <summary>Contrast ratio from 1 to 21 (WCAG 2.2, "contrast ratio").</summary>
    public double ContrastTo(AccentColor other)
    {
        double mine = Luminance, theirs = other.Luminance;
        return (Math.Max(mine, theirs) + 0.05) / (Math.Min(mine, theirs) + 0.05);
    }

    /// <summary>This colour, or the nearest one on its way to <paramref name="pole"/> that is readable on <paramref name="surface"/>.</summary>
    public AccentColor ReadableOn(AccentColor surface, AccentColor pole)
    {
        const int steps = 100;
        for (var step = 0; step < steps; step++)
        {
            var candidate = Toward(pole, step / (double)steps);
            if (candidate.ContrastTo(surface) >= RequiredContrast) return candidate;
        }

        return pole;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private AccentColor Toward(AccentColor pole, double share) => new(Mix(Red, pole.Red, share), Mix(Green, pole.Green, share), Mix(Blue, pole.Blue, share));

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
