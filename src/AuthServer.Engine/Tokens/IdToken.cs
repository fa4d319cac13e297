using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Tokens;

/// <summary>ID tokens (OpenID Connect Core §2): thin, the person's claims are at UserInfo unless nothing else could bring them.</summary>
public sealed class IdToken(KeyRing keys, SubjectIdentifiers subjects, ClaimsForScopes claims, DirectoryRelease directory, Issuer issuer, IOptions<TokenOptions> options, TimeProvider clock)
{
    private readonly record struct Content(IdToken Maker, GrantedAccess Access, string? AccessToken, SignatureAlgorithm Algorithm);

    /// <param name="accessToken">The access token of the same answer, for <c>at_hash</c>; null where there is none.</param>
    public string Sign(GrantedAccess access, string? accessToken)
    {
        var key = keys.SigningCredential(access.Client.IdTokenSignedResponseAlg);
        return Jwt.Sign(key, JwtType.IdToken.Name, static (json, content) => content.Maker.Write(json, content), new Content(this, access, accessToken, key.Algorithm));
    }

    private void Write(Utf8JsonWriter json, in Content content)
    {
        var (access, grant) = (content.Access, content.Access.Grant!);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        json.WriteString("iss", issuer.Identifier);
        json.WriteString("sub", subjects.SubjectOf(access.Client, grant.UserId!));
        json.WriteString("aud", access.Client.ClientId);
        json.WriteNumber("exp", now + options.Value.IdTokenLifetime);
        json.WriteNumber("iat", now);
        if (access.Nonce is { } nonce) json.WriteString("nonce", nonce);
        if (grant.Details.AuthTime is { } authTime) json.WriteNumber("auth_time", authTime);
        if (grant.Details.Acr is { } acr) json.WriteString("acr", acr);
        AmrArray.Write(json, grant.Details.Amr);
        if (grant.SessionId is { } sid) json.WriteString("sid", sid);
        if (content.AccessToken is { } token) json.WriteString("at_hash", HalfHash(token, content.Algorithm));
        if (access.Code is { } code) json.WriteString("c_hash", HalfHash(code, content.Algorithm));
        directory.Write(json, access.Client, access.Scopes, access.User?.Directory);
        if (access.User is { } user) claims.Write(json, user, access.ScopeClaimsInIdToken || access.Client.UserClaimsInIdToken ? access.Scopes : ScopeSet.Empty, grant.Details.IdTokenClaims);
    }

    /// <summary>The left half of the hash that belongs to the signature's algorithm (§3.1.3.6, §3.3.2.11).</summary>
    private static string HalfHash(string value, SignatureAlgorithm algorithm)
    {
        var ascii = Encoding.ASCII.GetBytes(value);
        var hash = algorithm.Hash == HashAlgorithmName.SHA512 ? SHA512.HashData(ascii) : algorithm.Hash == HashAlgorithmName.SHA384 ? SHA384.HashData(ascii) : SHA256.HashData(ascii);
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2));
    }
}
