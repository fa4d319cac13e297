using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Sessions;

/// <summary>Shows the session to ASP.NET Core, so that pages say <c>[Authorize]</c>. A page on the way of a sign-in carries its own request id instead of a challenge.</summary>
public sealed class SessionAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SessionCookie cookie)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Session";

    /// <summary>The role of those who may administer this server.</summary>
    public const string AdministratorRole = "administrator";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await cookie.ReadAsync(Context, Context.RequestAborted) is not { } current) return AuthenticateResult.NoResult();
        List<Claim> claims =
        [
            new("sub", current.Session.UserId), new("name", current.UserName), new("sid", current.Session.Id),
            new("auth_time", current.Session.AuthTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ];
        if (current.IsAdministrator) claims.Add(new Claim("role", AdministratorRole));
        var identity = new ClaimsIdentity(claims, SessionAuthentication.Name, "name", "role");
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SessionAuthentication.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Redirect(Request.PathBase + "/login");
        return Task.CompletedTask;
    }
}
