using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Admin.Documentation.Page;

/// <summary><c>/docs</c>: the administration API, to read and to try, by Swagger UI. Everything comes from this server, and the page lives under the same policy as all others: no script and no style stands in it.</summary>
internal sealed class DocsPage(IOptions<DocsOptions> options)
{
    public const string Path = "/docs";
    private const string Why = "shows what the routes are, nothing of what is behind them";

    private static readonly (string Name, string Type)[] Names =
        [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript"), ("init.js", "text/javascript"), ("oauth2-redirect.html", "text/html"), ("oauth2-redirect.js", "text/javascript")];

    private static readonly Lazy<FrozenDictionary<string, (byte[] Content, string Type, EntityTagHeaderValue Tag)>> Files = new(static () => Names.ToFrozenDictionary(static n => n.Name, static n => Read(n.Name, n.Type), StringComparer.Ordinal));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        if (!services.GetRequiredService<IOptions<DocsOptions>>().Value.Enabled) return;
        var page = services.GetRequiredService<DocsPage>();
        routes.MapGet(Path, page.Html).WithMetadata(new OpenRouteAttribute(Why)).ExcludeFromDescription();
        routes.MapGet(Path + "/{file}", File).WithMetadata(new OpenRouteAttribute(Why)).ExcludeFromDescription();
    }

    private Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Html(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var root = WebUtility.HtmlEncode(http.Request.PathBase + "/");
        return TypedResults.Text($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Administration API</title><link rel="stylesheet" href="{root}docs/swagger-ui.css"></head>
            <body><main id="swagger-ui" data-root="{root}" data-document="{AdminDocument.Path[1..]}" data-client="{WebUtility.HtmlEncode(options.Value.ClientId ?? "")}"></main><script src="{root}docs/swagger-ui-bundle.js"></script><script src="{root}docs/init.js"></script></body>
            </html>
            """, "text/html", Encoding.UTF8);
    }

    private static IResult File(HttpContext http, string file)
    {
        if (!Files.Value.TryGetValue(file, out var found)) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(found.Content, found.Type, entityTag: found.Tag);
    }

    private static (byte[], string, EntityTagHeaderValue) Read(string name, string type)
    {
        using var stream = typeof(DocsPage).Assembly.GetManifestResourceStream("docs/" + name) ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        return (bytes, type, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\""));
    }
}
