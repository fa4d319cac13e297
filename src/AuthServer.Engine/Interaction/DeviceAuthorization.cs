using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.Interaction;

/// <summary>What a device asked for (RFC 8628 §3.1), until a person decides it and the device has fetched the answer.</summary>
public sealed record DeviceAuthorization
{
    /// <summary>SHA-256 of the <c>device_code</c>.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>See <see cref="UserCodes.Hash"/>.</summary>
    public required byte[] UserCodeHash { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The request as it came and was checked, without anything that proves who the client is.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>Seconds between two polls; grows with each one that comes too early.</summary>
    public required int Interval { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where the device is, as this server sees it; for the person who decides.</summary>
    public string? Address { get; init; }

    /// <summary>What the device calls itself.</summary>
    public string? UserAgent { get; init; }
}

/// <summary>How a device's request stands at the moment of a poll (RFC 8628 §3.5).</summary>
public sealed record PolledDeviceCode
{
    /// <summary>The grant that the person gave; null: not yet, or refused.</summary>
    public string? GrantId { get; init; }

    /// <summary>Of the request, for the ID token.</summary>
    public string? Nonce { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? DeniedAt { get; init; }
    public DateTimeOffset? RedeemedAt { get; init; }

    /// <summary>It came before the interval was over, and the interval is five seconds longer from here on.</summary>
    public bool TooEarly { get; init; }
}

/// <summary>Database verbs of device codes. Each is one statement or one transaction whose row count is the answer, so any node may be asked by the device and any other by the person.</summary>
public interface IDeviceCodeStore
{
    /// <summary>False where the user code is in use: try another one.</summary>
    Task<bool> TryAddAsync(DeviceAuthorization added, CancellationToken ct);

    /// <summary>Null where no such request waits: unknown, decided or expired.</summary>
    Task<DeviceAuthorization?> FindWaitingByUserCodeAsync(byte[] userCodeHash, DateTimeOffset now, CancellationToken ct);

    /// <summary>As <see cref="FindWaitingByUserCodeAsync"/>, by the hash of the device code.</summary>
    Task<DeviceAuthorization?> FindWaitingAsync(byte[] hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>Stores the grant and says yes with it. False, and nothing is stored, where the request waits no more.</summary>
    Task<bool> TryApproveAsync(byte[] hash, Grant grant, DateTimeOffset now, CancellationToken ct);

    /// <summary>False where the request waits no more.</summary>
    Task<bool> TryDenyAsync(byte[] hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>Notes the poll and answers how the request stands, in one command. Null where this client has no such code.</summary>
    Task<PolledDeviceCode?> PollAsync(byte[] hash, string clientId, DateTimeOffset now, CancellationToken ct);

    /// <summary>True for exactly one caller: this code was turned into tokens.</summary>
    Task<bool> TryRedeemAsync(byte[] hash, DateTimeOffset now, CancellationToken ct);
}
