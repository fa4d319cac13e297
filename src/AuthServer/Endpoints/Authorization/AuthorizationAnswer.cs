using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization;

/// <summary>Where and how the answer to one request goes. Only the holder of a <see cref="VerifiedRedirect"/> can have one.</summary>
/// <param name="State">Repeated to the letter (RFC 6749 §4.1.2).</param>
public sealed record AnswerAddress(VerifiedRedirect Redirect, string Mode, string? State)
{
    /// <summary>Mode by what was asked, or by the default of the response type (OAuth 2.0 Multiple Response Types §2.1, §5).</summary>
    public static AnswerAddress Of(VerifiedRedirect redirect, FormParameters parameters)
    {
        var type = parameters["response_type"] ?? "";
        var plain = type is "" or "code" or "none" || Engine.Clients.ResponseTypes.Canonical(type) is null;
        var mode = parameters["response_mode"] switch
        {
            ResponseModeNames.FormPost => ResponseModeNames.FormPost,
            ResponseModeNames.Fragment => ResponseModeNames.Fragment,
            _ => plain ? ResponseModeNames.Query : ResponseModeNames.Fragment,
        };
        return new AnswerAddress(redirect, mode, parameters["state"]);
    }
}

/// <summary>The parameters of an authorization response (RFC 6749 §4.1.2, OpenID Connect Core §3.3.2.5) before their mode carries them.</summary>
public sealed class AuthorizationAnswer
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    public AuthorizationAnswer Add(string name, string? value)
    {
        if (value is not null) _parameters.Add(new(name, value));
        return this;
    }

    public static AuthorizationAnswer Of(OAuthError error) =>
        new AuthorizationAnswer().Add("error", error.Code).Add("error_description", error.Description);
}
