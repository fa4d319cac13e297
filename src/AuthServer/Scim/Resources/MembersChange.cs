using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Scim.Filters;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Patch;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Resources;

/// <summary>What a request wants of the members of a group. Who is in it already is looked up only where the request makes it matter, so that one more member of a large group costs one more member.</summary>
internal sealed class MembersChange
{
    /// <summary>Each is looked at and written by itself.</summary>
    public const int Most = 1_000;

    private static readonly ScimAttribute Members = ScimSchemas.Group.Find("members")!;
    private readonly Dictionary<string, bool> _wanted = new(StringComparer.Ordinal);
    private bool _nobodyElse;

    public bool IsEmpty => !_nobodyElse && _wanted.Count == 0;

    /// <summary>These and nobody else.</summary>
    public ScimError? Replace(JsonNode? value)
    {
        _nobodyElse = true;
        _wanted.Clear();
        return Say(value, true);
    }

    /// <param name="current">Who is in the group now.</param>
    public async Task<ScimError?> ApplyAsync(PatchStep step, Func<Task<IReadOnlyList<GroupMember>>> current)
    {
        if (step.Path.Sub is not null) return ScimError.Mutability("Of a member nothing can be changed; remove it and add another.");
        if (step.Path.Filter is { } filter)
        {
            if (step.Verb != PatchVerb.Remove) return ScimError.InvalidPath("Members are chosen by a filter only to remove them.");
            foreach (var id in Named(filter) ?? (await current()).Where(m => filter.Matches(new JsonObject { ["value"] = m.UserId, ["display"] = m.UserName, ["type"] = "User" })).Select(static m => m.UserId)) _wanted[id] = false;
            return TooMany();
        }

        switch (step.Verb)
        {
            case PatchVerb.Add: return Say(step.Value, true);
            case PatchVerb.Replace: return Replace(step.Value);
            // Entra ID removes members by naming them as the value.
            case PatchVerb.Remove when step.Value is not null: return Say(step.Value, false);
            default: return Replace(null);
        }
    }

    /// <summary>Whom to add and whom to take out.</summary>
    public async Task<(IReadOnlyList<string> Added, IReadOnlyList<string> Removed)> AgainstAsync(Func<Task<IReadOnlyList<GroupMember>>> current)
    {
        var added = _wanted.Where(static w => w.Value).Select(static w => w.Key).ToList();
        if (!_nobodyElse) return (added, [.. _wanted.Where(static w => !w.Value).Select(static w => w.Key)]);
        var there = (await current()).Select(static m => m.UserId).ToHashSet(StringComparer.Ordinal);
        return ([.. added.Where(a => !there.Contains(a))], [.. there.Except(added)]);
    }

    private ScimError? Say(JsonNode? value, bool isIn)
    {
        foreach (var item in value is JsonArray list ? list.ToList() : value is null ? [] : [value])
        {
            var (member, fault) = PatchValue.Complex(Members, item);
            if (member is null) return fault;
            if (member["value"] is not JsonValue id || !id.TryGetValue<string>(out var text) || text.Length is 0 or > 64) return ScimError.InvalidValue("A member has the id of a person as its value.");
            if (member["type"] is JsonValue kind && kind.TryGetValue<string>(out var type) && !type.Equals("User", StringComparison.OrdinalIgnoreCase)) return ScimError.InvalidValue("Members are people; there are no groups in groups.");
            _wanted[text] = isIn;
        }

        return TooMany();
    }

    private ScimError? TooMany() => _wanted.Count > Most ? ScimError.TooMany($"One request changes at most {Most} members.") : null;

    /// <summary>The ids where the filter says nothing else; null where it does.</summary>
    private static IEnumerable<string>? Named(Filter filter) => filter switch
    {
        Filter.Compare { Operator: "eq", Attribute: { Sub: null } name, Value: string id } when name.Name.Equals("value", StringComparison.OrdinalIgnoreCase) => [id],
        Filter.Or or => Named(or.Left) is { } left && Named(or.Right) is { } right ? left.Concat(right) : null,
        _ => null,
    };
}
