namespace AuthServer.Engine.Protocol;

/// <summary>The issuer identifier (RFC 8414 §2). Every absolute URL of this server is built from it, never from the Host header.</summary>
public sealed class Issuer
{
    public Issuer(string identifier)
    {
        if (!Uri.TryCreate(identifier, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
            throw new FormatException($"Issuer must be an absolute http(s) URL without query and fragment, but is '{identifier}'.");
        Identifier = identifier.TrimEnd('/');
        Uri = new Uri(Identifier);
        IsHttps = uri.Scheme == Uri.UriSchemeHttps;
    }

    /// <summary>The value of <c>iss</c>: without a trailing slash.</summary>
    public string Identifier { get; }

    public Uri Uri { get; }

    public bool IsHttps { get; }

    /// <summary>An absolute URL below the issuer. <paramref name="path"/> starts with a slash.</summary>
    public string Url(string path) => Identifier + path;

    public override string ToString() => Identifier;
}
