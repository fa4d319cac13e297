using System.Text;

namespace AuthServer.Endpoints.Authorization.ResponseModes;

/// <summary>RFC 6749 §4.1.2: appended to the redirect URI's own query, which is kept (§3.1.2).</summary>
internal sealed class Query : IResponseMode
{
    public string Name => Engine.Protocol.ResponseModeNames.Query;

    public Task SendAsync(HttpContext http, VerifiedRedirect redirect, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var separator = redirect.Uri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        SeeOther(http, Encoded(redirect.Uri, separator, parameters));
        return Task.CompletedTask;
    }

    internal static string Encoded(string uri, char separator, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var url = new StringBuilder(uri);
        foreach (var (name, value) in parameters)
        {
            url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return url.ToString();
    }

    /// <summary>303, so that a browser never posts the password form on to the client (RFC 9700 §4.12).</summary>
    internal static void SeeOther(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = url;
    }
}
