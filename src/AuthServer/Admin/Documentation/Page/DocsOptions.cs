namespace AuthServer.Admin.Documentation.Page;

/// <summary>The page that shows the administration API and lets people try it.</summary>
public sealed class DocsOptions
{
    public const string Section = "Docs";

    /// <summary>Whether <c>/docs</c> is there. Default true: it shows what the routes are, and nothing of what is behind them without a token.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The public client as which people sign in on the page; its redirect URI is this server's <c>/docs/oauth2-redirect.html</c>. Default: none; then it is typed in, or a token is pasted.</summary>
    public string? ClientId { get; init; }
}
