using AuthServer.Engine.Administration;
using Microsoft.AspNetCore.Routing.Template;

namespace AuthServer.Admin;

/// <summary>The answer where no route took the request: 405 with what the path does take (RFC 9110 §15.5.6), or 404.</summary>
internal static class UnknownRoute
{
    public static IResult Answer(HttpContext http)
    {
        var methods = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<RouteRight>() is not null && new TemplateMatcher(new RouteTemplate(e.RoutePattern), []).TryMatch(http.Request.Path, []))
            .SelectMany(static e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (methods is []) return AdminAnswers.Problem(StatusCodes.Status404NotFound, "not-found", "There is no such resource.");

        http.Response.Headers.Allow = string.Join(", ", methods);
        return AdminAnswers.Problem(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", $"It takes {string.Join(", ", methods)}.");
    }
}
