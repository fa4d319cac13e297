using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Sessions;

/// <summary>Registers sessions, and makes them what <c>[Authorize]</c> asks for. The host adds the store.</summary>
public static class SessionsRegistration
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionCookie>().AddSingleton<SignInCookie>().AddSingleton<DeviceCookie>().AddSingleton<KnownDevices>();
        services.AddAuthentication(SessionAuthentication.Name).AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Name, null);
        services.AddAuthorization();
        return services;
    }
}
