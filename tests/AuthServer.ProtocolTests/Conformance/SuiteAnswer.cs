using System.Text.Json;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>Everything a client holds after a flow; all of it was looked at.</summary>
internal sealed record SuiteAnswer(SuiteRequest Request)
{
    public string? Code { get; init; }

    /// <summary>The one that a client would keep: from the token endpoint where there is one.</summary>
    public string? IdToken { get; init; }

    /// <summary>The verified claims of <see cref="IdToken"/>.</summary>
    public JsonElement IdTokenClaims { get; init; }

    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>The answer of UserInfo; undefined where no access token was given.</summary>
    public JsonElement UserInfo { get; init; }

    /// <summary>Where the claims of the scopes have to be: at UserInfo, or in the ID token where there is nothing to go to UserInfo with (OpenID Connect Core §5.4).</summary>
    public JsonElement PersonClaims => AccessToken is null ? IdTokenClaims : UserInfo;

    public string Subject => IdTokenClaims.GetProperty("sub").GetString()!;

    public long? AuthTime => IdTokenClaims.TryGetProperty("auth_time", out var time) ? time.GetInt64() : null;
}
