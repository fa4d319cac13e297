using System.Globalization;

namespace AuthServer.Benchmarks.Load;

/// <summary>One database: starts both servers, warms both up, drives them in turn, reports.</summary>
internal sealed class Run(string root, int warmUp, int seconds, int rounds, string? only)
{
    private readonly string _floorDll = Path.Combine(root, "benchmarks/Floor/bin/Release/net10.0/Floor.dll");
    private readonly string _serverDll = Path.Combine(root, "src/AuthServer/bin/Release/net10.0/AuthServer.dll");

    public async Task<Report> ExecuteAsync(bool postgreSql)
    {
        var folder = Directory.CreateTempSubdirectory("bench").FullName;
        try
        {
            await using var floor = await ServerProcess.StartAsync(_floorDll, "/jwks", new Dictionary<string, string> { ["DOTNET_ENVIRONMENT"] = "Production" });
            await using var server = await ServerUnderTest.StartAsync(_serverDll, folder, postgreSql);
            var report = new Report(postgreSql ? "PostgreSQL" : "SQLite");
            var idle = server.Process.ResidentMemory();

            var cases = await Cases.PrepareAsync(floor.Address, server, folder);
            foreach (var @case in cases.Where(c => only is null || c.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                await @case.Floor.RunAsync(warmUp);
                await @case.Server.RunAsync(warmUp);
                var (floors, servers) = (new List<Measurement>(), new List<Measurement>());
                for (var round = 0; round < rounds; round++)
                {
                    floors.Add(await MeasureAsync(@case.Floor, floor.ProcessorTime, static () => TimeSpan.Zero));
                    servers.Add(await MeasureAsync(@case.Server, server.Process.ProcessorTime, server.DatabaseProcessorTime));
                }

                report.Add(@case.Name, Measurement.Median(floors), Measurement.Median(servers));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {@case.Name}: {Measurement.Median(servers).Cpu:0} µs, floor {Measurement.Median(floors).Cpu:0} µs"));
            }

            report.Note(string.Create(CultureInfo.InvariantCulture,
                $"Start on an existing database to the first 200 on discovery: {server.Process.StartedAfter.TotalSeconds:0.00} s, of which {server.Process.StartCost.TotalSeconds:0.00} s CPU (floor {floor.StartedAfter.TotalSeconds:0.00} s, {floor.StartCost.TotalSeconds:0.00} s CPU)."));
            report.Note(string.Create(CultureInfo.InvariantCulture,
                $"Resident memory: {idle:0} MiB after the start, {server.Process.ResidentMemory():0} MiB after the load (floor {floor.ResidentMemory():0} MiB)."));
            return report;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Measurement> MeasureAsync(ILoad load, Func<TimeSpan> server, Func<TimeSpan> database)
    {
        var (before, databaseBefore) = (server(), database());
        var outcome = await load.RunAsync(seconds);
        var (spent, databaseSpent) = (server() - before, database() - databaseBefore);
        return new Measurement(outcome.Requests / outcome.Seconds, outcome.P50, outcome.P99, spent.TotalMicroseconds / outcome.Requests, databaseSpent.TotalMicroseconds / outcome.Requests);
    }
}
