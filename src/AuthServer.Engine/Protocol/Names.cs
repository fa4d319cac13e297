namespace AuthServer.Engine.Protocol;

/// <summary>Wire values of <c>grant_type</c>.</summary>
public static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string Implicit = "implicit";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";
}

/// <summary>Wire values of <c>response_mode</c> (OAuth 2.0 Multiple Response Type Encoding §2.1, Form Post §2).</summary>
public static class ResponseModeNames
{
    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";
}

/// <summary>Scopes that OpenID Connect defines (Core §5.4, §11).</summary>
public static class StandardScopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Address = "address";
    public const string Phone = "phone";
    public const string OfflineAccess = "offline_access";
}

/// <summary>Wire values of <c>prompt</c> (OpenID Connect Core §3.1.2.1, Initiating User Registration §4).</summary>
public static class Prompts
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";
    public const string Create = "create";
}

/// <summary>Values of <c>amr</c> (RFC 8176 §2).</summary>
public static class AuthenticationMethods
{
    public const string Password = "pwd";
    public const string OneTimePassword = "otp";
    public const string HardwareKey = "hwk";
    public const string MultiFactor = "mfa";
}

/// <summary>Authentication context classes this server can vouch for. Advertised as <c>acr_values_supported</c>.</summary>
public static class AuthenticationContexts
{
    /// <summary>One factor: the person knew the password.</summary>
    public const string SingleFactor = "urn:authserver:acr:1fa";

    /// <summary>Two independent factors, or a passkey with user verification.</summary>
    public const string MultiFactor = "urn:authserver:acr:mfa";
}

/// <summary>What this server can sign with, best known first: its keys are RSA and P-256.</summary>
public static class SigningAlgorithms
{
    public static IReadOnlyList<string> Supported { get; } = ["RS256", "ES256", "PS256", "RS384", "RS512", "PS384", "PS512"];
}
