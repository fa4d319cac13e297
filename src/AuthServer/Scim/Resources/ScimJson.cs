using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Protocol;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Resources;

/// <summary>People and groups as SCIM shows them (RFC 7643 §4.1, §4.2). What is not there is left out.</summary>
internal sealed class ScimJson(Issuer issuer)
{
    private static readonly (string Part, string Claim)[] AddressParts =
        [("formatted", "formatted"), ("streetAddress", "street_address"), ("locality", "locality"), ("region", "region"), ("postalCode", "postal_code"), ("country", "country")];

    /// <summary>Where everything of this API is, absolute.</summary>
    public string Root => issuer.Identifier.TrimEnd('/') + ScimApi.Path;

    public string Location(ScimSchema schema, string id) => Root + schema.Endpoint + "/" + Uri.EscapeDataString(id);

    /// <summary>What of a person can be written, as a patch finds it.</summary>
    public static JsonObject Writable(Person person)
    {
        var claims = JsonNode.Parse(person.Claims)!.AsObject();
        var json = ScimBody.New();
        Put(json, "externalId", person.ExternalId);
        json["userName"] = person.UserName;
        var name = ScimBody.New();
        Put(name, "formatted", Text(claims["name"]));
        Put(name, "familyName", Text(claims["family_name"]));
        Put(name, "givenName", Text(claims["given_name"]));
        Put(name, "middleName", Text(claims["middle_name"]));
        if (name.Count > 0) json["name"] = name;
        Put(json, "displayName", Text(claims["name"]));
        Put(json, "nickName", Text(claims["nickname"]));
        Put(json, "profileUrl", Text(claims["profile"]));
        Put(json, "locale", Text(claims["locale"]));
        Put(json, "timezone", Text(claims["zoneinfo"]));
        json["active"] = !person.Disabled;
        if (person.Email is { } email) json["emails"] = new JsonArray(Kept(("value", email)));
        if (person.PhoneNumber is { } phone) json["phoneNumbers"] = new JsonArray(Kept(("value", phone)));
        if (claims["address"] is JsonObject address) json["addresses"] = new JsonArray(Kept([.. AddressParts.Select(p => (p.Part, Text(address[p.Claim])))]));
        return json;
    }

    /// <summary>The claim <c>address</c> of what a client sent; null where nothing of it is left.</summary>
    public static JsonObject? Address(JsonObject? sent)
    {
        var claim = new JsonObject();
        foreach (var (part, name) in AddressParts)
            if (Text(sent?[part]) is { Length: > 0 } text) claim[name] = text;
        return claim.Count == 0 ? null : claim;
    }

    /// <param name="groups">Null: they were not asked for, or the actor may not see them.</param>
    public (JsonObject Json, string Version) Of(Person person, IReadOnlyList<GroupMember>? groups)
    {
        var version = EntityTags.Write(person.Version, groups?.Select(static g => g.GroupId + g.GroupName));
        var json = Begun(ScimSchemas.User, person.Id);
        foreach (var (name, value) in Writable(person)) json[name] = value?.DeepClone();
        if (groups is { Count: > 0 })
            json["groups"] = new JsonArray([.. groups.Select(g => new JsonObject { ["value"] = g.GroupId, ["$ref"] = Location(ScimSchemas.Group, g.GroupId), ["display"] = g.GroupName, ["type"] = "direct" })]);
        json["meta"] = Meta(ScimSchemas.User, person.Id, person.CreatedAt, person.UpdatedAt, version);
        return (json, version);
    }

    /// <param name="members">Null: they were not asked for; there is no version then, because who is in it is part of it.</param>
    public (JsonObject Json, string? Version) Of(Group group, IReadOnlyList<GroupMember>? members)
    {
        var version = members is null ? null : Version(group, members);
        var json = Begun(ScimSchemas.Group, group.Id);
        Put(json, "externalId", group.ExternalId);
        json["displayName"] = group.Name;
        if (members is { Count: > 0 })
            json["members"] = new JsonArray([.. members.Select(m => new JsonObject { ["value"] = m.UserId, ["$ref"] = Location(ScimSchemas.User, m.UserId), ["display"] = m.UserName, ["type"] = "User" })]);
        json["meta"] = Meta(ScimSchemas.Group, group.Id, group.CreatedAt, group.UpdatedAt, version);
        return (json, version);
    }

    public static string Version(Group group, IReadOnlyList<GroupMember> members) => EntityTags.Write(group.Version.ToString(CultureInfo.InvariantCulture), members.Select(static m => m.UserId));

    private static JsonObject Begun(ScimSchema schema, string id) => new() { ["schemas"] = new JsonArray(schema.Id), ["id"] = id };

    private JsonObject Meta(ScimSchema schema, string id, DateTimeOffset created, DateTimeOffset changed, string? version)
    {
        var meta = new JsonObject { ["resourceType"] = schema.Name, ["created"] = Time(created), ["lastModified"] = Time(changed), ["location"] = Location(schema, id) };
        Put(meta, "version", version);
        return meta;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Kept(params IReadOnlyList<(string Name, string? Value)> parts)
    {
        var json = ScimBody.New();
        foreach (var (name, value) in parts) Put(json, name, value);
        json["type"] = ScimSchemas.Work;
        json["primary"] = true;
        return json;
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
