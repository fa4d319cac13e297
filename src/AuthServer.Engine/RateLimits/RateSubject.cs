using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.RateLimits;

/// <summary>What a caller is counted as.</summary>
public static class RateSubject
{
    /// <summary>
    /// An IPv4 address, or the /64 network of an IPv6 address: whoever has one such address has all of them. Null where it is not known, and for the machine's own addresses: a
    /// proxy beside the server that does not say for whom it speaks must not shut out everybody.
    /// </summary>
    public static string? OfAddress(IPAddress? address)
    {
        if (address is null) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return null;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>What somebody typed as their name: the counter shall not keep it, nor be as long as it.</summary>
    public static string OfAccount(string typed) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(typed.Trim().ToUpperInvariant())).AsSpan(0, 16));
}
