using System.CommandLine;

namespace AuthServer.Cli;

/// <summary>Options that every command has.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Answer as JSON." };
}
