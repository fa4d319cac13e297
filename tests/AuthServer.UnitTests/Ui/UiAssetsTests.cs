using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using AuthServer.Ui.Branding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Ui;

public sealed partial class UiAssetsTests
{
    private readonly UiAssets _assets = new(new Theme(Options.Create(new BrandingOptions { CornerRadius = 7 }), NullLogger<Theme>.Instance));

    [Fact]
    public async Task The_style_sheet_is_one_small_file_that_asks_for_no_other()
    {
        var (http, body) = await GetAsync(HashOf(_assets.StyleUrl), "site.css");
        var css = Encoding.UTF8.GetString(body);

        Assert.Equal("text/css; charset=utf-8", http.Response.ContentType);
        Assert.InRange(body.Length, 10_000, 60_000);
        Assert.DoesNotContain("@import", css, StringComparison.Ordinal);
        Assert.All(UrlInCss.Matches(css), static match => Assert.StartsWith("data:image/svg+xml", match.Groups["target"].Value, StringComparison.Ordinal));
        Assert.Contains("prefers-color-scheme: dark", css.Replace("scheme:dark", "scheme: dark", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("--as-radius:7px}\n", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_with_the_right_hash_may_be_kept_for_ever_and_any_other_not()
    {
        var (right, _) = await GetAsync(HashOf(_assets.StyleUrl), "site.css");
        var (old, _) = await GetAsync("000000000000", "site.css");

        Assert.Contains("immutable", right.Response.Headers.CacheControl.ToString(), StringComparison.Ordinal);
        Assert.Equal("no-cache", old.Response.Headers.CacheControl.ToString());
    }

    [Fact]
    public async Task Brotli_is_sent_to_who_takes_it()
    {
        var (_, plain) = await GetAsync("x", "site.js");
        var (http, packed) = await GetAsync("x", "site.js", "gzip, br");
        var (refused, _) = await GetAsync("x", "site.js", "br;q=0");

        Assert.Equal("br", http.Response.Headers.ContentEncoding.ToString());
        Assert.Equal("Accept-Encoding", http.Response.Headers.Vary.ToString());
        Assert.Equal("", refused.Response.Headers.ContentEncoding.ToString());
        await using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await brotli.CopyToAsync(unpacked);
        Assert.Equal(plain, unpacked.ToArray());
    }

    [Fact]
    public async Task A_name_that_is_none_of_ours_is_not_found()
    {
        var (http, body) = await GetAsync("x", "../appsettings.json");

        Assert.Equal(404, http.Response.StatusCode);
        Assert.Empty(body);
    }

    private static string HashOf(string url) => url.Split('/')[2];

    private async Task<(HttpContext Http, byte[] Body)> GetAsync(string hash, string name, string acceptEncoding = "")
    {
        var http = new DefaultHttpContext();
        using var body = new MemoryStream();
        http.Request.Method = "GET";
        http.Request.Headers.AcceptEncoding = acceptEncoding;
        http.Response.Body = body;
        await _assets.ServeAsync(http, hash, name);
        return (http, body.ToArray());
    }

    [GeneratedRegex("""url\(["']?(?<target>[^)"']*)""")]
    private static partial Regex UrlInCss { get; }
}
