using System.Globalization;
using System.Net;

namespace AuthServer.Engine.ApiKeys;

/// <summary>Where a key may be used from: single addresses and networks in CIDR form (RFC 4632, RFC 4291 §2.3).</summary>
public static class AddressRange
{
    /// <summary>The canonical form (<c>192.0.2.0/24</c>, <c>192.0.2.1</c>); null for what is no address or network, or a network whose address has bits beyond its prefix.</summary>
    public static string? Canonical(string text)
    {
        if (Read(text) is not { } network) return null;
        return network.PrefixLength == BitsOf(network.BaseAddress) ? network.BaseAddress.ToString() : network.ToString();
    }

    /// <summary>Nothing named: from everywhere. An IPv4 address that came in over IPv6 counts as what it is.</summary>
    public static bool Allows(IReadOnlyList<string> ranges, IPAddress? address)
    {
        if (ranges.Count == 0) return true;
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var range in ranges)
            if (Read(range) is { } network && network.Contains(address)) return true;
        return false;
    }

    private static IPNetwork? Read(string text)
    {
        var parts = text.Split('/');
        // "1" and "010.1" are addresses to the parser; to a person they are slips of the pen.
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address) || parts[0].Contains('%', StringComparison.Ordinal) || (BitsOf(address) == 32 && address.ToString() != parts[0])) return null;
        if (address.IsIPv4MappedToIPv6) return null;
        if (parts.Length == 1) return new IPNetwork(address, BitsOf(address));
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= BitsOf(address) && IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(address) ? network : null;
    }

    private static int BitsOf(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128;
}
