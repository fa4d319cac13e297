using System.Text;
using System.Text.Encodings.Web;

namespace AuthServer.Endpoints.Authorization.ResponseModes;

/// <summary>OAuth 2.0 Form Post Response Mode §2: a page whose form posts itself, with a button for browsers without script.</summary>
internal sealed class FormPost : IResponseMode
{
    private const string Script = "document.forms[0].submit()";

    /// <summary>The one inline script of this server, allowed by its hash and by nothing wider.</summary>
    internal static readonly string ScriptHash = "'sha256-" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Script))) + "'";

    public string Name => Engine.Protocol.ResponseModeNames.FormPost;

    public Task SendAsync(HttpContext http, VerifiedRedirect redirect, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var html = HtmlEncoder.Default;
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head><body><form method=\"post\" action=\"")
            .Append(html.Encode(redirect.Uri)).Append("\">");
        foreach (var (name, value) in parameters)
            page.Append("<input type=\"hidden\" name=\"").Append(html.Encode(name)).Append("\" value=\"").Append(html.Encode(value)).Append("\">");
        page.Append("<noscript><p>One more step: go back to the app.</p><button type=\"submit\">Continue</button></noscript></form><script>")
            .Append(Script).Append("</script></body></html>");

        http.Response.ContentType = "text/html;charset=UTF-8";
        // The page may post to the client and nowhere else; the security headers of other pages would stop it.
        http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src {ScriptHash}; frame-ancestors 'none'; base-uri 'none'";
        return http.Response.WriteAsync(page.ToString(), http.RequestAborted);
    }
}
