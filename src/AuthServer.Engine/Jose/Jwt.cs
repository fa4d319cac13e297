using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>JSON Web Tokens (RFC 7519, RFC 8725): sign, read, verify. Nothing a stranger sends makes any of it throw.</summary>
public static class Jwt
{
    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>Signs the claims that <paramref name="writeClaims"/> writes; the enclosing object is written here.</summary>
    /// <param name="key">Signs; its <c>kid</c> and algorithm stand in the header.</param>
    /// <param name="typ">Says what the token is for, e.g. <c>at+jwt</c>.</param>
    /// <param name="writeClaims">A static lambda, so that nothing is allocated for it.</param>
    /// <param name="state">Handed to <paramref name="writeClaims"/>.</param>
    public static string Sign<TState>(SigningCredential key, string typ, Action<Utf8JsonWriter, TState> writeClaims, TState state)
    {
        // Taken while in use: claims that sign a token themselves get buffers of their own.
        var scratch = _scratch ?? new Scratch();
        _scratch = null;
        try
        {
            scratch.Writer.WriteStartObject();
            writeClaims(scratch.Writer, state);
            scratch.Writer.WriteEndObject();
            scratch.Writer.Flush();
            return Sign(key, typ, scratch.Payload.WrittenSpan);
        }
        finally
        {
            scratch.Clear();
            if (scratch.Payload.Capacity <= Scratch.KeptCapacity) _scratch = scratch;
        }
    }

    /// <summary>Signs a payload that is already a JSON object in UTF-8.</summary>
    public static string Sign(SigningCredential key, string typ, ReadOnlySpan<byte> payload) =>
        CompactJws.SignEncoded(key, key.ProtectedHeader(typ), payload);

    /// <summary>Checks the form only. The result is good for choosing keys, and for nothing else.</summary>
    public static JwtReadResult Read(string compact, int maxLength = CompactJws.DefaultMaxLength)
    {
        var fault = CompactJws.Read(compact, maxLength, out var jws);
        if (jws is null) return new JwtReadResult(fault);
        return JwtClaims.TryRead(jws.Payload, out fault, out var claims) ? new JwtReadResult(new UnverifiedJwt(jws, claims)) : new JwtReadResult(fault);
    }

    /// <summary>Checks type, algorithm and signature.</summary>
    /// <param name="token">From <see cref="Read"/>.</param>
    /// <param name="keys">Of whoever the token claims to come from.</param>
    /// <param name="allowed">The algorithms registered for the purpose; the header can only choose among them (RFC 8725 §3.1).</param>
    /// <param name="type">What the token has to be made for.</param>
    public static bool TryVerify(
        UnverifiedJwt token, JsonWebKeySet keys, IReadOnlyList<SignatureAlgorithm> allowed, JwtType type,
        [NotNullWhen(true)] out VerifiedJwt? verified, out JwtFault fault) =>
        VerifiedJwt.TryVerify(token, keys, allowed, type, out verified, out fault);

    /// <summary>All of it: form, type, algorithm, signature, issuer, audience, times.</summary>
    public static bool TryVerify(
        string compact, JsonWebKeySet keys, IReadOnlyList<SignatureAlgorithm> allowed, JwtType type, JwtExpectations expectations,
        [NotNullWhen(true)] out VerifiedJwt? verified, out JwtFault fault)
    {
        verified = null;
        if (!Read(compact).TryGet(out var token, out fault)) return false;
        if (!TryVerify(token, keys, allowed, type, out var signed, out fault)) return false;
        fault = expectations.Check(signed);
        if (fault != JwtFault.None) return false;
        verified = signed;
        return true;
    }

    private sealed class Scratch
    {
        public const int KeptCapacity = 32 * 1024;

        public Scratch() => Writer = new Utf8JsonWriter(Payload, JoseJson.WriterOptions);

        public ArrayBufferWriter<byte> Payload { get; } = new(1024);
        public Utf8JsonWriter Writer { get; }

        public void Clear()
        {
            Writer.Reset();
            Payload.ResetWrittenCount();
        }
    }
}
