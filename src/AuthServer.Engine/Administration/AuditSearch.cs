using System.Globalization;
using AuthServer.Engine.Audit;

namespace AuthServer.Engine.Administration;

/// <summary>Reads the audit trail for those who may.</summary>
public sealed class AuditSearch(IAuditReader reader, TimeProvider clock)
{
    public async Task<Outcome<Page<AuditEntry>>> SearchAsync(Actor actor, AuditFilter filter, PageRequest request, CancellationToken ct)
    {
        if (!actor.May(AdminRights.AuditRead)) return Refusal.Lacks(AdminRights.AuditRead);

        var before = Cursor.Read(request.Cursor, 1) is [var place] && long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
        var limit = Math.Clamp(request.Limit, 1, PageRequest.MaximumLimit);
        var entries = await reader.SearchAsync(filter, before, limit + 1, ct);
        return entries.Count <= limit
            ? new Page<AuditEntry>(entries, null)
            : new Page<AuditEntry>([.. entries.Take(limit)], Cursor.Write(entries[limit - 1].Id.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Sign-ins, failures, tokens and sessions by the hour.</summary>
    /// <param name="hours">Back from now; at most 90 days.</param>
    public async Task<Outcome<IReadOnlyList<HourlyFigure>>> FiguresAsync(Actor actor, int hours, CancellationToken ct) => actor.May(AdminRights.AuditRead)
        ? Outcome.Of(await reader.FiguresAsync(AuditFigures.HourOf(clock.GetUtcNow()).AddHours(1 - Math.Clamp(hours, 1, 24 * 90)), ct))
        : Refusal.Lacks(AdminRights.AuditRead);
}
