using System.Text.Json.Nodes;
using AuthServer.Scim.Filters;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Patch;

/// <summary>Carries out the steps of a patch on a resource in memory (RFC 7644 §3.5.2): all of them or, where one cannot be, none that counts.</summary>
internal static class PatchApplication
{
    private const int MostValues = 100;

    public static ScimError? Apply(JsonObject resource, PatchStep step)
    {
        var attribute = step.Path.Attribute!;
        if (attribute.IsReadOnly) return step.FromValue ? null : ScimError.Mutability($"{attribute.Name} cannot be changed.");
        if (attribute.MultiValued) return Many(resource, step, attribute);
        if (attribute.Type == "complex") return Complex(resource, step, attribute);
        if (step.Verb == PatchVerb.Remove) return Remove(resource, attribute);
        var (value, fault) = PatchValue.Simple(attribute, step.Value);
        if (fault is not null) return fault;
        if (value is null) return Remove(resource, attribute);
        resource[attribute.Name] = value;
        return null;
    }

    private static ScimError? Remove(JsonObject resource, ScimAttribute attribute)
    {
        // §3.5.2.2: what is required cannot be taken away.
        if (attribute.Required) return ScimError.Mutability($"{attribute.Name} is required.");
        resource.Remove(attribute.Name);
        return null;
    }

    private static ScimError? Complex(JsonObject resource, PatchStep step, ScimAttribute attribute)
    {
        if (step.Verb == PatchVerb.Remove && step.Path.Sub is null) return Remove(resource, attribute);
        var there = resource[attribute.Name] as JsonObject ?? ScimBody.New();
        if (step.Path.Sub is { } sub)
        {
            if (Set(there, sub, step) is { } fault) return fault;
        }
        else
        {
            var (value, fault) = PatchValue.Complex(attribute, step.Value);
            if (value is null) return fault;
            foreach (var (name, _) in (JsonObject)step.Value!)
                if (attribute.Find(name) is { } part) there[part.Name] = value[part.Name]?.DeepClone();
        }

        resource[attribute.Name] = there.DeepClone();
        return null;
    }

    private static ScimError? Many(JsonObject resource, PatchStep step, ScimAttribute attribute)
    {
        var all = (resource[attribute.Name] as JsonArray)?.OfType<JsonObject>().Select(static v => v.DeepClone().AsObject()).ToList() ?? [];
        var chosen = step.Path.Filter is { } filter ? all.Where(v => filter.Matches(v)).ToList() : [.. all];
        var fault = step.Verb == PatchVerb.Remove ? Removed(all, chosen, step) : step.Path is { Filter: null, Sub: null } ? Whole(all, step, attribute) : Chosen(all, chosen, step, attribute);
        if (fault is not null) return fault;
        if (all.Count > MostValues) return ScimError.TooMany($"{attribute.Name} has at most {MostValues} values.");
        if (all.Count == 0) resource.Remove(attribute.Name);
        else resource[attribute.Name] = new JsonArray([.. all]);
        return null;
    }

    private static ScimError? Removed(List<JsonObject> all, List<JsonObject> chosen, PatchStep step)
    {
        if (step.Path.Sub is { } sub) foreach (var value in chosen) value.Remove(sub.Name);
        else all.RemoveAll(chosen.Contains);
        return null;
    }

    /// <summary>Without brackets: adds to the values, or puts others in their place.</summary>
    private static ScimError? Whole(List<JsonObject> all, PatchStep step, ScimAttribute attribute)
    {
        var (values, fault) = PatchValue.Many(attribute, step.Value);
        if (values is null) return fault;
        if (step.Verb == PatchVerb.Replace) all.Clear();
        foreach (var value in values.Where(v => !all.Exists(there => JsonNode.DeepEquals(there, v))))
        {
            all.Add(value);
            OnlyPrimary(all, value);
        }

        return null;
    }

    private static ScimError? Chosen(List<JsonObject> all, List<JsonObject> chosen, PatchStep step, ScimAttribute attribute)
    {
        if (chosen.Count == 0)
        {
            // §3.5.2.3: what is to be replaced has to be there. What is added is made as the brackets describe it.
            if (step.Verb == PatchVerb.Replace && step.Path.Filter is not null) return ScimError.NoTarget($"No value of {attribute.Name} is meant by the path.");
            if (Described(step.Path.Filter, attribute) is not { } made) return ScimError.NoTarget($"No value of {attribute.Name} is meant by the path.");
            all.Add(made);
            chosen.Add(made);
        }

        foreach (var value in chosen)
        {
            if (step.Path.Sub is { } sub)
            {
                if (Set(value, sub, step) is { } fault) return fault;
            }
            else
            {
                var (given, fault) = PatchValue.Complex(attribute, step.Value);
                if (given is null) return fault;
                if (step.Verb == PatchVerb.Replace) value.Clear();
                foreach (var (name, part) in given) value[name] = part?.DeepClone();
            }

            OnlyPrimary(all, value);
        }

        return null;
    }

    private static JsonObject? Described(Filter? filter, ScimAttribute attribute)
    {
        var made = ScimBody.New();
        if (filter is null) return made;
        if (filter.Equalities() is not { } equalities) return null;
        foreach (var (name, value) in equalities)
        {
            if (attribute.Find(name) is not { } part) return null;
            made[part.Name] = value switch { string text => JsonValue.Create(text), bool truth => JsonValue.Create(truth), _ => null };
        }

        return made;
    }

    private static ScimError? Set(JsonObject value, ScimAttribute sub, PatchStep step)
    {
        if (step.Verb == PatchVerb.Remove)
        {
            value.Remove(sub.Name);
            return null;
        }

        var (simple, fault) = PatchValue.Simple(sub, step.Value);
        if (fault is not null) return fault;
        if (simple is null) value.Remove(sub.Name);
        else value[sub.Name] = simple;
        return null;
    }

    /// <summary>§3.5.2: whatever is said to be primary last is the only one.</summary>
    private static void OnlyPrimary(List<JsonObject> all, JsonObject value)
    {
        if (!IsPrimary(value)) return;
        foreach (var other in all.Where(o => o != value && IsPrimary(o))) other["primary"] = false;
    }

    private static bool IsPrimary(JsonObject value) => value["primary"] is JsonValue primary && primary.TryGetValue<bool>(out var truth) && truth;
}
