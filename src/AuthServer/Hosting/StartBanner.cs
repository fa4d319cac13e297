using System.Diagnostics;
using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Endpoints.Discovery;
using AuthServer.Storage;

namespace AuthServer.Hosting;

/// <summary>The few lines a person needs after a start: where it listens, where to look, how to become the first administrator, what to try.</summary>
internal sealed class StartBanner(Issuer issuer, ClientRegistry clients, FirstAdministrator firstAdministrator, StorageLocation storage, IHostEnvironment environment, TimeProvider clock)
{
    public async Task WriteAsync(IReadOnlyCollection<string> addresses, CancellationToken ct)
    {
        var ready = await MeasureAsync(addresses, ct);
        var lines = new List<(string, string)>
        {
            ("Listening on", string.Join("  ", addresses)),
            ("Discovery", issuer.Url(DiscoveryEndpoint.OpenIdPath)),
            ("Database", storage.Description),
        };
        if (await firstAdministrator.NewCodeAsync(ct) is { } code) lines.Add(("First administrator", issuer.Url("/setup?code=" + code)));
        if (environment.IsDevelopment())
        {
            var demo = clients.All.Where(c => c.Development).Select(c => c.ClientId).Order(StringComparer.Ordinal).ToList();
            if (demo.Count > 0) lines.Add(("Demo clients", string.Join("  ", demo)));
        }

        if (ready is not null) lines.Add(("Ready after", ready));
        // Plain lines: links are for copying, and wrapping them at the console's edge would break them.
        Console.WriteLine();
        foreach (var (name, value) in lines) Console.WriteLine($"  {name,-20} {value}");
        Console.WriteLine();
    }

    /// <summary>From the moment the command was typed to the first 200 on discovery, asked over the wire.</summary>
    private async Task<string?> MeasureAsync(IReadOnlyCollection<string> addresses, CancellationToken ct)
    {
        var address = addresses.FirstOrDefault(a => a.StartsWith("http://", StringComparison.Ordinal)) ?? addresses.FirstOrDefault();
        if (address is null) return null;
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true }) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var response = await http.GetAsync(address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal) + DiscoveryEndpoint.OpenIdPath, ct);
            if (!response.IsSuccessStatusCode) return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }

        var started = Environment.GetEnvironmentVariable("AUTHSERVER_STARTED_AT") is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var ms)
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : new DateTimeOffset(Process.GetCurrentProcess().StartTime);
        return string.Create(CultureInfo.InvariantCulture, $"{(clock.GetUtcNow() - started).TotalSeconds:0.00} s (start to first 200 on discovery)");
    }
}
