using System.Net;
using System.Net.Sockets;
using AuthServer.Engine.Clients;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>What this server may fetch on a client's word.</summary>
public sealed class OutboundOptions
{
    public const string Section = "Outbound";

    /// <summary>Hosts that may be reached although they are private, e.g. an app in the same network. Default: none; in Development, localhost.</summary>
    public IList<string> AllowedPrivateHosts { get; } = [];
}

/// <summary>
/// The one outbound client for documents that a client names (its keys), and for lists the operator names. The name is resolved once and that address is used, so it cannot change between check and
/// connection; private, link-local and metadata ranges are refused; no redirects; five seconds and 64 KiB at most.
/// </summary>
internal sealed partial class OutboundDocuments : IOutboundDocuments, IDisposable
{
    private const int MostBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly ILogger _logger;
    private readonly HashSet<string> _allowedPrivate;

    public OutboundDocuments(IOptions<OutboundOptions> options, ILogger<OutboundDocuments> logger)
    {
        _logger = logger;
        _allowedPrivate = new HashSet<string>(options.Value.AllowedPrivateHosts, StringComparer.OrdinalIgnoreCase);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
        })
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    public Task<byte[]?> GetAsync(Uri address, CancellationToken ct) => GetAsync(address, [], ct);

    public Task<byte[]?> GetAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct) => SendAsync(HttpMethod.Get, address, headers, content: null, ct);

    public Task<byte[]?> PostAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> form, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, address, headers, new FormUrlEncodedContent(form.Select(static f => KeyValuePair.Create(f.Name, f.Value))), ct);

    private async Task<byte[]?> SendAsync(HttpMethod method, Uri address, IReadOnlyCollection<(string Name, string Value)> headers, HttpContent? content, CancellationToken ct)
    {
        if (address.Scheme is not ("https" or "http") || (address.Scheme == "http" && !_allowedPrivate.Contains(address.Host)))
        {
            Refused(_logger, address.Host, "not https");
            return null;
        }

        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, ct);
            if (response.StatusCode == HttpStatusCode.OK) return await response.Content.ReadAsByteArrayAsync(ct);
            Refused(_logger, address.Host, $"status {(int)response.StatusCode}");
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            Refused(_logger, address.Host, fault.GetBaseException().Message);
        }

        return null;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, ct);
        var target = Array.Find(addresses, a => _allowedPrivate.Contains(host) || IsPublic(a)) ?? throw new HttpRequestException("the host has no public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(target, context.DnsEndPoint.Port), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>RFC 6890's special-purpose ranges are nobody's to reach from here, whichever way they are written.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            var b = address.GetAddressBytes();
            return !(b[0] is 0 or 10 or 127 or >= 224
                || (b[0] == 100 && b[1] is >= 64 and < 128) || (b[0] == 169 && b[1] == 254) || (b[0] == 172 && b[1] is >= 16 and < 32)
                || (b[0] == 192 && b[1] == 168) || (b[0] == 192 && b[1] == 0 && b[2] is (0 or 2)) || (b[0] == 198 && b[1] is (18 or 19))
                || (b[0] == 198 && b[1] == 51 && b[2] == 100) || (b[0] == 203 && b[1] == 0 && b[2] == 113));
        }

        // Global unicast only, without the ranges that carry an IPv4 address inside (NAT64, 6to4, Teredo) and documentation.
        var six = address.GetAddressBytes();
        return (six[0] & 0xE0) == 0x20 && !(six[0] == 0x20 && six[1] == 0x02) && !(six[0] == 0x20 && six[1] == 0x01 && six[2] == 0 && six[3] == 0) && !(six[0] == 0x20 && six[1] == 0x01 && six[2] == 0x0d && six[3] == 0xb8);
    }

    public void Dispose() => _http.Dispose();

    [LoggerMessage(9101, LogLevel.Warning, "A document of host {Host} was not fetched: {Reason}")]
    private static partial void Refused(ILogger logger, string host, string reason);
}
