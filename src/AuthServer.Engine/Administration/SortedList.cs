namespace AuthServer.Engine.Administration;

/// <summary>Pages of a list that is in memory, by the place of the last entry shown: what is added or removed in between neither repeats nor hides another.</summary>
internal static class SortedList
{
    /// <param name="orders">By which the list can be sorted: the wire name and the value; the first is the list's own. Ties are settled by <paramref name="id"/>.</param>
    public static Outcome<Page<T>> Page<T>(IEnumerable<T> entries, PageRequest request, Func<T, string> id, params IReadOnlyList<(string Name, Func<T, string> Value)> orders) where T : class
    {
        var wanted = request.Sort is { Length: > 0 } asked ? asked : orders[0].Name;
        var down = wanted[0] == '-';
        var order = orders.FirstOrDefault(o => wanted.AsSpan(down ? 1 : 0).SequenceEqual(o.Name));
        if (order.Name is null) return Refusal.Invalid(new Objection("sort", "unknown", "Sort by one of: " + string.Join(", ", orders.Select(static o => o.Name)) + "; with a minus before it the other way round."));

        var limit = Math.Clamp(request.Limit, 1, PageRequest.MaximumLimit);
        var place = Cursor.Read(request.Cursor, 2);
        var found = entries.Select(e => (Entry: e, Value: order.Value(e), Id: id(e)))
            .Where(e => place is null || Compare((e.Value, e.Id), (place[0], place[1])) * (down ? -1 : 1) > 0)
            // Only the page is brought into order: of ten thousand the other 9,974 stay as they are.
            .Order(Comparer<(T Entry, string Value, string Id)>.Create((a, b) => Compare((a.Value, a.Id), (b.Value, b.Id)) * (down ? -1 : 1))).Take(limit + 1).ToList();
        return found.Count <= limit
            ? new Page<T>([.. found.Select(static e => e.Entry)], null)
            : new Page<T>([.. found.Take(limit).Select(static e => e.Entry)], Cursor.Write(found[limit - 1].Value, found[limit - 1].Id));
    }

    private static int Compare((string Value, string Id) a, (string Value, string Id) b) =>
        string.Compare(a.Value, b.Value, StringComparison.OrdinalIgnoreCase) is var byValue and not 0 ? byValue : string.CompareOrdinal(a.Id, b.Id);
}
