namespace AuthServer.Engine.Protocol;

/// <summary>Wire values of <c>grant_type</c>.</summary>
public static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string Implicit = "implicit";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";

    /// <summary>RFC 8628 §3.4.</summary>
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
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
    public const string SoftwareKey = "swk";
    public const string UserPresence = "user";
    public const string MultiFactor = "mfa";
}

/// <summary>Authentication context classes this server can vouch for, weakest first. Advertised as <c>acr_values_supported</c>.</summary>
public static class AuthenticationContexts
{
    /// <summary>One factor: the person knew the password, or another provider vouches for them.</summary>
    public const string SingleFactor = "urn:authserver:acr:1fa";

    /// <summary>Two steps of which the second is weak: a code by mail.</summary>
    public const string TwoStep = "urn:authserver:acr:2sv";

    /// <summary>Two independent factors, or a passkey with user verification.</summary>
    public const string MultiFactor = "urn:authserver:acr:mfa";

    public static IReadOnlyList<string> All { get; } = [SingleFactor, TwoStep, MultiFactor];

    /// <summary>0 for the weakest; -1 for what is not ours.</summary>
    public static int RankOf(string? acr) => acr switch { SingleFactor => 0, TwoStep => 1, MultiFactor => 2, _ => -1 };

    /// <summary>Whether a sign-in of class <paramref name="reached"/> is good where <paramref name="wanted"/> is asked for: a stronger one is.</summary>
    public static bool Satisfies(string reached, string wanted) => RankOf(wanted) >= 0 ? RankOf(reached) >= RankOf(wanted) : string.Equals(reached, wanted, StringComparison.Ordinal);
}

/// <summary>What this server can sign with, best known first: its keys are RSA and P-256.</summary>
public static class SigningAlgorithms
{
    public static IReadOnlyList<string> Supported { get; } = ["RS256", "ES256", "PS256", "RS384", "RS512", "PS384", "PS512"];
}
