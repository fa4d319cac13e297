using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;

namespace AuthServer.Engine.Interaction;

/// <summary>The part of an authorization request that decides which steps a person has to take.</summary>
public sealed record StepRequest
{
    public required Client Client { get; init; }
    public required ScopeSet Scopes { get; init; }
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>Seconds (OpenID Connect Core §3.1.2.1).</summary>
    public int? MaxAge { get; init; }

    /// <summary>When the request reached this server first: a proof given after it was given for it.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether <c>id_token_hint</c> speaks of the signed-in user; null without a hint.</summary>
    public bool? HintMatches { get; init; }

    public AcrRequest Acr { get; init; } = AcrRequest.None;

    /// <summary>The redirect URI cannot be claimed by another app on the same device (RFC 8252 §8.6).</summary>
    public required bool ClientIsAssured { get; init; }

    public PendingProofs Proofs { get; init; } = new();

    public bool Wants(string prompt) => Prompts.Contains(prompt, StringComparer.Ordinal);
}

/// <summary>The one place that knows when a person must sign in, choose, or consent. Pure: same facts, same answer.</summary>
public static class StepDecider
{
    public static NextStep Decide(StepRequest request, Session? session, Consent? consent, DateTimeOffset now)
    {
        var passive = request.Wants(Prompts.None);
        if (session is null)
        {
            if (passive) return new NextStep.Refuse(OAuthErrors.LoginRequired());
            return request.Wants(Prompts.Create) ? new NextStep.Register() : new NextStep.Login();
        }

        // Proofs belong to the session that gave them: a link to a waiting request is of no use in another browser.
        var proofs = string.Equals(request.Proofs.SessionId, session.Id, StringComparison.Ordinal) ? request.Proofs : new PendingProofs();
        if (proofs.Denied) return new NextStep.Refuse(OAuthErrors.AccessDenied("the user refused"));

        var signedInForThis = session.AuthTime >= request.StartedAt;
        if (!signedInForThis)
        {
            if (request.Wants(Prompts.Create)) return new NextStep.Register();
            if (request.Wants(Prompts.Login)) return new NextStep.Login();
            if (request.MaxAge is { } maxAge && session.AuthTime.AddSeconds(maxAge) < now)
                return passive ? new NextStep.Refuse(OAuthErrors.LoginRequired()) : new NextStep.Login();
        }

        if (request.HintMatches is false)
        {
            // Signed in a moment ago as somebody else than the client spoke of: asking again would go round in circles.
            if (passive || signedInForThis) return new NextStep.Refuse(OAuthErrors.LoginRequired());
            return new NextStep.Login();
        }

        if (!request.Acr.IsMetBy(session.Acr))
            return passive || !request.Acr.CanBeMet ? new NextStep.Refuse(OAuthErrors.UnmetAuthenticationRequirements()) : new NextStep.StepUp();

        if (request.Wants(Prompts.SelectAccount) && !signedInForThis && !proofs.AccountSelected) return new NextStep.SelectAccount();

        if (ConsentIsMissing(request, proofs, consent, signedInForThis))
            return passive ? new NextStep.Refuse(OAuthErrors.ConsentRequired()) : new NextStep.AskConsent();

        return new NextStep.Issue();
    }

    private static bool ConsentIsMissing(StepRequest request, PendingProofs proofs, Consent? consent, bool signedInForThis)
    {
        if (proofs.ConsentedScopes is { } given && request.Scopes.IsSubsetOf(ScopeSet.Parse(given))) return false;
        if (request.Wants(Prompts.Consent)) return true;

        // Another app on the device may answer to this redirect URI; an answer nobody saw would go to whoever asked (RFC 8252 §8.6).
        if (!request.ClientIsAssured && !signedInForThis) return true;
        if (string.Equals(request.Client.ConsentType, ConsentTypes.Implicit, StringComparison.Ordinal)) return false;
        return consent is null || !request.Scopes.IsSubsetOf(consent.Scopes);
    }
}
