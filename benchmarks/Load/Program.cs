using AuthServer.Benchmarks.Load;

// Usage: Load [quick|sqlite|postgres|full] [part of a case's name]
var mode = args.FirstOrDefault() ?? "sqlite";
if (mode is not ("quick" or "sqlite" or "postgres" or "full"))
{
    Console.Error.WriteLine("Say one of: quick, sqlite (the default), postgres, full. A second word picks the cases whose name has it.");
    return 1;
}

var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "IdentityServer.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("This program runs from the source tree only.");

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
await File.WriteAllTextAsync(Path.Combine(results, now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) + (mode == "full" ? "" : "-" + mode) + ".md"), text);
return 0;
