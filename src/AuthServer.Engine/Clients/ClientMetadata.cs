using System.Diagnostics.CodeAnalysis;
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
    public static Result<Client> Read(JsonElement json) =>
        TryRead(json, out var client, out var faults) ? client : new OAuthError("invalid_client_metadata", faults[0].Message.Replace('"', '\''));

    /// <summary>As <see cref="Read"/>, with everything that speaks against it.</summary>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out Client? client, out IReadOnlyList<MetadataFault> faults)
    {
        (client, faults) = (null, []);
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults = [new MetadataFault("", "client metadata must be a JSON object")];
            return false;
        }

        if (json.EnumerateObject().Where(static m => HasHole(m.Value)).Select(static m => m.Name).FirstOrDefault() is { } hole)
        {
            faults = [new MetadataFault(hole, $"client metadata cannot be read at $.{hole}")];
            return false;
        }

        try
        {
            client = WithId(json).Deserialize<Client>(ClientJson.Options)!;
        }
        catch (JsonException wrong)
        {
            faults = [new MetadataFault(MemberOf(wrong.Path), $"client metadata cannot be read at {wrong.Path ?? "its beginning"}")];
            return false;
        }

        client = Normalise(client, json);
        faults = Faults(client);
        return faults.Count == 0;
    }

    /// <summary>Everything that speaks against the client, in plain words; empty: it is good.</summary>
    public static IReadOnlyList<string> Objections(Client client) => [.. Faults(client).Select(static f => f.Message)];

    public static IReadOnlyList<MetadataFault> Faults(Client client) => [.. Uris(client), .. Types(client), .. Keys(client)];

    /// <summary>A list with nothing at one place: no type of the language says that it may not be so.</summary>
    private static bool HasHole(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(static item => item.ValueKind == JsonValueKind.Null);

    /// <summary><c>redirect_uris</c> of <c>$.redirect_uris[0]</c>.</summary>
    private static string MemberOf(string? path) => path is null ? "" : path.TrimStart('$', '.').Split('.', '[')[0];

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

    private static IEnumerable<MetadataFault> Uris(Client client)
    {
        if (client.ClientId.Length is 0 or > 200 || client.ClientId.Any(static c => c is < '!' or > '~')) yield return new("client_id", "client_id must be 1 to 200 printable ASCII characters");
        if (OwnClients.Find(client.ClientId) is not null) yield return new("client_id", $"client_id {client.ClientId} is the name of a part of this server");
        foreach (var uri in client.RedirectUris)
            if (RedirectUri.Objection(uri, client.IsNative) is { } objection) yield return new("redirect_uris", $"redirect_uris: {uri} {objection}");
        foreach (var uri in client.PostLogoutRedirectUris)
            if (RedirectUri.Objection(uri, client.IsNative) is { } objection) yield return new("post_logout_redirect_uris", $"post_logout_redirect_uris: {uri} {objection}");
        foreach (var (name, value) in new (string, string?)[] { ("client_uri", client.ClientUri), ("logo_uri", client.LogoUri), ("policy_uri", client.PolicyUri), ("tos_uri", client.TosUri), ("jwks_uri", client.JwksUri), ("sector_identifier_uri", client.SectorIdentifierUri) })
        {
            if (value is not null && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")) yield return new(name, $"{name} must be an absolute http(s) URL");
        }

        if (client.ResponseTypes.Count > 0 && client.RedirectUris.Count == 0) yield return new("redirect_uris", "redirect_uris is required for the response types of this client");
    }

    private static IEnumerable<MetadataFault> Types(Client client)
    {
        if (client.ApplicationType is not ("web" or "native")) yield return new("application_type", "application_type must be web or native");
        if (!Methods.Contains(client.TokenEndpointAuthMethod, StringComparer.Ordinal)) yield return new("token_endpoint_auth_method", "token_endpoint_auth_method is not supported");
        if (client.Branding?.AccentColor is { } accent && !Color.IsMatch(accent)) yield return new("branding", "branding.accent_color must be #rgb or #rrggbb");
        if (client.Branding?.CornerRadius is < 0 or > 24) yield return new("branding", "branding.corner_radius must be 0 to 24");
        foreach (var claim in client.DirectoryClaims)
            if (!Clients.DirectoryClaims.All.Contains(claim, StringComparer.Ordinal)) yield return new("directory_claims", "directory_claims may name roles, groups, permissions and org");
        if (client.SubjectType is not ("public" or "pairwise")) yield return new("subject_type", "subject_type must be public or pairwise");
        if (client.ConsentType is not (ConsentTypes.Explicit or ConsentTypes.Implicit)) yield return new("consent_type", "consent_type must be explicit or implicit");
        if (client.AccessTokenFormat is not (AccessTokenFormats.Jwt or AccessTokenFormats.Opaque)) yield return new("access_token_format", "access_token_format must be jwt or opaque");
        foreach (var (name, seconds) in new (string, int?)[] { ("access_token_lifetime", client.AccessTokenLifetime), ("refresh_token_lifetime", client.RefreshTokenLifetime), ("refresh_token_idle_lifetime", client.RefreshTokenIdleLifetime) })
        {
            if (seconds < 1) yield return new(name, $"{name} must be at least one second");
        }

        if (client.DefaultMaxAge < 0) yield return new("default_max_age", "default_max_age must not be negative");
        foreach (var type in client.ResponseTypes)
        {
            if (!Clients.ResponseTypes.All.Contains(type, StringComparer.Ordinal)) { yield return new("response_types", $"response_types: {type} is not supported"); continue; }
            var words = type.Split(' ');
            if (words.Contains("code") && !client.Allows(GrantTypes.AuthorizationCode)) yield return new("response_types", "response_types with code need the grant type authorization_code");
            if ((words.Contains("token") || words.Contains("id_token")) && !client.Allows(GrantTypes.Implicit)) yield return new("response_types", "response_types with token or id_token need the grant type implicit");
        }

        if (!client.IsConfidential && client.Allows(GrantTypes.ClientCredentials)) yield return new("grant_types", "a client without authentication cannot use client_credentials");
        if (!client.IsConfidential && !client.RequirePkce) yield return new("require_pkce", "a public client cannot be exempt from PKCE");
        if (client.IsPairwise && client.SectorIdentifierUri is null && client.RedirectUris.Select(static u => Uri.TryCreate(u, UriKind.Absolute, out var uri) ? uri.Host : "").Distinct(StringComparer.Ordinal).Count() > 1)
            yield return new("sector_identifier_uri", "a pairwise client with redirect URIs on several hosts needs a sector_identifier_uri");
    }

    private static IEnumerable<MetadataFault> Keys(Client client)
    {
        if (client.Jwks is not null && client.JwksUri is not null) yield return new("jwks", "jwks and jwks_uri exclude each other");
        if (client.Jwks is not null && !JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(client.Jwks), out _)) yield return new("jwks", "jwks is not a JWK set");
        var hasKeys = client.Jwks is not null || client.JwksUri is not null;
        if (client.TokenEndpointAuthMethod == "private_key_jwt" && !hasKeys) yield return new("jwks", "private_key_jwt needs jwks or jwks_uri");
        foreach (var (name, alg) in new (string, string?)[] { ("id_token_signed_response_alg", client.IdTokenSignedResponseAlg), ("userinfo_signed_response_alg", client.UserinfoSignedResponseAlg), ("access_token_signed_response_alg", client.AccessTokenSignedResponseAlg) })
        {
            if (alg is not null && !SigningAlgorithms.Supported.Contains(alg, StringComparer.Ordinal)) yield return new(name, $"{name} is not supported");
        }

        foreach (var (name, alg, enc) in new (string, string?, string?)[] { ("id_token", client.IdTokenEncryptedResponseAlg, client.IdTokenEncryptedResponseEnc), ("userinfo", client.UserinfoEncryptedResponseAlg, client.UserinfoEncryptedResponseEnc) })
        {
            if (alg is null && enc is not null) yield return new($"{name}_encrypted_response_enc", $"{name}_encrypted_response_enc needs {name}_encrypted_response_alg");
            if (alg is null) continue;
            if (!Jwe.KeyAlgorithms.Contains(alg, StringComparer.Ordinal) || (enc is not null && !Jwe.ContentAlgorithms.Contains(enc, StringComparer.Ordinal))) yield return new($"{name}_encrypted_response_alg", $"{name} encryption is not supported");
            if (!hasKeys) yield return new($"{name}_encrypted_response_alg", $"{name}_encrypted_response_alg needs jwks or jwks_uri");
        }
    }

    [GeneratedRegex(@"\A#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\z")]
    private static partial Regex Color { get; }
}

/// <summary>One thing that speaks against client metadata.</summary>
/// <param name="Field">The member; empty for the whole.</param>
/// <param name="Message">In plain words, with the member's name.</param>
public readonly record struct MetadataFault(string Field, string Message);
