using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>The files of the page <c>/docs</c>.</summary>
public sealed class DocsPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task It_comes_whole_from_this_server_and_has_no_script_in_it()
    {
        var page = await shared.Server.GetAsync("/docs");
        var html = await page.Content.ReadAsStringAsync();

        Assert.Contains("script-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotMatch("<script>|<style|style=|https?://", html);
        foreach (var (file, type) in new[] { ("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript"), ("init.js", "text/javascript"), ("oauth2-redirect.html", "text/html"), ("oauth2-redirect.js", "text/javascript") })
        {
            var answer = await shared.Server.GetAsync("/docs/" + file);
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await shared.Server.GetAsync("/docs/LICENSE")).StatusCode);
    }

    [Fact]
    public async Task The_client_of_the_settings_is_named_and_cannot_break_out()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Docs:ClientId"] = "docs\"><script>" } });

        Assert.Contains("data-client=\"docs&quot;&gt;&lt;script&gt;\"", await (await server.GetAsync("/docs")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Docs:Enabled"] = "false" } });

        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/docs")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/docs/init.js")).StatusCode);
    }
}
