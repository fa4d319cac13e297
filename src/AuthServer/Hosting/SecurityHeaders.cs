using AuthServer.Engine.Protocol;

namespace AuthServer.Hosting;

/// <summary>The headers every answer carries. Pages may name one more place their forms lead to (a redirect after a form counts as its target); everything else is fixed.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, Issuer issuer)
{
    /// <summary>Key in <see cref="HttpContext.Items"/> under which a page names an origin for <c>form-action</c>.</summary>
    public const string FormActionItem = "csp-form-action";

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(static state =>
        {
            var (context, https) = ((HttpContext, bool))state;
            Write(context, https);
            return Task.CompletedTask;
        }, (http, issuer.IsHttps));
        return next(http);
    }

    private static void Write(HttpContext http, bool https)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (https) headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        if (http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true) return;

        headers.XFrameOptions = "DENY";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (headers.ContentSecurityPolicy.Count > 0) return;
        var formAction = http.Items[FormActionItem] is string origin && IsSource(origin) ? $"'self' {origin}" : "'self'";
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; form-action {formAction}; frame-ancestors 'none'; base-uri 'none'";
    }

    /// <summary>A value that could end the directive would open the policy.</summary>
    private static bool IsSource(string origin) => origin.All(static c => c is > ' ' and <= '~' and not (';' or ',' or '\'' or '"'));
}
