using System.Text.Json.Serialization;

namespace AuthServer.Endpoints;

/// <summary>Token response (RFC 6749 §5.1, OIDC Core §3.1.3.3).</summary>
public sealed record TokenResponse
{
    public required string AccessToken { get; init; }
    public required string TokenType { get; init; }

    /// <summary>Seconds until the access token expires.</summary>
    public required int ExpiresIn { get; init; }
    public string? RefreshToken { get; init; }
    public string? IdToken { get; init; }

    /// <summary>Always said, so that a client need not compare (§3.3).</summary>
    public string? Scope { get; init; }
}

/// <summary>RFC 6749 §5.2.</summary>
public sealed record OAuthErrorBody
{
    public required string Error { get; init; }
    public string? ErrorDescription { get; init; }
}

/// <summary>RFC 9126 §2.2.</summary>
public sealed record PushedAuthorizationResponse
{
    public required string RequestUri { get; init; }

    /// <summary>Seconds.</summary>
    public required int ExpiresIn { get; init; }
}

/// <summary>RFC 8628 §3.2.</summary>
public sealed record DeviceAuthorizationResponse
{
    public required string DeviceCode { get; init; }
    public required string UserCode { get; init; }
    public required string VerificationUri { get; init; }
    public required string VerificationUriComplete { get; init; }

    /// <summary>Seconds.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>Seconds.</summary>
    public required int Interval { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(OAuthErrorBody))]
[JsonSerializable(typeof(PushedAuthorizationResponse))]
[JsonSerializable(typeof(DeviceAuthorizationResponse))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
