using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;

namespace AuthServer.Engine.Interaction;

/// <summary>What a page shows of a waiting request.</summary>
public sealed record PendingView
{
    public required Client Client { get; init; }
    public required ScopeSet Scopes { get; init; }
    public required IReadOnlyList<ScopeDefinition> ScopeDefinitions { get; init; }
    public string? LoginHint { get; init; }
    public IReadOnlyList<string> Prompts { get; init; } = [];
    public IReadOnlyList<string> UiLocales { get; init; } = [];

    /// <summary>Where the answer will go, as a CSP source: an origin, or a scheme with its colon. Null: a device fetches it.</summary>
    public required string? RedirectOrigin { get; init; }
}

/// <summary>Requests that wait for a person, as pages and the authorization endpoint see them. The handle in the address is all a page carries.</summary>
public sealed class PendingAuthorizations(IPendingAuthorizationStore store, IConsentStore consents, ClientRegistry clients, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>How long a person may take: the page says so when it is over.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Where a page sends the browser when its step is done.</summary>
    public static string ContinueUrl(string handle) => "/connect/authorize/continue?request=" + Uri.EscapeDataString(handle);

    /// <summary>The page of a step that a person has to do.</summary>
    public static string PageOf(NextStep step, string handle) => step switch
    {
        NextStep.Login => "/login",
        NextStep.StepUp => "/login/factor",
        NextStep.Register => "/register",
        NextStep.SelectAccount => "/select-account",
        NextStep.AskConsent => "/consent",
        _ => throw new ArgumentException($"{step.GetType().Name} has no page.", nameof(step)),
    } + "?request=" + handle;

    /// <summary>Stores the request and answers the handle for the page's address.</summary>
    public async Task<string> BeginAsync(string clientId, FormParameters parameters, DateTimeOffset startedAt, CancellationToken ct)
    {
        var handle = Handle.New();
        await store.AddAsync(new PendingAuthorization
        {
            Hash = handle.Hash(),
            ClientId = clientId,
            Parameters = parameters.All,
            Resources = parameters.Resources,
            CreatedAt = startedAt,
            ExpiresAt = startedAt + Lifetime,
        }, ct);
        return handle.Reveal();
    }

    /// <summary>Null where the handle is unknown, the request finished or expired, or its client gone.</summary>
    public async Task<PendingAuthorization?> ReadAsync(string? handle, CancellationToken ct) =>
        Handle.TryRead(handle, out var read) && await store.FindAsync(read.Hash(), ct) is { } pending && pending.ExpiresAt > clock.GetUtcNow() ? pending : null;

    public async Task<PendingView?> FindAsync(string? handle, CancellationToken ct)
    {
        if (await ReadAsync(handle, ct) is not { } pending || clients.Find(pending.ClientId) is not { } client) return null;

        var scopes = ScopeSet.Parse(pending.Parameters.GetValueOrDefault("scope"));
        return new PendingView
        {
            Client = client,
            Scopes = scopes,
            ScopeDefinitions = [.. scopes.Select(clients.Scopes.Find).OfType<ScopeDefinition>()],
            LoginHint = pending.Parameters.GetValueOrDefault("login_hint"),
            Prompts = Words(pending, "prompt"),
            UiLocales = Words(pending, "ui_locales"),
            RedirectOrigin = DeviceAuthorizations.IsOfDevice(pending) ? null : OriginOf(pending.Parameters.GetValueOrDefault("redirect_uri") ?? client.RedirectUris[0]),
        };
    }

    /// <summary>The person agreed: remembered for the next time, and noted for this request, whatever <c>prompt</c> said.</summary>
    public async Task ConsentAsync(string handle, CurrentSession session, ScopeSet scopes, CancellationToken ct)
    {
        if (await ReadAsync(handle, ct) is not { } pending) return;
        await consents.SaveAsync(session.Session.UserId, pending.ClientId, scopes, clock.GetUtcNow(), ct);
        await store.SaveProofsAsync(pending.Hash, Of(pending, session) with { ConsentedScopes = scopes.ToString() }, ct);
        audit.Record(new AuditEvent(AuditKind.ConsentGiven, pending.ClientId, session.Session.UserId, session.Session.Id, Detail: scopes.ToString()));
    }

    public async Task DenyAsync(string handle, CurrentSession session, CancellationToken ct)
    {
        if (await ReadAsync(handle, ct) is not { } pending) return;
        await store.SaveProofsAsync(pending.Hash, Of(pending, session) with { Denied = true }, ct);
        audit.Record(new AuditEvent(AuditKind.ConsentRefused, pending.ClientId, session.Session.UserId, session.Session.Id));
    }

    public async Task SelectAccountAsync(string handle, CurrentSession session, CancellationToken ct)
    {
        if (await ReadAsync(handle, ct) is { } pending) await store.SaveProofsAsync(pending.Hash, Of(pending, session) with { AccountSelected = true }, ct);
    }

    /// <summary>What another session proved does not count for this one.</summary>
    private static PendingProofs Of(PendingAuthorization pending, CurrentSession session) =>
        string.Equals(pending.Proofs.SessionId, session.Session.Id, StringComparison.Ordinal) ? pending.Proofs : new PendingProofs { SessionId = session.Session.Id };

    private static string[] Words(PendingAuthorization pending, string parameter) =>
        pending.Parameters.GetValueOrDefault(parameter)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string OriginOf(string redirectUri)
    {
        var uri = new Uri(redirectUri, UriKind.Absolute);
        return uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";
    }
}
