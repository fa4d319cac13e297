namespace AuthServer.Engine.Jose;

/// <summary>The value of <c>typ</c> a purpose accepts, so that a token made for one purpose is worth nothing for another (RFC 8725 §3.11).</summary>
public sealed class JwtType
{
    /// <summary>RFC 9068 §2.1.</summary>
    public static readonly JwtType AccessToken = Required("at+jwt");

    /// <summary>OpenID Connect names no type for an ID token; with one it has to be the plain one.</summary>
    public static readonly JwtType IdToken = Optional("JWT");

    /// <summary>OIDC Back-Channel Logout §2.4.</summary>
    public static readonly JwtType LogoutToken = Required("logout+jwt");

    /// <summary>RFC 9449 §4.2.</summary>
    public static readonly JwtType DpopProof = Required("dpop+jwt");

    /// <summary>RFC 7523 §3; the explicit type is the one its revision introduces.</summary>
    public static readonly JwtType ClientAssertion = Optional("JWT", "client-authentication+jwt");

    /// <summary>RFC 9101 §4, §10.8.</summary>
    public static readonly JwtType RequestObject = Optional("JWT", "oauth-authz-req+jwt");

    /// <summary>A plain JWT of somebody whose types we do not choose.</summary>
    public static readonly JwtType Plain = Optional("JWT");

    private readonly string[] _accepted;
    private readonly bool _mayBeAbsent;

    private JwtType(string[] accepted, bool mayBeAbsent)
    {
        _accepted = accepted;
        _mayBeAbsent = mayBeAbsent;
    }

    /// <summary>The name to sign with.</summary>
    public string Name => _accepted[0];

    /// <summary>One of these and nothing else.</summary>
    public static JwtType Required(params string[] accepted) => new(accepted, mayBeAbsent: false);

    /// <summary>One of these or no <c>typ</c> at all.</summary>
    public static JwtType Optional(params string[] accepted) => new(accepted, mayBeAbsent: true);

    /// <summary>Case does not matter, and neither does <c>application/</c> in front (RFC 7515 §4.1.9).</summary>
    public bool Accepts(string? typ)
    {
        if (typ is null) return _mayBeAbsent;
        const string Prefix = "application/";
        var name = typ.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? typ.AsSpan(Prefix.Length) : typ;
        foreach (var accepted in _accepted)
            if (name.Equals(accepted, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    public override string ToString() => Name;
}
