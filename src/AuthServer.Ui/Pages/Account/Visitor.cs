using AuthServer.Engine.Accounts;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Ui.Pages.Account;

/// <summary>Who sent this request, as it is kept in the trail and told in a mail.</summary>
internal static class Visitor
{
    public static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    public static string DeviceOf(HttpContext http) => DeviceName.Of(Session.AgentOf(http)).ToString();
}
