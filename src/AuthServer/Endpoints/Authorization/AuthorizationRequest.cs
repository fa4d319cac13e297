using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Authorization;

/// <summary>An authorization request while it is being checked: what came, and what each check has made of it.</summary>
/// <remarks>OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1. A property that a check fills is null or empty before it.</remarks>
public sealed class AuthorizationRequest(Client client, FormParameters parameters)
{
    public Client Client { get; } = client;

    public FormParameters Parameters { get; } = parameters;

    /// <summary>It comes from a device (RFC 8628 §3.1): there is no redirect, the answer is fetched at the token endpoint.</summary>
    public bool IsOfDevice { get; init; }

    /// <summary>In canonical word order.</summary>
    public string ResponseType { get; set; } = "";

    public ScopeSet Scopes { get; set; } = ScopeSet.Empty;

    public IReadOnlyList<string> Prompts { get; set; } = [];

    /// <summary>Seconds.</summary>
    public int? MaxAge { get; set; }

    public IReadOnlyList<string> Resources { get; set; } = [];

    public ClaimsRequest Claims { get; set; } = ClaimsRequest.None;

    /// <summary>How surely the client wants the person to be known.</summary>
    public AcrRequest Acr => AcrRequest.Of(Claims, Parameters["acr_values"], Client);

    public string? CodeChallenge { get; set; }

    /// <summary>From a verified <c>id_token_hint</c>.</summary>
    public string? HintedSubject { get; set; }

    public string? Nonce => Parameters["nonce"];

    public bool IsOpenId => Scopes.Contains(StandardScopes.OpenId);

    public bool Wants(string responseWord) => ResponseType.Split(' ').Contains(responseWord, StringComparer.Ordinal);
}
