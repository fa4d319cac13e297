using System.Net;
using System.Net.Http.Headers;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Limits that only a real connection has: bodies of unknown length, headers, request lines.</summary>
[Spec("ASVS 4.2")]
public sealed class WireLimits : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(new TestServerSettings { Kestrel = true });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/connect/token"), InlineData("/connect/par"), InlineData("/connect/introspect"), InlineData("/connect/revoke"), InlineData("/connect/userinfo"), InlineData("/connect/authorize"), InlineData("/connect/endsession"),
     InlineData("/login"), InlineData("/register"), InlineData("/setup")]
    public async Task A_body_without_end_is_refused(string path)
    {
        // Many small values, so that it is the body and not one value that is too long; and one value without end.
        foreach (var part in new[] { "state=" + new string('a', 60_000) + "&", new string('a', 65_536) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new Chunked(part, 40) };
            try
            {
                using var response = await _server.Http.SendAsync(request);
                Assert.True((int)response.StatusCode is >= 400 and < 500, $"{path}: {response.StatusCode}");
            }
            catch (HttpRequestException)
            {
                // The server hung up in the middle of the body, which is an answer too.
            }
        }

        Assert.DoesNotContain(_server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_without_end_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + new string('a', 65 * 1024));
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);

        using var line = await _server.Http.GetAsync("/connect/authorize?state=" + new string('a', 33 * 1024));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, line.StatusCode);
    }

    /// <summary>A form whose length nobody says beforehand.</summary>
    private sealed class Chunked : HttpContent
    {
        private readonly string _part;
        private readonly int _times;

        public Chunked(string part, int times)
        {
            (_part, _times) = (part, times);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var bytes = System.Text.Encoding.ASCII.GetBytes(_part);
            for (var i = 0; i < _times; i++) await stream.WriteAsync(bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
