using System.Globalization;
using AuthServer.Benchmarks.Load;
using AuthServer.Benchmarks.Load.Scale;

// Usage: Load [quick|sqlite|postgres|full] [part of a case's name]  or  Load scale [people] [clients]
var mode = args.FirstOrDefault() ?? "sqlite";
if (mode is not ("quick" or "sqlite" or "postgres" or "full" or "scale"))
{
    Console.Error.WriteLine("Say one of: quick, sqlite (the default), postgres, full, scale. A second word picks the cases whose name has it.");
    return 1;
}

var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "IdentityServer.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("This program runs from the source tree only.");

if (mode == "scale")
{
    var scale = await new ScaleRun(root, Number(1, 1_000_000), Number(2, 10_000), seconds: 3).ExecuteAsync();
    var when = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    Console.WriteLine(scale);
    if (args.Length == 1) await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(root, "benchmarks/results")).FullName, when + "-scale.md"), $"# Measured on {when}\n\n{Environment.ProcessorCount} cores; load, server and database on the same cores.\n\n{scale}");
    return 0;

    int Number(int place, int otherwise) => int.TryParse(args.ElementAtOrDefault(place), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

var only = args.ElementAtOrDefault(1);
var (warmUp, seconds, rounds) = mode == "quick" ? (1, 1, 2) : (2, 3, 3);
var run = new Run(root, warmUp, seconds, rounds, only);
var now = TimeProvider.System.GetUtcNow();
var text = Report.Heading(now, seconds, rounds);
if (mode is not "postgres") text += await run.ExecuteAsync(postgreSql: false) + Environment.NewLine;
if (mode is "postgres" or "full") text += await run.ExecuteAsync(postgreSql: true) + Environment.NewLine;
text = text.TrimEnd() + Environment.NewLine;
Console.WriteLine(text);

// A quick run or a part of one is for the person at the terminal; only whole runs are kept.
if (mode == "quick" || only is not null) return 0;
var results = Directory.CreateDirectory(Path.Combine(root, "benchmarks/results")).FullName;
await File.WriteAllTextAsync(Path.Combine(results, now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + (mode == "full" ? "" : "-" + mode) + ".md"), text);
return 0;
