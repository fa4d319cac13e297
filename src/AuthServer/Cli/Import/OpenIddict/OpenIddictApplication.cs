using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Cli.Import.OpenIddict;

/// <summary>Makes metadata (RFC 7591) of an application of OpenIddict: its permissions say what the client may do, its requirements what it must.</summary>
internal static class OpenIddictApplication
{
    /// <summary>More than OpenIddict ever wrote; each token request with it costs that much.</summary>
    private const int MostRounds = 1_000_000;

    private static readonly HashSet<string> KnownGrants = new(StringComparer.Ordinal) { GrantTypes.AuthorizationCode, GrantTypes.Implicit, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.DeviceCode, "urn:ietf:params:oauth:grant-type:token-exchange" };

    /// <exception cref="FormatException">The row is not as OpenIddict writes it.</exception>
    public static (JsonObject Metadata, ClientSecret? Secret, IReadOnlyList<string> Notes) Read(OpenIddictRow row)
    {
        var (notes, permissions, requirements) = (new List<string>(), row.List("Permissions"), row.List("Requirements"));
        // Called Type before version 5.
        var isPublic = !string.Equals(row.Text("ClientType") ?? row.Text("Type"), "confidential", StringComparison.OrdinalIgnoreCase);
        var (secret, jwks) = (row.Text("ClientSecret"), row.Text("JsonWebKeySet"));
        var metadata = new JsonObject
        {
            ["client_id"] = row.Text("ClientId") ?? throw new FormatException("it has no ClientId"),
            ["application_type"] = row.Text("ApplicationType")?.ToLowerInvariant() ?? "web",
            ["redirect_uris"] = Array(row.List("RedirectUris")),
            ["post_logout_redirect_uris"] = Array(row.List("PostLogoutRedirectUris")),
            ["token_endpoint_auth_method"] = isPublic ? "none" : secret is null && jwks is not null ? "private_key_jwt" : "client_secret_basic",
            ["require_pkce"] = isPublic || requirements.Contains("ft:pkce", StringComparer.Ordinal),
            ["require_pushed_authorization_requests"] = requirements.Contains("ft:par", StringComparer.Ordinal),
            ["consent_type"] = Consent(row.Text("ConsentType"), notes),
        };
        if (row.Text("DisplayName") is { } name) metadata["client_name"] = name;
        if (jwks is not null) metadata["jwks"] = JsonNode.Parse(jwks);
        if (isPublic && !requirements.Contains("ft:pkce", StringComparer.Ordinal)) notes.Add("PKCE is required of it here, as of every public client");

        Grants(metadata, permissions, notes);
        Lifetimes(metadata, row.Map("Settings"), notes);
        foreach (var unknown in permissions.Where(static p => !(p.StartsWith("ept:", StringComparison.Ordinal) || p.StartsWith("gt:", StringComparison.Ordinal) || p.StartsWith("rst:", StringComparison.Ordinal) || p.StartsWith("scp:", StringComparison.Ordinal))))
            notes.Add($"the permission {unknown} has no meaning here");
        var stored = isPublic ? null : SecretOf(secret, notes);
        return (metadata, stored, notes);
    }

