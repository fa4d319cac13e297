using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>The content of an access token (RFC 9068 §2.2), the same whether it is signed as a JWT or kept behind an opaque handle.</summary>
public sealed class AccessToken(KeyRing keys, SubjectIdentifiers subjects, ResourceIndicators resources, DirectoryRelease directory, Issuer issuer, TimeProvider clock)
{
    /// <summary>The grant's id, so that a token stands and falls with its grant.</summary>
    public const string GrantIdClaim = "gid";

    private readonly record struct Content(AccessToken Maker, GrantedAccess Access, string TokenId, long IssuedAt, long ExpiresAt);

    public string Sign(GrantedAccess access, TimeSpan lifetime) =>
        Jwt.Sign(keys.SigningCredential(access.Client.AccessTokenSignedResponseAlg), JwtType.AccessToken.Name, static (json, content) => content.Maker.Write(json, content), ContentOf(access, lifetime));

    /// <summary>The same claims as JSON text, for an opaque token's row.</summary>
    public string Describe(GrantedAccess access, TimeSpan lifetime)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, ContentOf(access, lifetime));
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private Content ContentOf(GrantedAccess access, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        return new Content(this, access, access.TokenId ?? Handle.New().Reveal(), now.ToUnixTimeSeconds(), now.Add(lifetime).ToUnixTimeSeconds());
    }

    private void Write(Utf8JsonWriter json, in Content content)
    {
        var access = content.Access;
        json.WriteString("iss", issuer.Identifier);
        json.WriteNumber("iat", content.IssuedAt);
        json.WriteNumber("exp", content.ExpiresAt);
        WriteAudience(json, resources.AudienceOf(access.Scopes, access.Resources));
        json.WriteString("sub", access.Grant?.UserId is { } userId ? subjects.SubjectOf(access.Client, userId) : access.Grant?.Details.Subject ?? access.Client.ClientId);
        json.WriteString("client_id", access.Client.ClientId);
        json.WriteString("jti", content.TokenId);
        if (!access.Scopes.IsEmpty) json.WriteString("scope", access.Scopes.ToString());
        WriteLegacy(json, access.LegacyClaims);
        if (access.Grant is not { } grant) return;

        json.WriteString(GrantIdClaim, grant.Id);
        if (grant.SessionId is { } sid) json.WriteString("sid", sid);
        if (grant.Details.AuthTime is { } authTime) json.WriteNumber("auth_time", authTime);
        if (grant.Details.Acr is { } acr) json.WriteString("acr", acr);
        AmrArray.Write(json, grant.Details.Amr);
        directory.Write(json, access.Client, access.Scopes, access.User?.Directory);
    }

    private static void WriteLegacy(Utf8JsonWriter json, JsonObject? claims)
    {
        if (claims is null) return;
        foreach (var (name, value) in claims)
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }
    }

    /// <summary>One value as a string, several as an array (RFC 7519 §4.1.3).</summary>
    private static void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audience)
    {
        if (audience is [var only])
        {
            json.WriteString("aud", only);
            return;
        }

        json.WriteStartArray("aud");
        foreach (var value in audience) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}

/// <summary>RFC 8176: <c>amr</c> is an array, left out where nothing is known.</summary>
internal static class AmrArray
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<string> amr)
    {
        if (amr.Count == 0) return;
        json.WriteStartArray("amr");
        foreach (var method in amr) json.WriteStringValue(method);
        json.WriteEndArray();
    }
}
