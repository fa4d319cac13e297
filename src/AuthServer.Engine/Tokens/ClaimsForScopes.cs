using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>Which claims of a person a client may see, and their right JSON types (OpenID Connect Core §5.1, §5.4, §5.5).</summary>
public sealed class ClaimsForScopes(ClientRegistry clients)
{
    /// <summary>Claims that this server can give at all: <c>claims_supported</c>.</summary>
    public IReadOnlyList<string> Supported =>
        [.. clients.Scopes.All.SelectMany(s => s.Claims).Concat(["auth_time", "acr", "amr", "sid"]).Distinct(StringComparer.Ordinal)];

    /// <summary>Writes the claims that the scopes release and those asked for by name. Absent values are left out, never null or empty.</summary>
    public void Write(Utf8JsonWriter json, GrantUser user, ScopeSet scopes, IReadOnlyList<string> byName)
    {
        var wanted = new HashSet<string>(byName, StringComparer.Ordinal);
        foreach (var scope in scopes) wanted.UnionWith(clients.Scopes.Find(scope)?.Claims ?? []);
        Write(json, user, wanted);
    }

    public static void Write(Utf8JsonWriter json, GrantUser user, IReadOnlySet<string> wanted)
    {
        if (wanted.Contains("preferred_username")) json.WriteString("preferred_username", user.UserName);
        if (user.Email is { Length: > 0 } email)
        {
            if (wanted.Contains("email")) json.WriteString("email", email);
            if (wanted.Contains("email_verified")) json.WriteBoolean("email_verified", user.EmailVerified);
        }

        if (user.PhoneNumber is { Length: > 0 } phone)
        {
            if (wanted.Contains("phone_number")) json.WriteString("phone_number", phone);
            if (wanted.Contains("phone_number_verified")) json.WriteBoolean("phone_number_verified", user.PhoneNumberVerified);
        }

        if (wanted.Contains("updated_at")) json.WriteNumber("updated_at", user.UpdatedAt);

        using var profile = JsonDocument.Parse(user.Profile);
        foreach (var claim in profile.RootElement.EnumerateObject())
        {
            if (wanted.Contains(claim.Name) && !Columns.Contains(claim.Name)) claim.WriteTo(json);
        }
    }

    /// <summary>Claims that have a source of their own; a profile cannot speak for them.</summary>
    private static readonly HashSet<string> Columns = new(StringComparer.Ordinal)
    {
        "sub", "iss", "aud", "exp", "iat", "nbf", "jti", "nonce", "auth_time", "acr", "amr", "azp", "sid", "at_hash", "c_hash", "client_id", "scope",
        "preferred_username", "email", "email_verified", "phone_number", "phone_number_verified", "updated_at",
        DirectoryClaims.Roles, DirectoryClaims.Groups, DirectoryClaims.Permissions, DirectoryClaims.Org, DirectoryClaims.OrgName,
    };
}
