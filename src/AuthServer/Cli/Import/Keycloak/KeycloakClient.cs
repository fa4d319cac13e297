using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Cli.Import.Keycloak;

/// <summary>Makes metadata (RFC 7591) of a client of Keycloak.</summary>
internal static class KeycloakClient
{
    /// <summary>What an export shows where it hides a secret.</summary>
    private const string Masked = "**********";

    /// <summary>Scopes of Keycloak that are not scopes here: mappers, and what every token says anyway.</summary>
    private static readonly HashSet<string> NoScopes = new(StringComparer.Ordinal) { "web-origins", "role_list", "acr", "basic", "microprofile-jwt", "service_account", "saml_organization" };

    private const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    /// <exception cref="FormatException">It is not a client that can be taken over; why not.</exception>
    public static (JsonObject Metadata, string? Secret, IReadOnlyList<string> Notes) Read(JsonElement client)
    {
        if (KeycloakRealm.Text(client, "protocol") is { } protocol && protocol != "openid-connect") throw new FormatException($"it speaks {protocol}; this server speaks OpenID Connect");
        if (KeycloakRealm.Truth(client, "bearerOnly") == true) throw new FormatException("it is bearer-only: an API needs no client here, only a scope with its resource");

        var notes = new List<string>();
        var isPublic = KeycloakRealm.Truth(client, "publicClient") == true;
        var (secret, method) = isPublic ? (null, "none") : Method(client, notes);
        var grants = Grants(client, notes);
        var metadata = new JsonObject
        {
            ["client_id"] = KeycloakRealm.Text(client, "clientId") ?? throw new FormatException("it has no clientId"),
            ["token_endpoint_auth_method"] = method,
            ["grant_types"] = new JsonArray([.. grants.Select(static g => JsonValue.Create(g))]),
            ["response_types"] = new JsonArray([.. ResponseTypesOf(grants).Select(static t => JsonValue.Create(t))]),
            ["redirect_uris"] = Uris(client, KeycloakRealm.Texts(client, "redirectUris"), "redirect URI", notes),
            ["post_logout_redirect_uris"] = PostLogout(client, notes),
            ["require_pkce"] = isPublic || KeycloakRealm.Attribute(client, "pkce.code.challenge.method").Length > 0,
            ["require_pushed_authorization_requests"] = KeycloakRealm.Attribute(client, "require.pushed.authorization.requests") == "true",
            ["consent_type"] = KeycloakRealm.Truth(client, "consentRequired") == true ? ConsentTypes.Explicit : ConsentTypes.Implicit,
            ["enabled"] = KeycloakRealm.Truth(client, "enabled") ?? true,
        };
        if (KeycloakRealm.Text(client, "name") is { } name && !name.StartsWith("${", StringComparison.Ordinal)) metadata["client_name"] = name;
        if (method == "private_key_jwt") Keys(metadata, client);
        if (int.TryParse(KeycloakRealm.Attribute(client, "access.token.lifespan"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0) metadata["access_token_lifetime"] = seconds;
        var scopes = KeycloakRealm.Texts(client, "defaultClientScopes").Concat(KeycloakRealm.Texts(client, "optionalClientScopes")).Where(static s => !NoScopes.Contains(s));
        metadata["scope"] = string.Join(' ', Takeover.WithoutPower(ResponseTypesOf(grants).Count > 0 ? scopes.Prepend(StandardScopes.OpenId) : scopes, notes));
        return (metadata, secret, notes);
    }

    private static (string? Secret, string Method) Method(JsonElement client, List<string> notes)
    {
        var secret = KeycloakRealm.Text(client, "secret");
        switch (KeycloakRealm.Text(client, "clientAuthenticatorType"))
        {
            case "client-jwt" when KeycloakRealm.Attribute(client, "jwks.url").Length > 0 || KeycloakRealm.Attribute(client, "jwks.string").Length > 0: return (null, "private_key_jwt");
            case "client-jwt" or "client-x509": throw new FormatException("its key is a certificate; register it with jwks or jwks_uri (private_key_jwt)");
        }

        if (secret is not (null or Masked)) return (secret, KeycloakRealm.Text(client, "clientAuthenticatorType") == "client-secret-jwt" ? "client_secret_jwt" : "client_secret_basic");
        notes.Add("the export does not show its secret; give it a new one: client rotate-secret");
        return (null, "client_secret_basic");
    }

    private static void Keys(JsonObject metadata, JsonElement client)
    {
        if (KeycloakRealm.Attribute(client, "jwks.url") is { Length: > 0 } url) metadata["jwks_uri"] = url;
        else
            try
            {
                metadata["jwks"] = JsonNode.Parse(KeycloakRealm.Attribute(client, "jwks.string"));
            }
            catch (JsonException)
            {
                throw new FormatException("its jwks.string is not JSON");
            }
    }

    private static List<string> Grants(JsonElement client, List<string> notes)
    {
        var grants = new List<string>();
        if (KeycloakRealm.Truth(client, "standardFlowEnabled") != false) grants.AddRange([GrantTypes.AuthorizationCode, GrantTypes.RefreshToken]);
        if (KeycloakRealm.Truth(client, "implicitFlowEnabled") == true) grants.Add(GrantTypes.Implicit);
        if (KeycloakRealm.Truth(client, "serviceAccountsEnabled") == true) grants.Add(GrantTypes.ClientCredentials);
        if (KeycloakRealm.Attribute(client, "oauth2.device.authorization.grant.enabled") == "true") grants.Add(DeviceCode);
        if (KeycloakRealm.Truth(client, "directAccessGrantsEnabled") == true) notes.Add("direct access grants (the password grant) are not taken over");
        return grants;
    }

    private static List<string> ResponseTypesOf(List<string> grants)
    {
        var types = new List<string>();
        if (grants.Contains(GrantTypes.AuthorizationCode)) types.Add("code");
        if (grants.Contains(GrantTypes.Implicit)) types.AddRange(["id_token", "id_token token"]);
        return types;
    }

    private static JsonArray PostLogout(JsonElement client, List<string> notes)
    {
        var text = KeycloakRealm.Attribute(client, "post.logout.redirect.uris");
        // A plus means: the same as for signing in.
        return text == "+" ? Uris(client, KeycloakRealm.Texts(client, "redirectUris"), "redirect URI", []) : Uris(client, text.Split("##", StringSplitOptions.RemoveEmptyEntries), "post-logout redirect URI", notes);
    }

    /// <summary>Whole addresses only: what a pattern would let through is what an attacker looks for (RFC 9700 §2.1).</summary>
    private static JsonArray Uris(JsonElement client, IEnumerable<string> uris, string what, List<string> notes)
    {
        var root = KeycloakRealm.Text(client, "rootUrl")?.TrimEnd('/');
        var kept = new JsonArray();
        foreach (var uri in uris)
        {
            var whole = uri.StartsWith('/') && root is not null ? root + uri : uri;
            if (whole is "-" or "+") continue;
            if (whole.Contains('*', StringComparison.Ordinal)) notes.Add($"the {what} {whole} is a pattern; name the whole addresses: client metadata redirect_uris");
            else kept.Add((JsonNode)JsonValue.Create(whole));
        }

        return kept;
    }
}
