using AuthServer.Engine.Clients;

namespace AuthServer.Engine.Administration;

/// <summary>A client as the administration shows it: everything but its secrets, of which only is said that they are there.</summary>
public sealed record RegisteredClient
{
    /// <summary>Always without <see cref="Clients.Client.Secrets"/>.</summary>
    public required Client Client { get; init; }

    /// <summary>One of <see cref="ClientKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The secrets that work now, the newest first. More than one after a rotation that keeps the old one for a while.</summary>
    public required IReadOnlyList<SecretState> Secrets { get; init; }

    /// <summary>True: the settings declare it. What they say is applied again at the next start after the declaration changed, and overrides what was changed here.</summary>
    public required bool Declared { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long Version { get; init; }

    internal static RegisteredClient Of(StoredClient stored, DateTimeOffset now) => new()
    {
        Client = stored.Client with { Secrets = [] },
        Kind = ClientKinds.Of(stored.Client),
        Secrets = [.. stored.Client.Secrets.Where(s => s.ExpiresAt is null || s.ExpiresAt > now).Select(static s => new SecretState(s.ExpiresAt))],
        Declared = stored.Declared,
        CreatedAt = stored.CreatedAt,
        UpdatedAt = stored.UpdatedAt,
        Version = stored.Version,
    };
}

/// <param name="ExpiresAt">Null: it works until it is replaced.</param>
public sealed record SecretState(DateTimeOffset? ExpiresAt);

/// <summary>A client and the secret that was just made for it: the only moment at which the value exists outside the client.</summary>
/// <param name="Secret">Null where none was made.</param>
public sealed record ClientCreated(RegisteredClient Client, string? Secret)
{
    /// <summary>Never the value.</summary>
    public override string ToString() => $"{Client.Client.ClientId} ***";
}

/// <summary>Which clients; null means all.</summary>
public sealed record ClientFilter
{
    /// <summary>Found in the id or the name, whatever the case.</summary>
    public string? Search { get; init; }

    /// <summary>One of <see cref="ClientKinds"/>.</summary>
    public string? Kind { get; init; }
    public bool? Enabled { get; init; }
}

/// <summary>A scope as the administration shows it.</summary>
public sealed record RegisteredScope
{
    public required ScopeDefinition Scope { get; init; }

    /// <summary>True: OpenID Connect's own or this server's own; it cannot be changed.</summary>
    public required bool BuiltIn { get; init; }

    /// <summary>0 for what is built in.</summary>
    public required long Version { get; init; }
}

/// <summary>A resource (RFC 8707): an API by its identifier, with what leads to it.</summary>
public sealed record KnownResource(string Resource, IReadOnlyList<string> Scopes, IReadOnlyList<string> Clients);

/// <summary>Which scopes; null means all.</summary>
public sealed record ScopeFilter
{
    public string? Search { get; init; }
    public string? Resource { get; init; }
    public bool? BuiltIn { get; init; }
}
