using System.Collections.Concurrent;
using System.Diagnostics;

namespace AuthServer.Benchmarks.Load;

/// <summary>A flow of several requests, each worker for itself, until the time is up. An exception in a flow ends the run.</summary>
internal sealed class FlowLoad(Func<int, Task> flow) : ILoad
{
    public async Task<Outcome> RunAsync(int seconds)
    {
        var durations = new ConcurrentBag<List<double>>();
        var clock = Stopwatch.StartNew();
        var end = TimeSpan.FromSeconds(seconds);
        await Task.WhenAll(Enumerable.Range(0, WrkLoad.Connections).Select(worker => Task.Run(async () =>
        {
            var own = new List<double>();
            while (clock.Elapsed < end)
            {
                var began = Stopwatch.GetTimestamp();
                await flow(worker);
                own.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            durations.Add(own);
        })));
        var elapsed = clock.Elapsed.TotalSeconds;
        double[] sorted = [.. durations.SelectMany(static d => d).Order()];
        return new Outcome(sorted.Length, elapsed, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }
}
