using AuthServer.Endpoints.Authorization.ResponseModes;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;

namespace AuthServer.Endpoints.Authorization;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2). Owns the order: who asks, where the answer may go, whether the request is good, what the
/// person still has to do, and the answer. Must not know how pages look or how tokens are made.
/// </summary>
public sealed class AuthorizationEndpoint(
    ClientRegistry clients,
    AuthorizationChecks checks,
    PushedRequests pushedRequests,
    PendingAuthorizations pendings,
    AuthorizationDecision decision,
    AuthorizationIssue issue,
    IEnumerable<IResponseMode> modes,
    SessionCookie sessions,
    IErrorPage errorPage,
    Issuer issuer,
    IAuditTrail audit,
    TimeProvider clock)
{
    public const string Path = "/connect/authorize";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (HttpContext http, AuthorizationEndpoint endpoint) => endpoint.StartAsync(http, FormParameters.Read(http.Request.Query), http.RequestAborted)).WithMetadata(new OpenRouteAttribute("where signing in begins"));
        routes.MapPost(Path, async (HttpContext http, AuthorizationEndpoint endpoint) => await endpoint.StartAsync(http, await ProtocolForm.ReadAsync(http, http.RequestAborted), http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("where signing in begins"));
        routes.MapGet(Path + "/continue", (HttpContext http, AuthorizationEndpoint endpoint) => endpoint.ContinueAsync(http, http.RequestAborted)).WithMetadata(new OpenRouteAttribute("goes on with a request that the same browser began"));
    }

    /// <summary>A request from a client, by GET or by POST (OpenID Connect Core §3.1.2.1).</summary>
    private async Task StartAsync(HttpContext http, Result<FormParameters> read, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!read.TryGet(out var parameters, out var error)) { await RefuseOnPageAsync(http, error, null); return; }
        if (clients.Find(parameters["client_id"]) is not { } client) { await RefuseOnPageAsync(http, OAuthErrors.InvalidRequest("client_id is missing or unknown") with { Reason = PageReason.UnknownClient }, null); return; }
        if (!(await pushedRequests.OpenAsync(client, parameters, ct)).TryGet(out var effective, out error)) { await RefuseOnPageAsync(http, error, client); return; }

        var pending = new PendingAuthorization
        {
            Hash = [],
            ClientId = client.ClientId,
            Parameters = effective.All,
            Resources = effective.Resources,
            CreatedAt = clock.GetUtcNow(),
            ExpiresAt = clock.GetUtcNow() + PendingAuthorizations.Lifetime,
        };
        await GoOnAsync(http, client, effective, pending, handle: null, ct);
    }

    /// <summary>The browser comes back from a page. The request is checked again from its beginning: what the page's step changed is looked up, not passed along.</summary>
    private async Task ContinueAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var handle = http.Request.Query["request"].ToString();
        if (await pendings.ReadAsync(handle, ct) is not { } pending || clients.Find(pending.ClientId) is not { } client)
        {
            await errorPage.WriteAsync(http, OAuthErrors.InvalidRequest("this sign-in request is finished or too old; go back to the app and start again") with { Reason = PageReason.Expired });
            return;
        }

        if (DeviceAuthorizations.IsOfDevice(pending))
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = DeviceAuthorizations.DecisionUrl(handle);
            return;
        }

        await GoOnAsync(http, client, FormParameters.Of(pending.Parameters, pending.Resources), pending, handle, ct);
    }

    private async Task GoOnAsync(HttpContext http, Client client, FormParameters parameters, PendingAuthorization pending, string? handle, CancellationToken ct)
    {
        var openId = ScopeSet.TryParse(parameters["scope"], out var scopes) && scopes.Contains(StandardScopes.OpenId);
        if (!VerifiedRedirect.Verify(client, parameters["redirect_uri"], openId).TryGet(out var redirect, out var error)) { await RefuseOnPageAsync(http, error, client); return; }

        var address = AnswerAddress.Of(redirect, parameters);
        var request = new AuthorizationRequest(client, parameters.Without(PushedRequests.OpenedParameter));
        if (checks.FirstBreach(request) is { } breach) { await AnswerAsync(http, client, address, AuthorizationAnswer.Of(breach), breach, ct); return; }

        // A POST from the client's site comes without our cookie (SameSite=Lax): the same request goes on by GET, where the cookie is.
        if (HttpMethods.IsPost(http.Request.Method)) { await ToPageAsync(http, PendingAuthorizations.ContinueUrl, parameters, pending, handle, ct); return; }

        var session = await sessions.ReadAsync(http, ct);
        switch (await decision.DecideAsync(request, redirect, pending, session?.Session, ct))
        {
            case NextStep.Refuse refuse: await AnswerAsync(http, client, address, AuthorizationAnswer.Of(refuse.Error), refuse.Error, ct, pending); return;
            case NextStep.Issue:
                if (!(await issue.IssueAsync(request, redirect, pending, session!.Session, ct)).TryGet(out var answer, out error)) { await RefuseOnPageAsync(http, error, client); return; }
                await AnswerAsync(http, client, address, answer, null, ct);
                return;
            case var step: await ToPageAsync(http, h => PendingAuthorizations.PageOf(step, h), parameters, pending, handle, ct); return;
        }
    }

    /// <summary>303 to a page with the handle of the waiting request, which is stored now where it was not.</summary>
    private async Task ToPageAsync(HttpContext http, Func<string, string> page, FormParameters parameters, PendingAuthorization pending, string? handle, CancellationToken ct)
    {
        handle ??= await pendings.BeginAsync(pending.ClientId, parameters, pending.CreatedAt, ct);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = page(handle);
    }

    private async Task AnswerAsync(HttpContext http, Client client, AnswerAddress address, AuthorizationAnswer answer, OAuthError? error, CancellationToken ct, PendingAuthorization? pending = null)
    {
        if (error is not null) audit.Record(new AuditEvent(AuditKind.GrantRefused, client.ClientId, Address: http.Connection.RemoteIpAddress?.ToString(), Detail: error.Detail ?? error.Code));
        if (pending is { Hash.Length: > 0 }) await issue.FinishAsync(pending, ct);

        // RFC 9207: with iss a client that talks to several servers knows whose answer it holds.
        answer.Add("state", address.State).Add("iss", issuer.Identifier);
        var mode = modes.First(m => string.Equals(m.Name, address.Mode, StringComparison.Ordinal));
        await mode.SendAsync(http, address.Redirect, answer.Parameters);
    }

    /// <summary>Without a verified redirect URI nobody but the person in front of the browser may be told (RFC 6749 §4.1.2.1).</summary>
    private Task RefuseOnPageAsync(HttpContext http, OAuthError error, Client? client)
    {
        audit.Record(new AuditEvent(AuditKind.GrantRefused, client?.ClientId, Address: http.Connection.RemoteIpAddress?.ToString(), Detail: error.Detail ?? error.Description));
        return errorPage.WriteAsync(http, error);
    }
}
