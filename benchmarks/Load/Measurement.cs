namespace AuthServer.Benchmarks.Load;

/// <summary>One round of one case against one server.</summary>
/// <param name="Cpu">µs of the server process per request.</param>
/// <param name="DatabaseCpu">µs of the database's processes per request.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record Measurement(double Rate, double P50, double P99, double Cpu, double DatabaseCpu)
{
    public static Measurement Median(IReadOnlyList<Measurement> rounds) => new(
        Median(rounds.Select(static r => r.Rate)), Median(rounds.Select(static r => r.P50)), Median(rounds.Select(static r => r.P99)),
        Median(rounds.Select(static r => r.Cpu)), Median(rounds.Select(static r => r.DatabaseCpu)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What a load did in its time.</summary>
internal sealed record Outcome(long Requests, double Seconds, double P50, double P99);

/// <summary>Something that can be driven for some seconds at a number of connections.</summary>
internal interface ILoad
{
    Task<Outcome> RunAsync(int seconds);
}

/// <summary>The same work for the floor and for the server.</summary>
internal sealed record Case(string Name, ILoad Floor, ILoad Server);
