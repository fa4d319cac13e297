namespace AuthServer.Engine.Accounts;

/// <summary>What a browser calls itself, short enough for a person to know it again: "Firefox" on "Windows". A hint, nothing to trust.</summary>
/// <param name="Browser">Null where the text says nothing known.</param>
public sealed record DeviceName(string? Browser, string? System)
{
    /// <summary>In order: those who also call themselves somebody else come first.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Opera", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"),
        ("DuckDuckGo/", "DuckDuckGo"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"),
        ("Version/", "Safari"), ("curl/", "curl"), ("MSIE ", "Internet Explorer"), ("Trident/", "Internet Explorer"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"), ("X11", "Linux"),
    ];

    private static readonly string[] Handhelds = ["iPhone", "iPad", "Android"];

    /// <summary>For its picture.</summary>
    public bool IsHandheld => Handhelds.Contains(System, StringComparer.Ordinal);

    public static DeviceName Of(string? userAgent) => new(Find(Browsers, userAgent), Find(Systems, userAgent));

    public override string ToString() => (Browser, System) switch
    {
        (not null, not null) => $"{Browser} on {System}",
        _ => Browser ?? System ?? "Unknown device",
    };

    private static string? Find((string Mark, string Name)[] known, string? userAgent) => userAgent is null
        ? null
        : Array.Find(known, k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
