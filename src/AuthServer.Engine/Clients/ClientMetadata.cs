using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Clients;

/// <summary>The rules for client metadata (RFC 7591 §2, OpenID Connect Registration §2), wherever it comes from: the command line, a file, the settings, registration.</summary>
public static partial class ClientMetadata
{
    private static readonly string[] Methods = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"];

    /// <summary>Reads metadata and fills what follows from it (<c>response_types</c> imply grant types). <c>client_id</c> is made where it is missing.</summary>
    public static Result<Client> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return Invalid("client metadata must be a JSON object");
        Client client;
        try
        {
            client = WithId(json).Deserialize<Client>(ClientJson.Options)!;
        }
        catch (JsonException wrong)
        {
            return Invalid($"client metadata cannot be read at {wrong.Path ?? "its beginning"}");
        }

        client = Normalise(client, json);
        return Objections(client) is [var first, ..] ? Invalid(first) : client;

        static OAuthError Invalid(string description) => new("invalid_client_metadata", description.Replace('"', '\''));
    }

    /// <summary>Everything that speaks against the client, in plain words; empty: it is good.</summary>
    public static IReadOnlyList<string> Objections(Client client) => [.. Uris(client), .. Types(client), .. Keys(client)];

    private static JsonObject WithId(JsonElement json)
    {
        var metadata = JsonObject.Create(json)!;
        if (!metadata.ContainsKey("client_id")) metadata["client_id"] = Handle.New().Reveal()[..22];
        return metadata;
    }

    private static Client Normalise(Client client, JsonElement json)
    {
        client = client with { ResponseTypes = [.. client.ResponseTypes.Select(t => Clients.ResponseTypes.Canonical(t) ?? t).Distinct(StringComparer.Ordinal)] };
        if (!json.TryGetProperty("response_types", out _) && !client.Allows(GrantTypes.AuthorizationCode) && !client.Allows(GrantTypes.Implicit)) client = client with { ResponseTypes = [] };
        return client;
    }

    private static IEnumerable<string> Uris(Client client)
    {
        if (client.ClientId.Length is 0 or > 200 || client.ClientId.Any(static c => c is < '!' or > '~')) yield return "client_id must be 1 to 200 printable ASCII characters";
        foreach (var uri in client.RedirectUris)
            if (RedirectUri.Objection(uri, client.IsNative) is { } objection) yield return $"redirect_uris: {uri} {objection}";
        foreach (var uri in client.PostLogoutRedirectUris)
            if (RedirectUri.Objection(uri, client.IsNative) is { } objection) yield return $"post_logout_redirect_uris: {uri} {objection}";
        foreach (var (name, value) in new (string, string?)[] { ("client_uri", client.ClientUri), ("logo_uri", client.LogoUri), ("policy_uri", client.PolicyUri), ("tos_uri", client.TosUri), ("jwks_uri", client.JwksUri), ("sector_identifier_uri", client.SectorIdentifierUri) })
        {
            if (value is not null && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")) yield return $"{name} must be an absolute http(s) URL";
        }

        if (client.ResponseTypes.Count > 0 && client.RedirectUris.Count == 0) yield return "redirect_uris is required for the response types of this client";
    }

    private static IEnumerable<string> Types(Client client)
    {
        if (client.ApplicationType is not ("web" or "native")) yield return "application_type must be web or native";
        if (!Methods.Contains(client.TokenEndpointAuthMethod, StringComparer.Ordinal)) yield return "token_endpoint_auth_method is not supported";
        if (client.Branding?.AccentColor is { } accent && !Color.IsMatch(accent)) yield return "branding.accent_color must be #rgb or #rrggbb";
        if (client.Branding?.CornerRadius is < 0 or > 24) yield return "branding.corner_radius must be 0 to 24";
        if (client.SubjectType is not ("public" or "pairwise")) yield return "subject_type must be public or pairwise";
        if (client.ConsentType is not (ConsentTypes.Explicit or ConsentTypes.Implicit)) yield return "consent_type must be explicit or implicit";
        if (client.AccessTokenFormat is not (AccessTokenFormats.Jwt or AccessTokenFormats.Opaque)) yield return "access_token_format must be jwt or opaque";
        foreach (var type in client.ResponseTypes)
        {
            if (!Clients.ResponseTypes.All.Contains(type, StringComparer.Ordinal)) { yield return $"response_types: {type} is not supported"; continue; }
            var words = type.Split(' ');
            if (words.Contains("code") && !client.Allows(GrantTypes.AuthorizationCode)) yield return "response_types with code need the grant type authorization_code";
            if ((words.Contains("token") || words.Contains("id_token")) && !client.Allows(GrantTypes.Implicit)) yield return "response_types with token or id_token need the grant type implicit";
        }

        if (!client.IsConfidential && client.Allows(GrantTypes.ClientCredentials)) yield return "a client without authentication cannot use client_credentials";
        if (!client.IsConfidential && !client.RequirePkce) yield return "a public client cannot be exempt from PKCE";
        if (client.IsPairwise && client.SectorIdentifierUri is null && client.RedirectUris.Select(static u => new Uri(u).Host).Distinct(StringComparer.Ordinal).Count() > 1)
            yield return "a pairwise client with redirect URIs on several hosts needs a sector_identifier_uri";
    }

    private static IEnumerable<string> Keys(Client client)
    {
        if (client.Jwks is not null && client.JwksUri is not null) yield return "jwks and jwks_uri exclude each other";
        if (client.Jwks is not null && !JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(client.Jwks), out _)) yield return "jwks is not a JWK set";
        var hasKeys = client.Jwks is not null || client.JwksUri is not null;
        if (client.TokenEndpointAuthMethod == "private_key_jwt" && !hasKeys) yield return "private_key_jwt needs jwks or jwks_uri";
        foreach (var (name, alg) in new (string, string?)[] { ("id_token_signed_response_alg", client.IdTokenSignedResponseAlg), ("userinfo_signed_response_alg", client.UserinfoSignedResponseAlg), ("access_token_signed_response_alg", client.AccessTokenSignedResponseAlg) })
        {
            if (alg is not null && !SigningAlgorithms.Supported.Contains(alg, StringComparer.Ordinal)) yield return $"{name} is not supported";
        }

        foreach (var (name, alg, enc) in new (string, string?, string?)[] { ("id_token", client.IdTokenEncryptedResponseAlg, client.IdTokenEncryptedResponseEnc), ("userinfo", client.UserinfoEncryptedResponseAlg, client.UserinfoEncryptedResponseEnc) })
        {
            if (alg is null && enc is not null) yield return $"{name}_encrypted_response_enc needs {name}_encrypted_response_alg";
            if (alg is null) continue;
            if (!Jwe.KeyAlgorithms.Contains(alg, StringComparer.Ordinal) || (enc is not null && !Jwe.ContentAlgorithms.Contains(enc, StringComparer.Ordinal))) yield return $"{name} encryption is not supported";
            if (!hasKeys) yield return $"{name}_encrypted_response_alg needs jwks or jwks_uri";
        }
    }

    [GeneratedRegex(@"\A#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\z")]
    private static partial Regex Color { get; }
}
