using AuthServer.Engine.Administration;

namespace AuthServer.Cli;

/// <summary>What the administration did not do, said on the command line.</summary>
internal static class Refused
{
    /// <param name="missing">What to say where there is no such thing.</param>
    public static T OrGet<T>(Outcome<T> outcome, string missing) where T : class => outcome.TryGet(out var value, out var refusal)
        ? value
        : throw new CommandException(refusal.Kind switch
        {
            RefusalKind.NotFound => missing,
            RefusalKind.Stale => "It was changed by somebody else at the same moment. Try again.",
            RefusalKind.Busy => "The server is busy. Try again in a moment.",
            _ => string.Join(Environment.NewLine, refusal.Objections.Select(static o => o.Message)),
        });
}
