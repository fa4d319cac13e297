using AuthServer.Engine.Administration.Configuration;

namespace AuthServer.Cli.Configuration;

/// <summary>Tells what became of a configuration, or would.</summary>
internal static class ChangeReport
{
    private const int LongestValue = 120;

    public static void Write(CommandContext context, IReadOnlyList<ConfigurationChange> changes)
    {
        var figures = new
        {
            created = Count(changes, ConfigurationAct.Created), changed = Count(changes, ConfigurationAct.Changed), left = Count(changes, ConfigurationAct.Left), refused = Count(changes, ConfigurationAct.Refused),
            only_here = Count(changes, ConfigurationAct.OnlyHere),
            changes = changes.Where(static c => c.Act != ConfigurationAct.Left).Select(static c => new
            {
                act = Word(c.Act), c.Kind, c.Name, members = c.Members.Select(static m => new { m.Name, m.Before, m.After }), c.Reason, client_secret = c.Secret,
            }),
        };
        context.Write(figures, [.. Lines(changes), ("created", Text(figures.created)), ("changed", Text(figures.changed)), ("left as it was", Text(figures.left)), ("refused", figures.refused > 0 ? Text(figures.refused) : null),
            ("only here", figures.only_here > 0 ? Text(figures.only_here) : null)]);
    }

    private static IEnumerable<(string, string?)> Lines(IReadOnlyList<ConfigurationChange> changes)
    {
        foreach (var change in changes.Where(static c => c.Act != ConfigurationAct.Left))
        {
            yield return (Word(change.Act).Replace('_', ' '), $"{change.Kind} {change.Name}{(change.Reason is { } reason ? ": " + reason : "")}");
            if (change.Act == ConfigurationAct.Changed)
                foreach (var member in change.Members) yield return ("", $"  {member.Name}: {Short(member.Before)} -> {Short(member.After)}");
            if (change.Secret is { } secret) yield return ("", $"  client_secret: {secret}   (shown once)");
        }
    }

    private static int Count(IReadOnlyList<ConfigurationChange> changes, ConfigurationAct act) => changes.Count(c => c.Act == act);

    private static string Word(ConfigurationAct act) => act switch
    {
        ConfigurationAct.Created => "created", ConfigurationAct.Changed => "changed", ConfigurationAct.Left => "left", ConfigurationAct.OnlyHere => "only_here", _ => "refused",
    };

    private static string Short(string? json) => json is null ? "nothing" : json.Length <= LongestValue ? json : json[..LongestValue] + "…";

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
