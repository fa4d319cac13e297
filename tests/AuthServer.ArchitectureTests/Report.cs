using Xunit;

namespace AuthServer.ArchitectureTests;

internal static class Report
{
    /// <summary>Fails with every breach, each naming its file and line.</summary>
    public static void None(IEnumerable<string> breaches)
    {
        var all = breaches.ToList();
        if (all.Count > 0) Assert.Fail($"{all.Count} against the rules:\n{string.Join('\n', all)}");
    }
}
