using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Engine.Jose;

/// <summary>A well-formed JWT whose signature nobody has looked at. Good for one thing: to find out whose keys to verify it with.</summary>
public sealed class UnverifiedJwt
{
    internal UnverifiedJwt(CompactJws jws, JwtClaims claims)
    {
        Jws = jws;
        UnverifiedClaims = claims;
    }

    /// <summary>The header and the signature.</summary>
    public CompactJws Jws { get; }

    /// <summary>Anybody may have written them.</summary>
    public JwtClaims UnverifiedClaims { get; }
}

/// <summary>A token, or the reason there is none.</summary>
public readonly struct JwtReadResult
{
    private readonly UnverifiedJwt? _token;
    private readonly JwtFault _fault;

    internal JwtReadResult(UnverifiedJwt token) => _token = token;

    internal JwtReadResult(JwtFault fault) => _fault = fault;

    public bool TryGet([NotNullWhen(true)] out UnverifiedJwt? token, out JwtFault fault)
    {
        token = _token;
        fault = _fault;
        return token is not null;
    }
}
