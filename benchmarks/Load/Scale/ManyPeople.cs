using System.Diagnostics;
using System.Globalization;

namespace AuthServer.Benchmarks.Load.Scale;

/// <summary>Fills a database with people and apps by the million (<c>many-people.sql</c>).</summary>
internal static class ManyPeople
{
    /// <returns>Seconds.</returns>
    public static async Task<double> AddAsync(ThrowAwayPostgreSql database, int people, int clients)
    {
        var clock = Stopwatch.StartNew();
        var script = Path.Combine(AppContext.BaseDirectory, "Scale", "many-people.sql");
        await PsqlAsync(database, "-q", "-v", "people=" + people.ToString(CultureInfo.InvariantCulture), "-v", "clients=" + clients.ToString(CultureInfo.InvariantCulture), "-f", script);
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>One column of a query.</summary>
    public static async Task<string[]> ReadAsync(ThrowAwayPostgreSql database, string sql) => (await PsqlAsync(database, "-qAt", "-c", sql)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> PsqlAsync(ThrowAwayPostgreSql database, params string[] arguments)
    {
        var start = new ProcessStartInfo("psql", ["-h", "127.0.0.1", "-p", database.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-d", "postgres", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var psql = Process.Start(start)!;
        var errors = psql.StandardError.ReadToEndAsync();
        var output = await psql.StandardOutput.ReadToEndAsync();
        await psql.WaitForExitAsync();
        return psql.ExitCode == 0 ? output : throw new InvalidOperationException("psql: " + await errors);
    }
}
