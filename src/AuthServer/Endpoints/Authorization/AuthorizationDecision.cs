using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Authorization;

/// <summary>Brings the facts together that <see cref="StepDecider"/> decides by.</summary>
public sealed class AuthorizationDecision(IConsentStore consents, SubjectIdentifiers subjects, TimeProvider clock)
{
    public async Task<NextStep> DecideAsync(AuthorizationRequest request, VerifiedRedirect redirect, PendingAuthorization pending, Session? session, CancellationToken ct)
    {
        var step = new StepRequest
        {
            Client = request.Client,
            Scopes = request.Scopes,
            Prompts = request.Prompts,
            MaxAge = request.MaxAge,
            StartedAt = pending.CreatedAt,
            HintMatches = request.HintedSubject is { } hinted && session is not null
                ? string.Equals(hinted, subjects.SubjectOf(request.Client, session.UserId), StringComparison.Ordinal)
                : null,
            Acr = request.Acr,
            ClientIsAssured = request.Client.IsConfidential || redirect.IsAssured || !request.Client.IsNative,
            Proofs = pending.Proofs,
        };
        var consent = session is null ? null : await consents.FindAsync(session.UserId, request.Client.ClientId, ct);
        return StepDecider.Decide(step, session, consent, clock.GetUtcNow());
    }
}
