namespace AuthServer.Engine.Protocol;

/// <summary>
/// The one comparison of redirect URIs: equal to a registered value byte for byte (RFC 9700 §2.1), with the one exception of RFC 8252 §7.3:
/// the port of an <c>http</c> loopback address of a native app is the app's own.
/// </summary>
public static class RedirectUri
{
    public static bool Matches(IEnumerable<string> registered, string requested, bool native)
    {
        foreach (var candidate in registered)
        {
            if (string.Equals(candidate, requested, StringComparison.Ordinal)) return true;
            if (native && IsSameLoopback(candidate, requested)) return true;
        }

        return false;
    }

    /// <summary>Only the digits after the host may differ: everything before and behind them is compared as text, so no URI parser is trusted.</summary>
    private static bool IsSameLoopback(string registered, string requested)
    {
        foreach (var origin in (ReadOnlySpan<string>)["http://127.0.0.1", "http://[::1]"])
        {
            if (!registered.StartsWith(origin, StringComparison.Ordinal) || !requested.StartsWith(origin, StringComparison.Ordinal)) continue;
            return TryCutPort(registered.AsSpan(origin.Length), out var registeredRest)
                && TryCutPort(requested.AsSpan(origin.Length), out var requestedRest)
                && registeredRest.SequenceEqual(requestedRest);
        }

        return false;
    }

    private static bool TryCutPort(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        rest = text;
        if (text is [':', ..])
        {
            var digits = 1;
            while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
            if (digits is 1 or > 6 || int.Parse(text[1..digits], System.Globalization.CultureInfo.InvariantCulture) > 65535) return false;
            rest = text[digits..];
        }

        return rest.IsEmpty || rest[0] is '/' or '?';
    }

    /// <summary>
    /// What may be registered: an absolute URI without fragment and without user name; <c>https</c>, <c>http</c> on loopback, or a private-use
    /// scheme with a dot in it (RFC 8252 §7.1). Answers null, or why not.
    /// </summary>
    public static string? Objection(string uri, bool native)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed)) return "is not an absolute URI";
        if (uri.Contains('#', StringComparison.Ordinal)) return "has a fragment";
        if (uri.Any(static c => c is <= ' ' or > '~' or '\\' or '"' or '<' or '>' or '`' or '^' or '{' or '}' or '|')) return "has characters that do not belong in a URI";
        if (parsed.Scheme == Uri.UriSchemeHttps) return parsed.UserInfo.Length > 0 || parsed.Host.Length == 0 ? "has a user name or no host" : null;
        if (parsed.Scheme == Uri.UriSchemeHttp)
        {
            if (parsed.UserInfo.Length > 0) return "has a user name";
            return parsed.IsLoopback ? null : "is http on a host that is not this machine";
        }

        if (!native) return "has a scheme that only native apps may use";
        return parsed.Scheme.Contains('.', StringComparison.Ordinal) ? null : "has a private-use scheme without a dot (RFC 8252 7.1)";
    }
}
