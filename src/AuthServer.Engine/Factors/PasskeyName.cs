namespace AuthServer.Engine.Factors;

/// <summary>What a person calls a passkey.</summary>
internal static class PasskeyName
{
    public const int Longest = 64;

    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux")];

    /// <summary>Null where it cannot be used: empty, too long, or with characters that show nothing.</summary>
    public static string? Clean(string? name)
    {
        var trimmed = name?.Trim();
        return trimmed is { Length: > 0 and <= Longest } && !trimmed.Any(char.IsControl) ? trimmed : null;
    }

    /// <summary>Where it was made, as the browser tells it: like <c>Chrome on Linux</c>.</summary>
    public static string Of(string? userAgent)
    {
        var browser = NameIn(Browsers, userAgent);
        var system = NameIn(Systems, userAgent);
        return (browser, system) switch
        {
            (not null, not null) => $"{browser} on {system}",
            _ => browser ?? system ?? "Passkey",
        };
    }

    private static string? NameIn((string Mark, string Name)[] known, string? userAgent) =>
        userAgent is null ? null : Array.Find(known, entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
