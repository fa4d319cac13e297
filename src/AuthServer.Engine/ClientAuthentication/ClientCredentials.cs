using System.Text;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>What a request presents to prove its client: the header and the form, read once.</summary>
public sealed class ClientCredentials
{
    public const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private ClientCredentials(FormParameters form) => Form = form;

    public FormParameters Form { get; }

    public bool HasBasic { get; private init; }

    /// <summary>From the Basic header, each part form-decoded (RFC 6749 §2.3.1).</summary>
    public string? BasicId { get; private init; }
    public string? BasicSecret { get; private init; }

    public string? ClientId => BasicId ?? Form["client_id"];

    public static Result<ClientCredentials> Read(string? authorization, FormParameters form)
    {
        if (authorization is null || !authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return new ClientCredentials(form);
        if (authorization.Length > 4096 || !TryDecode(authorization["Basic ".Length..].Trim(), out var id, out var secret))
            return Challenged(OAuthErrors.InvalidClient("the Authorization header is not well-formed"));
        if (form["client_id"] is { } other && !string.Equals(other, id, StringComparison.Ordinal))
            return OAuthErrors.InvalidRequest("client_id differs from the Authorization header");
        return new ClientCredentials(form) { HasBasic = true, BasicId = id, BasicSecret = secret };
    }

    /// <summary>A client that used the header is answered with a challenge (RFC 6749 §5.2); a browser's fetch without one must not make it ask for a password.</summary>
    public OAuthError Refused(string detail)
    {
        var error = OAuthErrors.InvalidClient().Because(detail);
        return HasBasic ? Challenged(error) : error;
    }

    private static OAuthError Challenged(OAuthError error) => error with { Challenge = "Basic realm=\"authserver\", charset=\"UTF-8\"" };

    private static bool TryDecode(string base64, out string id, out string secret)
    {
        (id, secret) = ("", "");
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var written)) return false;
        var text = Encoding.UTF8.GetString(bytes, 0, written);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0) return false;
        id = FormDecode(text[..colon]);
        secret = FormDecode(text[(colon + 1)..]);
        return id.Length is > 0 and <= 512;
    }

    private static string FormDecode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
