using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AuthServer.Benchmarks.Load;

/// <summary>The aligned table, which is Markdown as well.</summary>
internal sealed class Report(string database)
{
    private static readonly string[] Head = ["case", "CPU µs", "floor", "ratio", "database µs", "requests/s", "floor", "p50 ms", "p99 ms"];

    private readonly List<string[]> _rows = [];
    private readonly List<string> _notes = [];

    public void Add(string name, Measurement floor, Measurement server) => _rows.Add(
    [
        name, Number(server.Cpu), Number(floor.Cpu), (server.Cpu / floor.Cpu).ToString("0.00", CultureInfo.InvariantCulture), server.DatabaseCpu > 0 ? Number(server.DatabaseCpu) : "–",
        Number(server.Rate), Number(floor.Rate), server.P50.ToString("0.0", CultureInfo.InvariantCulture), server.P99.ToString("0.0", CultureInfo.InvariantCulture),
    ]);

    public void Note(string line) => _notes.Add(line);

    public override string ToString()
    {
        var widths = Head.Select((h, i) => Math.Max(h.Length, _rows.Count == 0 ? 0 : _rows.Max(r => r[i].Length))).ToArray();
        var text = new StringBuilder().Append("## ").AppendLine(database).AppendLine();
        text.AppendLine(Line(Head, widths)).Append('|').AppendJoin('|', widths.Select(static (w, i) => i == 0 ? new string('-', w + 2) : new string('-', w + 1) + ":")).AppendLine("|");
        foreach (var row in _rows) text.AppendLine(Line(row, widths));
        text.AppendLine();
        foreach (var note in _notes) text.Append("- ").AppendLine(note);
        return text.ToString();
    }

    public static string Heading(DateTimeOffset now, int seconds, int rounds) => string.Create(CultureInfo.InvariantCulture, $"""
        # Measured on {now:yyyy-MM-dd}

        {Environment.ProcessorCount} cores, {(OperatingSystem.IsLinux() ? "Linux" : "other")} {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}, .NET {Environment.Version}; load and servers on the same cores, {WrkLoad.Connections} connections, median of {rounds} × {seconds} s, floor and server in turn.
        CPU is user and system time of the server process per request (per flow, where a case has two requests). Read the ratio: absolute figures move with the machine.


        """);

    private static string Line(string[] cells, int[] widths) => "| " + string.Join(" | ", cells.Select((c, i) => i == 0 ? c.PadRight(widths[i]) : c.PadLeft(widths[i]))) + " |";

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
