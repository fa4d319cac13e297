using System.Globalization;
using AuthServer.Engine.Administration;
using AuthServer.Scim.Messages;

namespace AuthServer.Scim.Filters;

/// <summary>What an attribute is in the store.</summary>
internal abstract record Stored
{
    private Stored() { }

    /// <summary>A text, or a time where the field is one.</summary>
    public sealed record Field(EntryField Of) : Stored;

    public sealed record Active : Stored;

    public sealed record Joined : Stored;

    /// <summary>Always the same where the field has a value; <paramref name="Where"/> null: always.</summary>
    public sealed record Always(EntryField? Where, object Value) : Stored;
}

/// <summary>Makes of a filter what the store can answer. An attribute that the store does not keep, or an operator that does not suit it, is said and not passed over.</summary>
internal sealed class FilterConditions(IReadOnlyDictionary<string, Stored> attributes, IReadOnlyCollection<string> schemas)
{
    public (Condition? Condition, ScimError? Fault) Translate(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter)) return (new Condition.And(), null);
        var (read, fault) = FilterReader.Read(filter);
        return read is null ? (null, fault) : Translate(read, "");
    }

    /// <summary>By what a list is sorted; an attribute of several values by the only one it has here.</summary>
    public (EntryOrder? Order, ScimError? Fault) Order(string? by, string? order)
    {
        if (order is not (null or "") && !order.Equals("ascending", StringComparison.OrdinalIgnoreCase) && !order.Equals("descending", StringComparison.OrdinalIgnoreCase)) return (null, ScimError.InvalidValue("sortOrder is ascending or descending."));
        var down = order?.Equals("descending", StringComparison.OrdinalIgnoreCase) == true;
        if (string.IsNullOrEmpty(by)) return (new EntryOrder(EntryField.Name, down), null);
        return AttributeName.Read(by) is { } name && Find(name, "") is Stored.Field field ? (new EntryOrder(field.Of, down), null) : (null, ScimError.InvalidPath("A list cannot be sorted by this attribute."));
    }

    private (Condition? Condition, ScimError? Fault) Translate(Filter filter, string within)
    {
        switch (filter)
        {
            case Filter.And and:
                return Both(and.Left, and.Right, within, static (left, right) => new Condition.And(left, right));
            case Filter.Or or:
                return Both(or.Left, or.Right, within, static (left, right) => new Condition.Or(left, right));
            case Filter.Not not:
                var (of, fault) = Translate(not.Of, within);
                return of is null ? (null, fault) : (new Condition.Not(of), null);
            case Filter.Values values when values.Attribute.Sub is null && attributes.ContainsKey(values.Attribute.Key + ".value"):
                return Translate(values.Of, values.Attribute.Key + ".");
            case Filter.Present present:
                return Find(present.Attribute, within) is { } there ? (Has(there), null) : Unknown(present.Attribute);
            case Filter.Compare compare:
                if (Find(compare.Attribute, within) is not { } stored) return Unknown(compare.Attribute);
                if (compare.Value is null) return compare.Operator switch { "eq" => (new Condition.Not(Has(stored)), null), "ne" => (Has(stored), null), _ => Unsuited(compare) };
                return Compared(stored, compare) is { } compared ? (compared, null) : Unsuited(compare);
            default:
                return (null, ScimError.InvalidFilter("Only attributes of several values have brackets."));
        }
    }

    private (Condition?, ScimError?) Both(Filter left, Filter right, string within, Func<Condition, Condition, Condition> join)
    {
        var (first, fault) = Translate(left, within);
        if (first is null) return (null, fault);
        var (second, other) = Translate(right, within);
        return second is null ? (null, other) : (join(first, second), null);
    }

    private Stored? Find(AttributeName name, string within) =>
        name.Schema is null || schemas.Contains(name.Schema, StringComparer.OrdinalIgnoreCase) ? attributes.GetValueOrDefault(within + name.Key) : null;

    private static Condition Has(Stored stored) => stored switch
    {
        Stored.Field field => new Condition.Has(field.Of),
        Stored.Joined => new Condition.Joined(null),
        Stored.Always { Where: { } where } => new Condition.Has(where),
        _ => new Condition.And(),
    };

    private static Condition? Compared(Stored stored, Filter.Compare compare)
    {
        var equal = compare.Operator == "eq";
        switch (stored)
        {
            case Stored.Field { Of: EntryField.CreatedAt or EntryField.UpdatedAt } time:
                return compare.Value is string moment && DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && compare.Operator is not ("co" or "sw" or "ew")
                    ? new Condition.Time(time.Of, Word(compare.Operator), at)
                    : null;
            case Stored.Field field:
                return compare.Value is string text ? new Condition.Text(field.Of, Word(compare.Operator), text) : null;
            case Stored.Active:
                return Truth(compare.Value) is { } truth && compare.Operator is "eq" or "ne" ? new Condition.IsDisabled(Truth(compare.Value) != equal) : null;
            case Stored.Joined:
                return compare is { Value: string id, Operator: "eq" or "ne" } ? equal ? new Condition.Joined(id) : new Condition.Not(new Condition.Joined(id)) : null;
            case Stored.Always { Value: bool own }:
                return Truth(compare.Value) is { } wanted && compare.Operator is "eq" or "ne" ? If(stored, own == Truth(compare.Value) == equal) : null;
            default:
                return compare.Value is string word ? If(stored, Holds((string)((Stored.Always)stored).Value, compare.Operator, word)) : null;
        }
    }

    private static Condition If(Stored stored, bool holds) => holds ? Has(stored) : new Condition.Or();

    private static bool Holds(string own, string wanted, string text) => new Filter.Compare(new AttributeName(null, "value", null), wanted, text).Matches(System.Text.Json.Nodes.JsonValue.Create(own));

    private static bool? Truth(object? value) => value as bool? ?? (bool.TryParse(value as string, out var truth) ? truth : null);

    private static Comparison Word(string word) => word switch
    {
        "eq" => Comparison.Equal, "ne" => Comparison.NotEqual, "co" => Comparison.Contains, "sw" => Comparison.StartsWith, "ew" => Comparison.EndsWith,
        "gt" => Comparison.Greater, "ge" => Comparison.GreaterOrEqual, "lt" => Comparison.Less, _ => Comparison.LessOrEqual,
    };

    private static (Condition?, ScimError?) Unknown(AttributeName name) => (null, ScimError.InvalidFilter($"The attribute {name.Name}{(name.Sub is null ? "" : "." + name.Sub)} cannot be filtered by."));

    private static (Condition?, ScimError?) Unsuited(Filter.Compare compare) => (null, ScimError.InvalidFilter($"{compare.Operator} with this value does not suit the attribute {compare.Attribute.Name}."));
}
