using System.Globalization;

namespace AuthServer.Engine.Accounts;

/// <summary>What a mail about a change tells, so that its reader sees at once whether it was them.</summary>
internal static class LetterValues
{
    public static Dictionary<string, string> Of(DateTimeOffset when, string? where, string? device)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["when"] = when.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) };
        if (where is not null) values["where"] = where;
        if (device is not null) values["device"] = device;
        return values;
    }
}
