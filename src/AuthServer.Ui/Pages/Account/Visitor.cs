using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Ui.Pages.Account;

/// <summary>Who sent this request, as it is kept in the trail and told in a mail.</summary>
internal static class Visitor
{
    public static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() is { } address ? Shown(address) : null;

    /// <summary>As people write it: an IPv4 address that came in over IPv6 is one all the same.</summary>
    public static string Shown(string address) => IPAddress.TryParse(address, out var ip) && ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4().ToString() : address;

    public static string DeviceOf(HttpContext http) => DeviceName.Of(Session.AgentOf(http)).ToString();
}
