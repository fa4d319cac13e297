using System.Globalization;

namespace AuthServer.Admin.Documentation;

/// <summary>What a route is called where it says nothing itself: <c>GET /clients/{id}</c> is <c>read_client</c>, "Read a client".</summary>
/// <remarks>A route whose path says too little calls itself by <c>WithName</c> and <c>WithSummary</c>.</remarks>
internal static class RouteNames
{
    /// <param name="path">Under the API's path.</param>
    /// <param name="isList">Whether the answer is a list.</param>
    public static (string Id, string Summary, string Tag) Of(string method, string path, bool isList)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var words = segments.Where(static s => s[0] != '{').ToArray();
        var one = segments[^1][0] == '{';
        var last = words[^1].Replace('-', ' ');
        var owner = words.Length > 1 ? Singular(words[^2]) : "";
        var (id, summary) = (method, one, words.Length) switch
        {
            ("POST", _, 1) => ($"create {Singular(last)}", $"Create {A(Singular(last))}"),
            ("POST", _, _) => Act(last, words[^2], segments[^2][0] == '{'),
            ("GET", true, _) => ($"read {Singular(last)}", $"Read {A(Singular(last))}"),
            ("GET", _, 1) => ($"{(isList ? "list" : "read")} {last}", $"{(isList ? "List" : "Read")} {last}"),
            ("GET", _, _) => ($"{(isList ? "list" : "read")} {owner} {last}", $"{(isList ? "List" : "Read")} {A(owner)}'s {last}"),
            ("PATCH", _, _) => ($"change {Singular(last)}", $"Change {A(Singular(last))}"),
            ("PUT", true, > 1) => ($"add {owner} {Singular(last)}", $"Add {A(Singular(last))} to {A(owner)}"),
            ("PUT", _, _) => ($"set {owner} {last}".Replace("  ", " ", StringComparison.Ordinal), owner.Length == 0 ? $"Set {last}" : $"Set {A(owner)}'s {last}"),
            ("DELETE", true, 1) => ($"delete {Singular(last)}", $"Delete {A(Singular(last))}"),
            ("DELETE", true, _) => ($"remove {owner} {Singular(last)}", $"Remove {A(Singular(last))} from {A(owner)}"),
            _ => ($"remove {owner} {last}", $"Remove {A(owner)}'s {last}"),
        };
        return (id.Replace(' ', '_'), summary, CultureInfo.InvariantCulture.TextInfo.ToUpper(words[0][0]) + words[0][1..].Replace('-', ' '));
    }

    /// <summary>The thing that a parameter of a path names: <c>{userId}</c> and <c>/users/{id}</c> both name a user.</summary>
    public static string ThingOf(string path, string parameter)
    {
        var segments = path.Split('/');
        var place = Array.IndexOf(segments, "{" + parameter + "}");
        return place < 1 ? parameter : Singular(segments[place - 1]).Replace('-', ' ');
    }

    /// <summary><c>/users/{id}/disable</c>: what is posted to is what is done.</summary>
    private static (string Id, string Summary) Act(string verb, string things, bool toOne)
    {
        var thing = (toOne ? Singular(things) : things).Replace('-', ' ');
        var link = verb.Contains(' ', StringComparison.Ordinal) ? " of " : " ";
        return (verb + link + thing, char.ToUpperInvariant(verb[0]) + verb[1..] + link + (toOne ? A(thing) : thing));
    }

    private static string Singular(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y" : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && word != "statistics" ? word[..^1] : word;

    /// <summary>A "user" begins like "you".</summary>
    private static string A(string word) => (word[0] is 'a' or 'e' or 'i' or 'o' ? "an " : "a ") + word.Replace('-', ' ');
}
