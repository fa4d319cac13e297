using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;

namespace AuthServer.Scim.Resources;

/// <summary>Makes of a person as SCIM wants them a form of the administration: what is as it was is left out of it.</summary>
internal static class PersonChange
{
    private static readonly (string Attribute, string Claim)[] Claims = [("nickName", "nickname"), ("profileUrl", "profile"), ("locale", "locale"), ("timezone", "zoneinfo")];
    private static readonly (string Part, string Claim)[] Names = [("familyName", "family_name"), ("givenName", "given_name"), ("middleName", "middle_name")];

    /// <param name="before">Null: the person is only to be made.</param>
    /// <param name="verified">Whether an address that the provisioning system says counts as the person's.</param>
    public static PersonForm Form(JsonObject? before, JsonObject after, bool verified)
    {
        var was = before ?? [];
        var claims = new JsonObject();
        var (name, full) = (after["name"] as JsonObject, FullName(was, after));
        Put(claims, "name", Text(was["displayName"]), full);
        foreach (var (part, claim) in Names) Put(claims, claim, Text((was["name"] as JsonObject)?[part]), Text(name?[part]));
        foreach (var (attribute, claim) in Claims) Put(claims, claim, Text(was[attribute]), Text(after[attribute]));
        var (address, addressWas) = (ScimJson.Address(Chosen(after["addresses"])), ScimJson.Address(Chosen(was["addresses"])));
        if (!JsonNode.DeepEquals(address, addressWas)) claims["address"] = address;

        var (email, phone) = (Text(Chosen(after["emails"])?["value"]), Text(Chosen(after["phoneNumbers"])?["value"]));
        var emailChanged = Changed(Text(Chosen(was["emails"])?["value"]), email);
        var active = Truth(after["active"]);
        return new PersonForm
        {
            UserName = Changed(Text(was["userName"]), Text(after["userName"])),
            ExternalId = Changed(Text(was["externalId"]), Text(after["externalId"])),
            Email = emailChanged,
            EmailVerified = verified && emailChanged is { Length: > 0 } ? true : null,
            PhoneNumber = Changed(Text(Chosen(was["phoneNumbers"])?["value"]), phone),
            Claims = claims.Count == 0 ? null : JsonSerializer.SerializeToElement(claims),
            Disabled = active is null || active == Truth(was["active"]) || (before is null && active == true) ? null : !active,
            Password = before is null ? Text(after["password"]) : null,
        };
    }

    public static bool IsEmpty(PersonForm form) => form == new PersonForm();

    /// <summary>There is one name for two attributes: the one that changed; where both did, displayName.</summary>
    private static string? FullName(JsonObject was, JsonObject after)
    {
        var (display, formatted) = (Text(after["displayName"]), Text((after["name"] as JsonObject)?["formatted"]));
        var before = Text(was["displayName"]);
        if (display != before) return display ?? (formatted == before ? null : formatted);
        return formatted is not null && formatted != before ? formatted : display;
    }

    /// <summary>Of several values the primary one, else the one for work, else the first.</summary>
    private static JsonObject? Chosen(JsonNode? values)
    {
        var all = (values as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        return all.Find(static v => Truth(v["primary"]) == true) ?? all.Find(static v => string.Equals(Text(v["type"]), Schemas.ScimSchemas.Work, StringComparison.OrdinalIgnoreCase)) ?? all.FirstOrDefault();
    }

    /// <summary>Null: nothing changes; empty: it is taken away.</summary>
    private static string? Changed(string? before, string? after)
    {
        after = string.IsNullOrEmpty(after) ? null : after;
        return before == after ? null : after ?? "";
    }

    private static void Put(JsonObject claims, string name, string? before, string? after)
    {
        if (Changed(before, after) is { } changed) claims[name] = changed.Length == 0 ? null : changed;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool? Truth(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var truth) ? truth : null;
}
