using System.Globalization;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Authorization.Checks;

/// <summary>Rules on who is to be identified and how.</summary>
public sealed class IdentityChecks(IdTokenHints hints)
{
    private static readonly string[] KnownPrompts = [Prompts.None, Prompts.Login, Prompts.Consent, Prompts.SelectAccount, Prompts.Create];

    public OAuthError? PromptIsConsistent(AuthorizationRequest request)
    {
        var prompts = request.Parameters["prompt"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        foreach (var prompt in prompts)
        {
            if (!KnownPrompts.Contains(prompt, StringComparer.Ordinal)) return OAuthErrors.InvalidRequest("prompt has an unknown value");
        }

        if (prompts.Length > 1 && prompts.Contains(Prompts.None, StringComparer.Ordinal)) return OAuthErrors.InvalidRequest("prompt none stands alone");
        if (prompts.Length > 1 && prompts.Contains(Prompts.Create, StringComparer.Ordinal)) return OAuthErrors.InvalidRequest("prompt create stands alone");
        request.Prompts = prompts;
        return null;
    }

    public OAuthError? MaxAgeIsANumber(AuthorizationRequest request)
    {
        if (request.Parameters["max_age"] is not { } text)
        {
            request.MaxAge = request.Client.DefaultMaxAge;
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return OAuthErrors.InvalidRequest("max_age is not a number of seconds");
        request.MaxAge = seconds;
        return null;
    }

    public OAuthError? ClaimsAreReadable(AuthorizationRequest request)
    {
        if (request.Parameters["claims"] is not { } json) return null;
        if (!ClaimsRequest.TryParse(json, out var claims)) return OAuthErrors.InvalidRequest("claims is not the JSON object it has to be");
        request.Claims = claims;
        return null;
    }

    /// <summary>An expired hint is a good hint; one that we did not sign is none.</summary>
    public OAuthError? HintIsOurs(AuthorizationRequest request)
    {
        if (request.Parameters["id_token_hint"] is not { } hint) return null;
        if (hints.Read(hint) is not { } read) return OAuthErrors.InvalidRequest("id_token_hint is not an ID token of this server");
        if (!read.Audiences.Contains(request.Client.ClientId, StringComparer.Ordinal)) return OAuthErrors.InvalidRequest("id_token_hint was issued to another client");
        request.HintedSubject = read.Subject;
        return null;
    }
}
