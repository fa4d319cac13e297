using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Ui.Branding;

/// <summary>The style sheet, the script and the icon, in memory. The address carries a hash of the content, so that browsers may keep a file for ever.</summary>
internal sealed class UiAssets
{
    public const string Route = "/assets/{hash}/{name}";

    private readonly ConcurrentDictionary<string, Asset> _byName = new(StringComparer.Ordinal);

    public UiAssets(Theme theme)
    {
        StyleUrl = Add("site.css", "text/css; charset=utf-8", Read("site.css") + theme.Css);
        AdminStyleUrl = Add("admin.css", "text/css; charset=utf-8", Read("site.css") + Read("admin.css") + theme.Css);
        AdminScriptUrl = Add("admin.js", "text/javascript; charset=utf-8", Read("admin.js"));
        ScriptUrl = Add("site.js", "text/javascript; charset=utf-8", Read("site.js"));
        IconUrl = Add("favicon.svg", "image/svg+xml", Read("favicon.svg"));
    }

    public string StyleUrl { get; }

    /// <summary>Everything of <see cref="StyleUrl"/>, and what only the administration has.</summary>
    public string AdminStyleUrl { get; }

    public string AdminScriptUrl { get; }

    public string ScriptUrl { get; }

    public string IconUrl { get; }

    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>The style sheet with other tokens at its end: still one file. Answers its address.</summary>
    public string AddStyle(string name, string tokens) =>
        _byName.TryGetValue(name, out var there) ? UrlOf(there, name) : Add(name, "text/css; charset=utf-8", Read("site.css") + tokens);

    /// <summary>An old hash gets the present content, but may not keep it: pages of two releases can be open at once.</summary>
    public async Task ServeAsync(HttpContext http, string hash, string name)
    {
        if (!_byName.TryGetValue(name, out var asset))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = http.Response.Headers;
        headers.CacheControl = string.Equals(hash, asset.Hash, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        headers.XContentTypeOptions = "nosniff";
        http.Response.ContentType = asset.ContentType;

        var compressed = AcceptsBrotli(http.Request);
        if (compressed) headers.ContentEncoding = "br";
        var body = compressed ? asset.Brotli : asset.Plain;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static bool AcceptsBrotli(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding
        .Any(static coding => coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);

    private string Add(string name, string contentType, string content)
    {
        var plain = Encoding.UTF8.GetBytes(content);
        var asset = new Asset(Convert.ToHexStringLower(SHA256.HashData(plain))[..12], contentType, plain, Compress(plain));
        return UrlOf(_byName.GetOrAdd(name, asset), name);
    }

    private static string UrlOf(Asset asset, string name) => $"~/assets/{asset.Hash}/{name}";

    private static string Read(string name)
    {
        using var stream = typeof(UiAssets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static byte[] Compress(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.SmallestSize)) brotli.Write(plain);
        return target.ToArray();
    }

    private sealed record Asset(string Hash, string ContentType, byte[] Plain, byte[] Brotli);
}
