using System.Net;
using System.Net.Sockets;
using AuthServer.Hosting;
using AuthServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>What this server fetches on a client's word, and from where never.</summary>
[Spec("OIDC Core §10.1.1"), Spec("ASVS 13.2.4")]
public sealed class OutboundDocumentTests : IAsyncLifetime
{
    private const int Most = 64 * 1024;
    private WebApplication _app = null!;
    private Uri _origin = null!;
    private int _requests;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use((http, next) =>
        {
            Interlocked.Increment(ref _requests);
            return next(http);
        });
        _app.MapGet("/size/{size:int}", (int size) => Results.Bytes(new byte[size]));
        _app.MapGet("/endless", async (HttpContext http) =>
        {
            // No length is announced.
            for (var i = 0; i < 80 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.Body.WriteAsync(new byte[1024], http.RequestAborted);
        });
        _app.MapGet("/away", () => Results.Redirect("/size/1"));
        _app.MapGet("/broken", () => Results.StatusCode(500));
        await _app.StartAsync();
        _origin = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private static OutboundDocuments New(params string[] allowed)
    {
        var options = new OutboundOptions();
        foreach (var host in allowed) options.AllowedPrivateHosts.Add(host);
        return new OutboundDocuments(Options.Create(options), NullLogger<OutboundDocuments>.Instance);
    }

    private async Task<int?> FetchAsync(string path)
    {
        using var documents = New("127.0.0.1");
        return (await documents.GetAsync(new Uri(_origin, path), CancellationToken.None))?.Length;
    }

    [Fact]
    public async Task A_document_of_a_host_that_is_allowed_is_fetched_up_to_its_limit()
    {
        Assert.Equal(Most, await FetchAsync($"/size/{Most}"));
        Assert.Null(await FetchAsync($"/size/{Most + 1}"));
        Assert.Null(await FetchAsync("/endless"));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_an_error_is_no_document()
    {
        Assert.Null(await FetchAsync("/away"));
        Assert.Equal(1, _requests);
        Assert.Null(await FetchAsync("/broken"));
        Assert.Null(await FetchAsync("/not-there"));
    }

    [Fact]
    public async Task This_machine_is_never_even_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var documents = New();
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1" })
            Assert.Null(await documents.GetAsync(new Uri($"https://{host}:{port}/jwks"), CancellationToken.None));
        Assert.Null(await documents.GetAsync(new Uri(_origin, "/size/1"), CancellationToken.None));
        Assert.Null(await documents.GetAsync(new Uri("file:///etc/hostname"), CancellationToken.None));

        Assert.False(listener.Pending());
        Assert.Equal(0, _requests);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.127.255.255", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.8", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.19.255.255", false)]
    [InlineData("198.51.100.1", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("64:ff9b:1::a00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    [Spec("RFC 6890 §2.2")]
    public void Only_addresses_of_the_public_internet_are_reached(string address, bool isPublic) => Assert.Equal(isPublic, OutboundDocuments.IsPublic(IPAddress.Parse(address)));
}
