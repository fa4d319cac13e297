using AuthServer.Engine.Interaction;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Ui;

/// <summary>What a page needs beyond the strict Content-Security-Policy that the host writes.</summary>
public static class ContentSecurity
{
    /// <summary>The key in <see cref="HttpContext.Items"/> for one more <c>form-action</c> source, a string.</summary>
    public const string FormActionItem = "csp-form-action";

    /// <summary>Browsers hold a redirect after a form to <c>form-action</c> as well, and the answer to the client is such a redirect.</summary>
    internal static void AllowAnswerTo(HttpContext http, PendingView? pending)
    {
        if (pending?.RedirectOrigin is { } origin) http.Items[FormActionItem] = origin;
    }

    internal static void AllowRedirectTo(HttpContext http, string? url)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri))
            http.Items[FormActionItem] = uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";
    }
}