    private static void Grants(JsonObject metadata, IReadOnlyList<string> permissions, List<string> notes)
    {
        var grants = Of(permissions, "gt:");
        foreach (var unknown in grants.Where(static g => !KnownGrants.Contains(g))) notes.Add($"the grant type {unknown} is not known here");
        var kept = grants.Where(KnownGrants.Contains).ToList();
        // OpenIddict wants the endpoint as well as the grant; a grant whose endpoint was closed must not open here.
        foreach (var (grant, endpoint) in new[] { (GrantTypes.AuthorizationCode, "ept:authorization"), (GrantTypes.Implicit, "ept:authorization"), (GrantTypes.AuthorizationCode, "ept:token"), (GrantTypes.ClientCredentials, "ept:token"), (GrantTypes.RefreshToken, "ept:token") })
            if (!permissions.Contains(endpoint, StringComparer.Ordinal) && kept.Remove(grant)) notes.Add($"the grant type {grant} is left out, because the client lacked {endpoint}");

        var types = Of(permissions, "rst:").Select(static t => ResponseTypes.Canonical(t) ?? t).ToList();
        foreach (var unknown in types.Where(static t => !ResponseTypes.All.Contains(t, StringComparer.Ordinal))) notes.Add($"the response type {unknown} is not known here");
        var people = kept.Contains(GrantTypes.AuthorizationCode) || kept.Contains(GrantTypes.Implicit);
        metadata["grant_types"] = Array(kept);
        metadata["response_types"] = Array(types.Where(t => ResponseTypes.All.Contains(t, StringComparer.Ordinal) && (!t.Contains("code", StringComparison.Ordinal) || kept.Contains(GrantTypes.AuthorizationCode)) && (t == "code" || kept.Contains(GrantTypes.Implicit))));

        // openid and offline_access need no permission there.
        List<string> scopes = [.. people ? [StandardScopes.OpenId] : System.Array.Empty<string>(), .. kept.Contains(GrantTypes.RefreshToken) ? [StandardScopes.OfflineAccess] : System.Array.Empty<string>(), .. Of(permissions, "scp:")];
        metadata["scope"] = string.Join(' ', Takeover.WithoutPower(scopes, notes));
    }

    private static string Consent(string? type, List<string> notes)
    {
        switch (type?.ToLowerInvariant())
        {
            case "implicit": return ConsentTypes.Implicit;
            case null or "explicit": return ConsentTypes.Explicit;
            default:
                notes.Add($"the consent type {type} is not known here; people are asked (explicit)");
                return ConsentTypes.Explicit;
        }
    }

    private static void Lifetimes(JsonObject metadata, IReadOnlyDictionary<string, string> settings, List<string> notes)
    {
        foreach (var (setting, text) in settings)
        {
            var member = setting switch { "tkn_lft:act" => "access_token_lifetime", "tkn_lft:reft" => "refresh_token_lifetime", _ => null };
            if (member is not null && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time.TotalSeconds is >= 1 and <= int.MaxValue) metadata[member] = (int)time.TotalSeconds;
            else notes.Add($"the setting {setting} has no meaning here");
        }
    }

    /// <summary>A leading 0x01, then function, rounds and length of the salt as 32-bit numbers, the salt, the hash: PBKDF2 with SHA-256.</summary>
    private static ClientSecret? SecretOf(string? text, List<string> notes)
    {
        if (text is null) return null;
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length > 13 && bytes[0] == 1 && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)) == 1
            && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)) is >= 1 and <= MostRounds and var rounds && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9)) is >= 8 and <= 64 and var salt && length == 13 + salt + 32)
            return ClientSecret.OfPbkdf2Sha256((int)rounds, bytes[13..(13 + (int)salt)], bytes[(13 + (int)salt)..length]);
        notes.Add("its secret is stored in a way that cannot be verified here; give it a new one: client rotate-secret");
        return null;
    }

    /// <summary>Scopes of OpenIddict's table.</summary>
    public static (JsonObject Definition, IReadOnlyList<string> Notes) Scope(OpenIddictRow row)
    {
        var notes = new List<string>();
        var resources = row.List("Resources");
        var good = resources.Where(static r => Uri.TryCreate(r, UriKind.Absolute, out _) && !r.Contains('#', StringComparison.Ordinal)).ToList();
        foreach (var other in resources.Except(good)) notes.Add($"the resource {other} is left out: a resource is an absolute URI here (RFC 8707 §2)");
        var definition = new JsonObject { ["name"] = row.Text("Name") ?? throw new FormatException("it has no Name"), ["resources"] = Array(good), ["reserved"] = true };
        if (row.Text("DisplayName") is { } display) definition["display_name"] = display;
        if (row.Text("Description") is { } description) definition["description"] = description;
        return (definition, notes);
    }

    private static List<string> Of(IReadOnlyList<string> permissions, string prefix) => [.. permissions.Where(p => p.StartsWith(prefix, StringComparison.Ordinal)).Select(p => p[prefix.Length..])];

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(static t => JsonValue.Create(t))];
}
