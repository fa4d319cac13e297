using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Factors;

/// <summary>What a person calls a passkey.</summary>
internal static class PasskeyName
{
    public const int Longest = 64;

    /// <summary>Null where it cannot be used: empty, too long, or with characters that show nothing.</summary>
    public static string? Clean(string? name)
    {
        var trimmed = name?.Trim();
        return trimmed is { Length: > 0 and <= Longest } && !trimmed.Any(char.IsControl) ? trimmed : null;
    }

    /// <summary>Where it was made: like <c>Chrome on Linux</c>.</summary>
    public static string Of(string? userAgent) => DeviceName.Of(userAgent) is { Browser: not null } or { System: not null } ? DeviceName.Of(userAgent).ToString() : "Passkey";
}
