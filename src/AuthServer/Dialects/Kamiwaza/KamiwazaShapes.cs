using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>What Kamiwaza's answers look like. A user is both the old SDK's User and the current one's LocalUser, so that one answer does for all.</summary>
internal static class KamiwazaShapes
{
    public const string AdminRole = "admin";

    /// <summary>Whom every token is for, and the client that browsers sign in for.</summary>
    public const string Platform = "kamiwaza-platform";

    /// <summary>Ends of addresses that the SDK's validator refuses; one such person would break the whole list for it.</summary>
    private static readonly string[] RefusedEnds = [".local", ".localhost", ".test", ".invalid", ".arpa", ".onion"];

    public static JsonObject User(Person person, PersonDirectory place, DialectSettings settings) => new()
    {
        ["id"] = person.Id,
        ["username"] = person.UserName,
        ["email"] = Email(person, settings),
        ["full_name"] = FullName(person.Claims),
        ["name"] = FullName(person.Claims),
        ["organization_id"] = person.OrganizationId,
        ["is_superuser"] = person.IsAdministrator,
        ["external_id"] = person.ExternalId,
        ["is_active"] = !person.Disabled,
        ["active"] = !person.Disabled,
        ["deleted"] = false,
        ["is_external"] = !person.HasPassword,
        ["groups"] = new JsonArray([.. place.Groups.Select(static g => (JsonNode)g.Id)]),
        ["roles"] = Names(Roles(place.Effective, person.IsAdministrator)),
        ["created_at"] = Time(person.CreatedAt),
        ["updated_at"] = Time(person.UpdatedAt),
        ["last_login"] = person.LastSignedInAt is { } at ? Time(at) : null,
    };

    /// <summary>Administrators of this server have the role by which Kamiwaza knows its own.</summary>
    public static IReadOnlyList<string> Roles(UserDirectory? place, bool administrator)
    {
        var roles = place?.Roles ?? [];
        return administrator && !roles.Contains(AdminRole, StringComparer.Ordinal) ? [AdminRole, .. roles] : roles;
    }

    /// <summary>The person's address; one under the dialect's own domain where they have none that the SDK takes.</summary>
    public static string Email(Person person, DialectSettings settings) => person.Email is { } email && IsTaken(email) ? email : Substitute(person, settings);

    public static string Substitute(Person person, DialectSettings settings)
    {
        var name = person.UserName;
        var isLocalPart = name.Length <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+') && !name.StartsWith('.') && !name.EndsWith('.') && !name.Contains("..", StringComparison.Ordinal);
        return (isLocalPart ? name : string.Create(CultureInfo.InvariantCulture, $"user-{person.Number}")) + "@" + settings.EmailDomain;
    }

    private static bool IsTaken(string email)
    {
        var domain = email[(email.LastIndexOf('@') + 1)..];
        return domain.Contains('.', StringComparison.Ordinal) && !RefusedEnds.Any(end => domain.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    public static JsonObject Organization(Organization entry) => Entry(entry, "idp_config", entry.IdentityProvider is { } json ? JsonNode.Parse(json) : null);

    public static JsonObject Group(Group entry, IEnumerable<Role> roles) => Entry(entry, "roles", Ids(roles));

    public static JsonObject Role(Role entry, IEnumerable<Right> rights) => Entry(entry, "rights", Ids(rights));

    public static JsonObject Right(Right entry) => Entry(entry, null, null);

    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(static n => (JsonNode)n)]);

    /// <summary>With six digits behind the second and the zone, as Python writes it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string? FullName(string claims)
    {
        using var json = JsonDocument.Parse(claims);
        return json.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
    }

    /// <remarks><c>updated_at</c> is never null: the old SDK's models do not take it.</remarks>
    private static JsonObject Entry(DirectoryEntry entry, string? member, JsonNode? value)
    {
        var json = new JsonObject { ["id"] = entry.Id, ["name"] = entry.Name, ["description"] = entry.Description };
        if (member is not null) json[member] = value;
        json["created_at"] = Time(entry.CreatedAt);
        json["updated_at"] = Time(entry.UpdatedAt);
        return json;
    }

    private static JsonArray Ids(IEnumerable<DirectoryEntry> entries) => new([.. entries.Select(static e => (JsonNode)e.Id)]);
}
