using System.Text.Json.Nodes;

namespace AuthServer.Scim.Schemas;

/// <summary>One attribute of a resource and what may be done with it (RFC 7643 §7).</summary>
internal sealed record ScimAttribute(string Name, string Description)
{
    /// <summary>string, boolean, dateTime, reference, complex.</summary>
    public string Type { get; init; } = "string";
    public bool MultiValued { get; init; }
    public bool Required { get; init; }
    public bool CaseExact { get; init; }
    public string Mutability { get; init; } = "readWrite";
    public string Returned { get; init; } = "default";
    public string Uniqueness { get; init; } = "none";
    public IReadOnlyList<ScimAttribute> Sub { get; init; } = [];
    public IReadOnlyList<string> Canonical { get; init; } = [];

    public bool IsReadOnly => Mutability == "readOnly";

    public ScimAttribute? Find(string sub) => Sub.FirstOrDefault(s => s.Name.Equals(sub, StringComparison.OrdinalIgnoreCase));

    public static ScimAttribute Complex(string name, string description, params IReadOnlyList<ScimAttribute> sub) => new(name, description) { Type = "complex", Sub = sub };

    public static ScimAttribute Many(string name, string description, params IReadOnlyList<ScimAttribute> sub) => new(name, description) { Type = "complex", MultiValued = true, Sub = sub };

    public static ScimAttribute ReadOnly(string name, string description, string type = "string") => new(name, description) { Mutability = "readOnly", Type = type, CaseExact = true };

    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["name"] = Name, ["type"] = Type, ["multiValued"] = MultiValued, ["description"] = Description, ["required"] = Required, ["caseExact"] = CaseExact, ["mutability"] = Mutability, ["returned"] = Returned, ["uniqueness"] = Uniqueness,
        };
        if (Canonical.Count > 0) json["canonicalValues"] = new JsonArray([.. Canonical.Select(static c => JsonValue.Create(c))]);
        if (Type == "reference") json["referenceTypes"] = new JsonArray(Name == "$ref" ? "User" : "external");
        if (Sub.Count > 0) json["subAttributes"] = new JsonArray([.. Sub.Select(static s => s.Json())]);
        return json;
    }
}

/// <summary>What a kind of resource is made of (RFC 7643 §4, §6).</summary>
/// <param name="NotKept">Attributes of the standard for which there is no place here: what is sent of them is passed over.</param>
internal sealed record ScimSchema(string Id, string Name, string Description, string Endpoint, IReadOnlyList<ScimAttribute> Attributes, IReadOnlyCollection<string> NotKept)
{
    /// <summary>RFC 7643 §3.1: what every resource has.</summary>
    private static readonly ScimAttribute[] OfAll = [ScimAttribute.ReadOnly("id", "The id."), ScimAttribute.Complex("meta", "Of the resource itself.") with { Mutability = "readOnly" }, ScimAttribute.ReadOnly("schemas", "The schemas.")];

    public ScimAttribute? Find(string name) => Attributes.Concat(OfAll).FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public bool IsNotKept(string name) => NotKept.Contains(name, StringComparer.OrdinalIgnoreCase);

    public JsonObject Json(string root) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"), ["id"] = Id, ["name"] = Name, ["description"] = Description,
        ["attributes"] = new JsonArray([.. Attributes.Where(static a => a.Name != "externalId").Select(static a => a.Json())]),
        ["meta"] = new JsonObject { ["resourceType"] = "Schema", ["location"] = $"{root}/Schemas/{Id}" },
    };

    public JsonObject ResourceType(string root) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = Name, ["name"] = Name, ["description"] = Description, ["endpoint"] = Endpoint, ["schema"] = Id, ["schemaExtensions"] = new JsonArray(),
        ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = $"{root}/ResourceTypes/{Name}" },
    };
}
