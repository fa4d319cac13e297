using System.Text.Json;
using AuthServer.Endpoints.Authorization.ResponseModes;
using AuthServer.Endpoints.Token;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Discovery;

/// <summary>The metadata document, built from what is registered: a grant, a method or an endpoint that exists is in it, and nothing else.</summary>
public sealed class DiscoveryDocument(
    Issuer issuer, ClientRegistry clients, ClaimsForScopes claims, IEnumerable<ITokenGrant> grants, IEnumerable<IResponseMode> modes, ClientAuthenticator authenticator)
{
    private volatile Built? _built;

    private sealed record Built(ScopeCatalog Scopes, byte[] Bytes);

    /// <summary>Built again where scopes have changed since.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            var scopes = clients.Scopes;
            if (_built is { } built && ReferenceEquals(built.Scopes, scopes)) return built.Bytes;
            built = new Built(scopes, Build(scopes));
            _built = built;
            return built.Bytes;
        }
    }

    private byte[] Build(ScopeCatalog scopes)
    {
        var document = new SortedDictionary<string, object>(StringComparer.Ordinal) { ["issuer"] = issuer.Identifier, ["jwks_uri"] = issuer.Url(Jwks.JwksEndpoint.Path) };
        foreach (var (name, path) in ProtocolEndpoints.Advertised) document[name] = issuer.Url(path);

        string[] grantTypes = [.. grants.Select(g => g.GrantType).Append(GrantTypes.Implicit).Order(StringComparer.Ordinal)];
        document["scopes_supported"] = scopes.All.Where(s => s.Advertised).Select(s => s.Name).ToArray();
        document["claims_supported"] = claims.Supported;
        document["response_types_supported"] = ResponseTypes.All;
        document["response_modes_supported"] = modes.Select(m => m.Name).Order(StringComparer.Ordinal).ToArray();
        document["grant_types_supported"] = grantTypes;
        document["subject_types_supported"] = new[] { "public", "pairwise" };
        document["id_token_signing_alg_values_supported"] = SigningAlgorithms.Supported;
        document["id_token_encryption_alg_values_supported"] = Jwe.KeyAlgorithms;
        document["id_token_encryption_enc_values_supported"] = Jwe.ContentAlgorithms;
        document["userinfo_signing_alg_values_supported"] = SigningAlgorithms.Supported;
        document["userinfo_encryption_alg_values_supported"] = Jwe.KeyAlgorithms;
        document["userinfo_encryption_enc_values_supported"] = Jwe.ContentAlgorithms;
        document["code_challenge_methods_supported"] = new[] { CodeChallenge.S256 };
        document["prompt_values_supported"] = new[] { Prompts.None, Prompts.Login, Prompts.Consent, Prompts.SelectAccount, Prompts.Create };
        document["acr_values_supported"] = AuthenticationContexts.All;
        document["display_values_supported"] = new[] { "page" };
        document["ui_locales_supported"] = UiLanguages.Supported;
        document["claim_types_supported"] = new[] { "normal" };
        document["claims_parameter_supported"] = true;
        // Said openly: absent would mean true for request_uri (OpenID Connect Discovery §3).
        document["request_parameter_supported"] = false;
        document["request_uri_parameter_supported"] = false;
        document["require_pushed_authorization_requests"] = false;
        document["authorization_response_iss_parameter_supported"] = true;

        string[] algorithms = [.. SignatureAlgorithm.Asymmetric.Select(a => a.Name), SignatureAlgorithm.HS256.Name];
        string[] confidential = [.. authenticator.Methods.Where(m => m != "none")];
        document["token_endpoint_auth_methods_supported"] = authenticator.Methods;
        document["token_endpoint_auth_signing_alg_values_supported"] = algorithms;
        document["revocation_endpoint_auth_methods_supported"] = authenticator.Methods;
        document["revocation_endpoint_auth_signing_alg_values_supported"] = algorithms;
        document["introspection_endpoint_auth_methods_supported"] = confidential;
        document["introspection_endpoint_auth_signing_alg_values_supported"] = algorithms;
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }
}
