using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Scim.Filters;

/// <summary>Whether one value of an attribute is meant by what stands between the brackets of a path.</summary>
internal static class FilterMatch
{
    public static bool Matches(this Filter filter, JsonNode? value) => filter switch
    {
        Filter.And and => and.Left.Matches(value) && and.Right.Matches(value),
        Filter.Or or => or.Left.Matches(value) || or.Right.Matches(value),
        Filter.Not not => !not.Of.Matches(value),
        Filter.Present present => Of(value, present.Attribute) is not null,
        Filter.Compare compare => Compare(Of(value, compare.Attribute), compare.Operator, compare.Value),
        _ => false,
    };

    /// <summary>What an element has to be to be meant, where the filter says so by nothing but equalities; null where it says more.</summary>
    public static IReadOnlyList<(string Name, object? Value)>? Equalities(this Filter filter) => filter switch
    {
        Filter.Compare { Operator: "eq", Attribute.Sub: null } equal => [(equal.Attribute.Name, equal.Value)],
        Filter.And and => and.Left.Equalities() is { } left && and.Right.Equalities() is { } right ? [.. left, .. right] : null,
        _ => null,
    };

    private static JsonValue? Of(JsonNode? value, AttributeName attribute) => value switch
    {
        JsonObject members => members[attribute.Name] as JsonValue,
        JsonValue simple when attribute.Name.Equals("value", StringComparison.OrdinalIgnoreCase) => simple,
        _ => null,
    };

    private static bool Compare(JsonValue? there, string wanted, object? value)
    {
        if (there is null || value is null) return wanted switch { "eq" => there is null && value is null, "ne" => there is null != value is null, _ => false };
        switch (there.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                return wanted switch { "eq" => there.GetValue<bool>().Equals(Truth(value)), "ne" => !there.GetValue<bool>().Equals(Truth(value)), _ => false };
            case JsonValueKind.String when value is string text:
                var own = there.GetValue<string>();
                var order = string.Compare(own, text, StringComparison.OrdinalIgnoreCase);
                return wanted switch
                {
                    "eq" => order == 0, "ne" => order != 0, "gt" => order > 0, "ge" => order >= 0, "lt" => order < 0, "le" => order <= 0,
                    "co" => own.Contains(text, StringComparison.OrdinalIgnoreCase), "sw" => own.StartsWith(text, StringComparison.OrdinalIgnoreCase), _ => own.EndsWith(text, StringComparison.OrdinalIgnoreCase),
                };
            default:
                return wanted == "ne";
        }
    }

    private static bool? Truth(object value) => value as bool? ?? (bool.TryParse(value as string, out var truth) ? truth : null);
}
