using System.ComponentModel.DataAnnotations;

namespace AuthServer.Dialects;

/// <summary>The compatibility APIs, each by its name: <c>Dialects:Kamiwaza:Enabled</c>.</summary>
public sealed class DialectOptions
{
    public const string Section = "Dialects";

    /// <summary>Kamiwaza's AuthService and its SDKs.</summary>
    public DialectSettings Kamiwaza { get; set; } = new();

    /// <summary>The auth service of the AI chat application.</summary>
    public DialectSettings Chat { get; set; } = new();

    /// <summary>SamurAI's authentication service.</summary>
    public DialectSettings Samurai { get; set; } = new();

    /// <summary>ACGS's auth_service.</summary>
    public DialectSettings Acgs { get; set; } = new();

    /// <summary>RAG Modulo's API authentication and its command line.</summary>
    public DialectSettings RagModulo { get; set; } = new();

    public DialectSettings Of(string name) => name switch
    {
        nameof(Kamiwaza) => Kamiwaza, nameof(Chat) => Chat, nameof(Samurai) => Samurai, nameof(Acgs) => Acgs, nameof(RagModulo) => RagModulo,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such compatibility API."),
    };
}

/// <summary>One compatibility API.</summary>
public sealed class DialectSettings
{
    /// <summary>Answers at all. On in the Development settings; in Production an operator names the ones wanted. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Answers at this host name only, and there nobody else of them does. Default: at every host.</summary>
    public string? Host { get; set; }

    /// <summary>Answers below this path only, as <c>/compat/acgs</c>. Default: at the old paths themselves.</summary>
    public string? PathPrefix { get; set; }

    /// <summary>The original's behaviour also where this server deliberately differs, as far as that is safe; the document of each API says where. Default false.</summary>
    public bool Strict { get; set; }

    /// <summary>From this moment on the bridge is closed: every call is answered 410. Default: never.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>The old service's secret: tokens are signed with it by HS256, for services that verify them locally. Default: none, tokens are this server's own JWTs.</summary>
    public string? SigningKey { get; set; }

    /// <summary>Secrets whose tokens are still taken while they are replaced. Default: none.</summary>
    public IList<string> PreviousSigningKeys { get; } = [];

    /// <summary>Seconds an access token lasts. Default 0: as long as the old service's.</summary>
    [Range(0, 2_592_000)] public int AccessTokenLifetime { get; set; }

    /// <summary>Seconds a refresh token lasts. Default 0: as long as the old service's.</summary>
    [Range(0, 31_536_000)] public int RefreshTokenLifetime { get; set; }

    /// <summary>The API's verification refuses refresh tokens, which the original took for good ones (SamurAI). Default false.</summary>
    public bool AccessTokensOnly { get; set; }

    /// <summary>The <c>client_id</c> of the registered client as which browsers and devices are led to the sign-in, where the API has calls for that. Default: none; those calls answer that nothing is set up.</summary>
    public string? ClientId { get; set; }

    /// <summary>People without an e-mail address are shown with one under this domain where the API cannot do without. Default <c>users.example.com</c>.</summary>
    public string EmailDomain { get; set; } = "users.example.com";
}
