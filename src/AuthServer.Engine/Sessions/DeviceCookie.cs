using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Sessions;

/// <summary>Recognises a browser that was here before. It proves nothing by itself: it only spares a question on a device its owner let be remembered, and a mail about a new one.</summary>
public sealed class DeviceCookie(Issuer issuer)
{
    /// <summary>As long as browsers keep a cookie at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    public string Name { get; } = issuer.IsHttps ? "__Host-device" : "device";

    /// <summary>The hash of the handle, or null where there is none of ours.</summary>
    public byte[]? Read(HttpContext http) => Handle.TryRead(http.Request.Cookies[Name], out var handle) ? handle.Hash() : null;

    /// <summary>Renews the browser's handle, or gives it one. Answers its hash.</summary>
    public byte[] Write(HttpContext http, DateTimeOffset now)
    {
        var handle = Handle.TryRead(http.Request.Cookies[Name], out var known) ? known : Handle.New();
        http.Response.Cookies.Append(Name, handle.Reveal(), new CookieOptions
        {
            HttpOnly = true, Secure = issuer.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", Expires = now + Lifetime, IsEssential = true,
        });
        return handle.Hash();
    }
}
