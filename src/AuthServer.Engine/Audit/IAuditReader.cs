namespace AuthServer.Engine.Audit;

/// <summary>One line of the trail as it was kept.</summary>
public sealed record AuditEntry(long Id, DateTimeOffset At, AuditEvent Event);

/// <summary>A place in the trail: what is asked for lies before it.</summary>
public readonly record struct AuditPlace(DateTimeOffset At, long Id);

/// <summary>Reads the trail; separate from <see cref="IAuditStore"/>, so that who writes cannot read and who reads cannot write.</summary>
public interface IAuditReader
{
    /// <summary>The newest first. A page, as far as it goes before <paramref name="before"/>; null starts at the newest.</summary>
    /// <param name="subject">The user's id: only what happened to this one.</param>
    /// <param name="kinds">Only these; none asks for all.</param>
    Task<IReadOnlyList<AuditEntry>> ListAsync(string subject, IReadOnlyCollection<AuditKind> kinds, AuditPlace? before, int most, CancellationToken ct);

    /// <summary>The newest first, by the filter.</summary>
    /// <param name="before">Only lines with a smaller id; null: from the newest.</param>
    Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditFilter filter, long? before, int most, CancellationToken ct);

    /// <summary>The oldest first with their hashes, for whoever verifies or exports the chain.</summary>
    Task<IReadOnlyList<ChainedEntry>> ReadChainAsync(long after, int most, CancellationToken ct);

    /// <summary>The last line that the retention took away; null: it took none.</summary>
    Task<ChainedPlace?> FindAnchorAsync(CancellationToken ct);

    /// <summary>How often what happened, hour by hour, from an hour on.</summary>
    Task<IReadOnlyList<HourlyFigure>> FiguresAsync(DateTimeOffset from, CancellationToken ct);
}

/// <summary>What to look for in the trail; everything that is null or empty does not matter.</summary>
public sealed record AuditFilter
{
    public IReadOnlyCollection<AuditKind> Kinds { get; init; } = [];

    /// <summary>Who did it, as <see cref="AuditEvent.Actor"/> names them.</summary>
    public string? Actor { get; init; }

    /// <summary>The id of the user it happened to.</summary>
    public string? Subject { get; init; }
    public string? ClientId { get; init; }
    public string? Target { get; init; }
    public string? Address { get; init; }

    /// <summary>This moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>A line with its hash; see <see cref="AuditChain"/>.</summary>
/// <param name="Hash">Null in lines older than the chain.</param>
public sealed record ChainedEntry(AuditEntry Entry, byte[]? Hash);

public sealed record ChainedPlace(long Id, byte[]? Hash);

/// <param name="At">The hour's beginning.</param>
/// <param name="Name">One of <see cref="AuditFigures"/>.</param>
public sealed record HourlyFigure(DateTimeOffset At, string Name, long Value);
