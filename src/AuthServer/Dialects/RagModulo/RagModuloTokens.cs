using System.Text.Json.Nodes;

namespace AuthServer.Dialects.RagModulo;

/// <summary>A token as RAG Modulo's clients read it, for whatever opened the grant.</summary>
internal sealed class RagModuloTokens(IDialect dialect, DialectTokens tokens, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>An hour, as documented, or what the settings say.</summary>
    public static TimeSpan Lifetime(DialectSettings settings) => settings.AccessTokenLifetime > 0 ? TimeSpan.FromSeconds(settings.AccessTokenLifetime) : Hour;

    public Task<DialectGrant> OpenAsync(DialectRequest request, DialectSignIn signIn, CancellationToken ct) =>
        tokens.OpenAsync(dialect, signIn.User!, signIn.Completed!, Lifetime(request.Settings), refreshable: false, request.Address, ct);

    public Task<string> AccessTokenAsync(DialectRequest request, DialectGrant opened, CancellationToken ct) =>
        tokens.AccessTokenAsync(request.Settings, opened, new RagModuloPerson(opened.User, request.Settings).Claims(clock.GetUtcNow()), Lifetime(request.Settings), ct);

    /// <summary>What a sign-in answers. There is no <c>expires_at</c>: the command line compares it with a time that has no zone, and fails on every later call.</summary>
    public async Task<JsonObject> AnswerAsync(DialectRequest request, DialectGrant opened, CancellationToken ct) => new()
    {
        ["access_token"] = await AccessTokenAsync(request, opened, ct), ["token_type"] = "bearer", ["expires_in"] = (int)Lifetime(request.Settings).TotalSeconds,
    };

    public Task<string?> IdTokenAsync(DialectGrant opened, CancellationToken ct) => tokens.IdTokenAsync(opened, ct);
}
