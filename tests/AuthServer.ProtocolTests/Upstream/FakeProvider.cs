using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.ProtocolTests.ClientAuthentication;
using AuthServer.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.ProtocolTests.Upstream;

/// <summary>A provider of OpenID Connect and GitHub's API in one, good unless a test makes it misbehave. It stands behind the one outbound client, so nothing leaves the process.</summary>
public sealed class FakeProvider : IOutboundDocuments
{
    public const string Issuer = "https://corp.test";
    public const string MicrosoftHost = "https://login.microsoftonline.com/";

    /// <summary>The directory of personal accounts: the issuer that Microsoft publishes for <c>consumers</c>.</summary>
    public const string Consumers = "9188040d-6c67-4c5b-b112-36a304b66dad";
    public const string Secret = "upstream-secret-8c1f0d";

    private readonly ConcurrentDictionary<string, Asked> _codes = new(StringComparer.Ordinal);
    private JsonWebKey _key = Assertion.NewEcKey("one");

    private sealed record Asked(string Nonce, string Challenge, string RedirectUri, string Subject);

    public TestServer Server { get; set; } = null!;

    /// <summary>Changes the ID token's claims; null takes one out.</summary>
    public Action<Dictionary<string, object?>> Claims { get; set; } = static _ => { };

    /// <summary>Makes the token by itself.</summary>
    public Func<Dictionary<string, object?>, JsonWebKey, string>? Sign { get; set; }

    public Func<object>? UserInfo { get; set; }

    /// <summary>The published document, to be changed.</summary>
    public Action<Dictionary<string, object?>> Metadata { get; set; } = static _ => { };

    public ConcurrentQueue<string> Fetched { get; } = new();

    public bool Away { get; set; }

    /// <summary>Only what is published cannot be had.</summary>
    public bool DocumentsAway { get; set; }
    public bool KeysAway { get; set; }

    public void Reset()
    {
        (Claims, Sign, UserInfo, Metadata) = (static _ => { }, null, null, static _ => { });
        (Away, DocumentsAway, KeysAway) = (false, false, false);
        Fetched.Clear();
    }

    public void RotateKey() => _key = Assertion.NewEcKey("k" + Guid.NewGuid().ToString("N"));

    /// <summary>The person signs in there: answers where the browser is sent back to.</summary>
    public string Approve(Uri authorize, string subject)
    {
        var query = QueryHelpers.ParseQuery(authorize.Query);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = new Asked(query["nonce"]!, query["code_challenge"]!, query["redirect_uri"]!, subject);
        return new Uri(query["redirect_uri"]!).AbsolutePath + $"?code={code}&state={query["state"]}";
    }

    public Task<byte[]?> GetAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct)
    {
        Fetched.Enqueue(address.AbsoluteUri);
        if (Away || (DocumentsAway && address.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal)) || (KeysAway && address.AbsolutePath == "/keys")) return Task.FromResult<byte[]?>(null);
        return Task.FromResult<byte[]?>(address.AbsoluteUri switch
        {
            Issuer + "/.well-known/openid-configuration" => Json(Document()),
            MicrosoftHost + "common/v2.0/.well-known/openid-configuration" => Json(DocumentOf(MicrosoftHost + "{tenantid}/v2.0")),
            MicrosoftHost + Consumers + "/v2.0/.well-known/openid-configuration" => Json(DocumentOf(MicrosoftHost + Consumers + "/v2.0")),
            Issuer + "/keys" => Encoding.UTF8.GetBytes(Assertion.SetOf(_key)),
            Issuer + "/me" when UserInfo is not null => Json(UserInfo()),
            "https://api.github.com/user" => Json(new { id = 4711, login = "octo", name = "Octo Cat", avatar_url = "https://avatars.githubusercontent.com/u/4711", blog = "not a url" }),
            "https://api.github.com/user/emails" => Json(new[] { new { email = "spam@example.com", primary = false, verified = true }, new { email = "octo@example.com", primary = true, verified = true } }),
            _ => null,
        });
    }

    public Task<byte[]?> PostAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> form, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct)
    {
        var fields = form.ToDictionary(f => f.Name, f => f.Value);
        if (Away || !_codes.TryRemove(fields["code"], out var asked)) return Task.FromResult<byte[]?>(null);
        var challenge = Base64UrlTextEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(fields["code_verifier"])));
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("our-id:" + Secret));
        var authenticated = address.Host == "github.com" ? fields["client_secret"] == Secret : headers.Any(h => h == ("Authorization", basic));
        if (!authenticated || challenge != asked.Challenge || fields["redirect_uri"] != asked.RedirectUri) return Task.FromResult<byte[]?>(null);
        return Task.FromResult<byte[]?>(Json(address.Host == "github.com" ? new { access_token = "gho_token_of_octo", token_type = "bearer" } : new { access_token = "at-of-corp", token_type = "Bearer", id_token = IdToken(asked) }));
    }

    private string IdToken(Asked asked)
    {
        var now = Server.Clock.GetUtcNow();
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer, ["sub"] = asked.Subject, ["aud"] = "our-id", ["nonce"] = asked.Nonce, ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["name"] = "Person of Corp", ["preferred_username"] = asked.Subject,
        };
        Claims(claims);
        foreach (var gone in claims.Where(c => c.Value is null).Select(c => c.Key).ToList()) claims.Remove(gone);
        if (Sign is not null) return Sign(claims, _key);
        using var credential = SigningCredential.FromJsonWebKey(_key, SignatureAlgorithm.ES256);
        return Assertion.Sign(credential, claims);
    }

    private Dictionary<string, object?> Document() => DocumentOf(Issuer);

    private Dictionary<string, object?> DocumentOf(string issuer)
    {
        var document = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["issuer"] = issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys", ["userinfo_endpoint"] = Issuer + "/me",
            ["id_token_signing_alg_values_supported"] = new[] { "ES256", "HS256", "none" },
        };
        Metadata(document);
        return document;
    }

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
