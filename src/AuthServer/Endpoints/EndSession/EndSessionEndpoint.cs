using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Http.Extensions;

namespace AuthServer.Endpoints.EndSession;

/// <summary>
/// RP-initiated logout. A client that shows an ID token of the very session that is signed in here ends it at once; everybody else makes the person confirm,
/// so that no image on some page can sign people out.
/// </summary>
public sealed class EndSessionEndpoint(ClientRegistry clients, IdTokenHints hints, SubjectIdentifiers subjects, SessionCookie sessions, LogoutRequests logouts, IErrorPage errorPage)
{
    public const string Path = "/connect/endsession";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (HttpContext http, EndSessionEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).WithMetadata(new OpenRouteAttribute("ends only the session whose cookie comes along"));
        routes.MapPost(Path, (HttpContext http, EndSessionEndpoint endpoint) => endpoint.HandlePostAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("ends only the session whose cookie comes along"));
    }

    /// <summary>A cross-site POST comes without our cookie (SameSite=Lax); the same request as a GET has it.</summary>
    private async Task HandlePostAsync(HttpContext http, CancellationToken ct)
    {
        if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var error)) { await RefuseAsync(http, error); return; }
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = Path + new QueryBuilder(form.All).ToQueryString();
    }

    private async Task HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!FormParameters.Read(http.Request.Query).TryGet(out var parameters, out var error)) { await RefuseAsync(http, error); return; }

        IdTokenHint? hint = null;
        if (parameters["id_token_hint"] is { } text && (hint = hints.Read(text)) is null) { await RefuseAsync(http, OAuthErrors.InvalidRequest("id_token_hint is not an ID token of this server")); return; }
        var clientId = parameters["client_id"] ?? hint?.Audiences[0];
        var client = clients.Find(clientId);
        if (clientId is not null && client is null) { await RefuseAsync(http, OAuthErrors.InvalidRequest("client_id is unknown")); return; }
        if (hint is not null && !hint.Audiences.Contains(clientId, StringComparer.Ordinal)) { await RefuseAsync(http, OAuthErrors.InvalidRequest("client_id differs from the id_token_hint")); return; }
        if (!Redirect(client, parameters).TryGet(out var redirect, out error)) { await RefuseAsync(http, error); return; }

        var session = await sessions.ReadAsync(http, ct);
        var proved = hint is not null && (session is null || IsOf(hint, client!, session.Session));
        if (!proved)
        {
            var request = logouts.Write(new LogoutRequest { ClientName = client?.DisplayName, RedirectUrl = redirect.Url });
            SeeOther(http, "/logout?request=" + Uri.EscapeDataString(request));
            return;
        }

        await sessions.SignOutAsync(http, ct);
        SeeOther(http, redirect.Url ?? "/logout/done");
    }

    /// <summary>The session stays as it is: nothing here was asked for by anybody we know.</summary>
    private Task RefuseAsync(HttpContext http, OAuthError error) => errorPage.WriteAsync(http, error with { Reason = PageReason.SignOut });

    private sealed record LogoutRedirect(string? Url);

    /// <summary>Exact match, and only of a client that is named (§2, §3); <c>state</c> only where it was sent.</summary>
    private static Result<LogoutRedirect> Redirect(Client? client, FormParameters parameters)
    {
        if (parameters["post_logout_redirect_uri"] is not { } uri) return new LogoutRedirect(null);
        if (client is null) return OAuthErrors.InvalidRequest("post_logout_redirect_uri needs an id_token_hint or a client_id");
        if (!RedirectUri.Matches(client.PostLogoutRedirectUris, uri, client.IsNative)) return OAuthErrors.InvalidRequest("post_logout_redirect_uri is not registered for this client");
        if (parameters["state"] is not { } state) return new LogoutRedirect(uri);
        return new LogoutRedirect(uri + (uri.Contains('?', StringComparison.Ordinal) ? "&state=" : "?state=") + Uri.EscapeDataString(state));
    }

    private bool IsOf(IdTokenHint hint, Client client, Session session) =>
        hint.SessionId is { } sid ? string.Equals(sid, session.Id, StringComparison.Ordinal) : string.Equals(hint.Subject, subjects.SubjectOf(client, session.UserId), StringComparison.Ordinal);

    private static void SeeOther(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = url;
    }
}
