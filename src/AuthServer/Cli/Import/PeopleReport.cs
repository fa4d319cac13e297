using AuthServer.Engine.Administration.Imports;

namespace AuthServer.Cli.Import;

/// <summary>What became of all people of an import, added up.</summary>
internal sealed class PeopleReport
{
    /// <summary>Refused lines that are named on the terminal; the report's file names all.</summary>
    private const int Shown = 50;

    private readonly SortedDictionary<string, int> _formats = new(StringComparer.Ordinal);

    public int Read { get; private set; }

    public int Added { get; private set; }

    public int Skipped { get; private set; }

    public List<RefusedLine> Refused { get; } = [];

    public List<string> Created { get; } = [];

    public IReadOnlyDictionary<string, int> Formats => _formats;

    public void Add(int lines, PeopleImported batch)
    {
        Read += lines;
        Added += batch.Added;
        Skipped += batch.Skipped;
        Refused.AddRange(batch.Refused);
        Created.AddRange(batch.Created);
        foreach (var (format, count) in batch.Formats) _formats[format] = _formats.GetValueOrDefault(format) + count;
    }

    public object Json(bool dryRun) => new { dry_run = dryRun, Read, Added, Skipped, refused = Refused.Count, Formats, Created, refused_lines = Refused };

    public IEnumerable<(string, string?)> Lines(bool dryRun)
    {
        yield return (dryRun ? "would be added" : "added", Text(Added));
        yield return ("already here", Skipped > 0 ? Text(Skipped) : null);
        foreach (var (format, count) in _formats) yield return ("  " + (format == "none" ? "without password" : format), Text(count));
        yield return (dryRun ? "would be made" : "made", Created.Count > 0 ? string.Join(", ", Created.Take(20)) + (Created.Count > 20 ? ", …" : "") : null);
        yield return ("refused", Text(Refused.Count));
        foreach (var (line, reason) in Refused.Take(Shown)) yield return ("  line " + Text(line), reason);
        if (Refused.Count > Shown) yield return ("  …", $"and {Text(Refused.Count - Shown)} more; --report FILE writes them all");
    }

    public Task WriteAsync(FileInfo file, CancellationToken ct) => File.WriteAllLinesAsync(file.FullName, Refused.Select(static r => $"{Text(r.Line)}\t{r.Reason}"), ct);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
