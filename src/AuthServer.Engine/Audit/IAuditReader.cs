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
}
