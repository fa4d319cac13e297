using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.Interaction;

/// <summary>How surely the client wants the person to be known (OpenID Connect Core §3.1.2.1 and §5.5.1.1, RFC 9470 §4).</summary>
public sealed record AcrRequest
{
    public static readonly AcrRequest None = new();

    /// <summary>Context classes of which one must be reached; empty: any will do.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>False where none of the classes is known here: nobody can be signed in for this request.</summary>
    public bool CanBeMet => Values.Count == 0 || Values.Any(static v => AuthenticationContexts.RankOf(v) >= 0);

    /// <summary>
    /// An essential <c>acr</c> claim binds, whatever its values. <c>acr_values</c> is voluntary, yet a client that names a class of ours means it (RFC 9470); classes that are not ours
    /// are left out. Without either the client's registration counts (<c>default_acr_values</c>).
    /// </summary>
    public static AcrRequest Of(ClaimsRequest claims, string? acrValues, Client client)
    {
        if (claims.EssentialAcrValues.Count > 0) return new AcrRequest { Values = claims.EssentialAcrValues };
        var named = (acrValues?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [.. client.DefaultAcrValues]).Where(static v => AuthenticationContexts.RankOf(v) >= 0);
        return new AcrRequest { Values = [.. named] };
    }

    public static AcrRequest Of(PendingAuthorization pending, Client client) =>
        Of(pending.Parameters.GetValueOrDefault("claims") is { } json && ClaimsRequest.TryParse(json, out var claims) ? claims : ClaimsRequest.None, pending.Parameters.GetValueOrDefault("acr_values"), client);

    public bool IsMetBy(string acr) => Values.Count == 0 || Values.Any(wanted => AuthenticationContexts.Satisfies(acr, wanted));

    /// <summary>What the tokens say: the class reached, or where the client asked for a weaker one by name, that one, for it looks for its own word (§5.5.1.1).</summary>
    public string Answer(string reached) => Values.Count == 0 || Values.Contains(reached, StringComparer.Ordinal)
        ? reached
        : Values.Where(wanted => AuthenticationContexts.Satisfies(reached, wanted)).MaxBy(AuthenticationContexts.RankOf) ?? reached;
}
