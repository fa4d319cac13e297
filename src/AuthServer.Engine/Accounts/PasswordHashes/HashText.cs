using System.Globalization;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>The numbers and bytes in the texts of password hashes.</summary>
internal static class HashText
{
    public static bool TryNumber(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Base64, padded or not.</summary>
    public static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var bare = text.TrimEnd('=');
        if (!Convert.TryFromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='), bytes, out var written)) return false;
        bytes = bytes[..written];
        return true;
    }

    /// <summary>Base64 as passlib writes it in its PBKDF2 hashes: a dot for the plus, without padding.</summary>
    public static bool TryDottedBase64(string text, out byte[] bytes)
    {
        bytes = [];
        return !text.Contains('+', StringComparison.Ordinal) && TryBase64(text.Replace('.', '+'), out bytes);
    }

    public static bool TryHex(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit)) return false;
        bytes = Convert.FromHexString(text);
        return true;
    }
}
