using System.Globalization;
using AuthServer.Engine.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Branding;

/// <summary>
/// The look of a client's own requests: the one style sheet with the client's colour and radius at its end. The file's name says both, so that every node can make it,
/// but only for a client that is registered: made-up names cost nothing.
/// </summary>
internal sealed class ClientThemes(UiAssets assets, ClientRegistry clients, IOptions<BrandingOptions> options)
{
    private const string ClientItem = "client-of-page";

    /// <summary>The page belongs to a waiting request of this client.</summary>
    public static void Use(HttpContext http, Client? client)
    {
        if (client?.Branding is not null) http.Items[ClientItem] = client;
    }

    public string StyleUrlOf(HttpContext http)
    {
        if (http.Items[ClientItem] is not Client { Branding: { } branding }) return assets.StyleUrl;
        var (name, css) = Of(branding);
        return assets.AddStyle(name, css);
    }

    public Task ServeAsync(HttpContext http, string hash, string name)
    {
        if (!assets.Has(name))
        {
            foreach (var client in clients.All)
            {
                if (client.Branding is { } branding && Of(branding) is var (wanted, css) && string.Equals(wanted, name, StringComparison.Ordinal)) assets.AddStyle(name, css);
            }
        }

        return assets.ServeAsync(http, hash, name);
    }

    private (string Name, string Css) Of(ClientBranding branding)
    {
        // A colour that is none cannot be stored; the deployment's own stands in for one that is not set.
        if (!AccentColor.TryParse(branding.AccentColor, out var accent)) _ = AccentColor.TryParse(options.Value.AccentColor, out accent);
        var radius = branding.CornerRadius ?? options.Value.CornerRadius;
        return (string.Create(CultureInfo.InvariantCulture, $"site-{accent.ToString()[1..]}-{radius}.css"), Theme.CssOf(accent, radius));
    }
}
