using static AuthServer.Scim.Schemas.ScimAttribute;

namespace AuthServer.Scim.Schemas;

/// <summary>The two kinds of resources, with what of RFC 7643 has a place here.</summary>
internal static class ScimSchemas
{
    /// <summary>What larger directories send beside; there is no place for any of it, so it is passed over.</summary>
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>What kind every address, number and place is here: people have one of each.</summary>
    public const string Work = "work";

    private static readonly ScimAttribute ExternalId = new("externalId", "What the provisioning system calls it.") { CaseExact = true };
    private static readonly ScimAttribute Primary = new("primary", "True: there is one only.") { Type = "boolean" };
    private static readonly ScimAttribute Kind = new("type", "Always work.") { Canonical = [Work] };

    public static ScimSchema User { get; } = new("urn:ietf:params:scim:schemas:core:2.0:User", "User", "A person", "/Users",
    [
        ExternalId,
        new("userName", "By which the person signs in.") { Required = true, Uniqueness = "server" },
        Complex("name", "The parts of the name.",
            new ScimAttribute("formatted", "The whole name; the same as displayName, which goes first where both are sent."), new ScimAttribute("familyName", "The claim family_name."), new ScimAttribute("givenName", "The claim given_name."), new ScimAttribute("middleName", "The claim middle_name.")),
        new("displayName", "The claim name."),
        new("nickName", "The claim nickname."),
        new("profileUrl", "The claim profile, an http or https URL.") { Type = "reference", CaseExact = true },
        new("locale", "The claim locale, as en-US."),
        new("timezone", "The claim zoneinfo, as Europe/Paris."),
        new("active", "False: refused everywhere at once.") { Type = "boolean" },
        new("password", "Can be set, never read.") { Mutability = "writeOnly", Returned = "never", CaseExact = true },
        Many("emails", "The e-mail address. Of several the primary one is kept, else the one for work, else the first.", new ScimAttribute("value", "The address."), Kind, Primary),
        Many("phoneNumbers", "The telephone number, chosen as the address is.", new ScimAttribute("value", "The number."), Kind, Primary),
        Many("addresses", "The postal address, the claim address.",
            new ScimAttribute("formatted", "The whole of it; lines end in a newline."), new ScimAttribute("streetAddress", "Street and number."), new ScimAttribute("locality", "Town."), new ScimAttribute("region", "State or province."),
            new ScimAttribute("postalCode", "Postal code."), new ScimAttribute("country", "Country."), Kind, Primary),
        Many("groups", "The groups the person is in; changed at the groups.", ReadOnly("value", "The group's id."), ReadOnly("$ref", "The group.", "reference"), ReadOnly("display", "The group's name."), ReadOnly("type", "Always direct.")) with { Mutability = "readOnly" },
    ], ["title", "userType", "preferredLanguage", "ims", "photos", "entitlements", "roles", "x509Certificates"]);

    public static ScimSchema Group { get; } = new("urn:ietf:params:scim:schemas:core:2.0:Group", "Group", "A group of people", "/Groups",
    [
        ExternalId,
        new("displayName", "The group's name.") { Required = true, Uniqueness = "server" },
        Many("members", "Who is in it: people only.", new ScimAttribute("value", "The person's id.") { Mutability = "immutable", CaseExact = true }, new ScimAttribute("$ref", "The person.") { Type = "reference", Mutability = "immutable", CaseExact = true },
            ReadOnly("display", "The user name."), new ScimAttribute("type", "Always User.") { Mutability = "immutable", Canonical = ["User"] }),
    ], []);

    public static IReadOnlyList<ScimSchema> All { get; } = [User, Group];

    /// <summary>Parts of attributes that the standard has and this server does not keep.</summary>
    public static bool IsPartNotKept(ScimAttribute attribute, string sub) => attribute.Name switch
    {
        "name" => sub.Equals("honorificPrefix", StringComparison.OrdinalIgnoreCase) || sub.Equals("honorificSuffix", StringComparison.OrdinalIgnoreCase),
        "emails" or "phoneNumbers" => sub.Equals("display", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
