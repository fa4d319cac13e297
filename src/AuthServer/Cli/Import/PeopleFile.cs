using System.Text.Json;
using AuthServer.Engine.Administration.Imports;

namespace AuthServer.Cli.Import;

/// <summary>A file of people: CSV with a line of names on top, or one JSON object per line. Which of both, its first character says.</summary>
internal sealed class PeopleFile(FileInfo file)
{
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);

    /// <summary>Columns and members that nothing is known by; their values were not looked at.</summary>
    public IReadOnlyCollection<string> Ignored => _ignored;

    /// <summary>How far it is read, in percent.</summary>
    public double Percent { get; private set; }

    /// <summary>Batches of lines, each of which says itself where it cannot be read.</summary>
    public IEnumerable<IReadOnlyList<PersonLine>> Read(int batch)
    {
        using var stream = file.OpenRead();
        using var reader = new StreamReader(stream);
        var lines = new List<PersonLine>(batch);
        foreach (var line in reader.Peek() is '{' or '[' ? Json(reader) : Csv(reader))
        {
            lines.Add(line);
            if (lines.Count < batch) continue;
            Percent = 100.0 * stream.Position / Math.Max(1, stream.Length);
            yield return lines;
            lines = new List<PersonLine>(batch);
        }

        Percent = 100;
        if (lines.Count > 0) yield return lines;
    }

    private IEnumerable<PersonLine> Csv(StreamReader reader)
    {
        var csv = new CsvReader(reader);
        if (csv.Read() is not { } head) throw new CommandException("The file is empty.");
        var columns = head.ConvertAll(Column);
        if (columns.TrueForAll(static c => c is null)) throw new CommandException("The first line must name the columns. None of its names is known; see docs/import.md.");
        if (columns.OfType<string>().GroupBy(static c => c).FirstOrDefault(static g => g.Count() > 1) is { } twice) throw new CommandException($"Two columns are {twice.Key}.");

        while (true)
        {
            List<string>? record;
            string? broken = null;
            try
            {
                record = csv.Read();
            }
            catch (FormatException fault)
            {
                (record, broken) = ([], fault.Message);
            }

            if (record is null) yield break;
            if (broken is not null || record.Count != columns.Count)
            {
                yield return new PersonLine(csv.Line, null, broken ?? $"it has {record.Count} fields, the first line has {columns.Count}");
                continue;
            }

            var cells = new Dictionary<string, Cell>(StringComparer.Ordinal);
            for (var i = 0; i < columns.Count; i++)
                if (columns[i] is { } column) cells[column] = new Cell(record[i]);
            yield return Line(csv.Line, cells);
        }
    }

    private IEnumerable<PersonLine> Json(StreamReader reader)
    {
        for (var number = 1; reader.ReadLine() is { } text; number++)
        {
            // A whole array with one object per line is as good.
            text = text.Trim().TrimEnd(',');
            if (text is "" or "[" or "]") continue;
            yield return JsonLine(number, text);
        }
    }

    private PersonLine JsonLine(int number, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return new PersonLine(number, null, "it is not a JSON object");
            var cells = new Dictionary<string, Cell>(StringComparer.Ordinal);
            foreach (var member in json.RootElement.EnumerateObject())
                if (Column(member.Name) is { } column && !cells.TryAdd(column, Cell.Of(member.Value))) return new PersonLine(number, null, column + " is there twice");
            return Line(number, cells);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return new PersonLine(number, null, "it is not JSON");
        }
    }

    private static PersonLine Line(int number, Dictionary<string, Cell> cells)
    {
        try
        {
            return new PersonLine(number, PersonColumns.Read(cells));
        }
        catch (FormatException fault)
        {
            return new PersonLine(number, null, fault.Message);
        }
    }

    private string? Column(string name)
    {
        var column = PersonColumns.Find(name);
        if (column is null && _ignored.Count < 100) _ignored.Add(name.Trim().Length <= 64 ? name.Trim() : name.Trim()[..64]);
        return column;
    }
}
