using System.Text.Json.Nodes;
using AuthServer.Engine.Administration.Imports;

namespace AuthServer.Cli.Import;

/// <summary>Which columns, or members of a JSON object, a file of people may have, under how many names each. Case, blanks, dots, hyphens and underscores in a name do not count.</summary>
internal static class PersonColumns
{
    /// <summary>Our name first.</summary>
    public static IReadOnlyList<string[]> Known { get; } =
    [
        ["id", "sub", "guid", "uuid", "user_id"],
        ["number", "user_number", "legacy_id"],
        ["user_name", "login", "preferred_username", "user_principal_name"],
        ["email", "mail", "email_address"],
        ["email_verified", "verified", "email_confirmed"],
        ["phone_number", "phone", "mobile", "telephone"],
        ["phone_number_verified", "phone_verified", "phone_number_confirmed"],
        ["name", "full_name", "display_name"],
        ["given_name", "first_name"],
        ["family_name", "last_name", "surname"],
        ["middle_name"],
        ["nickname"],
        ["locale", "language"],
        ["zoneinfo", "time_zone"],
        ["birthdate", "birthday", "date_of_birth"],
        ["gender"],
        ["website"],
        ["picture", "avatar", "avatar_url"],
        ["profile"],
        ["password_hash", "hash", "password", "hashed_password", "encrypted_password", "credential"],
        ["roles", "role"],
        ["groups", "group"],
        ["organization", "organisation", "org", "tenant", "company"],
        ["disabled", "blocked", "inactive"],
        ["enabled", "active", "is_active", "is_enabled"],
        ["password_reset_required", "must_change_password", "reset_password"],
        ["external_id"],
        ["created_at", "created", "date_joined", "created_timestamp", "creation_date"],
    ];

    private static readonly Dictionary<string, string> ByName = Known.SelectMany(static names => names.Select(name => (Bare(name), names[0]))).ToDictionary(StringComparer.Ordinal);

    private static readonly string[] Claims = ["name", "given_name", "family_name", "middle_name", "nickname", "locale", "zoneinfo", "birthdate", "gender", "website", "picture", "profile"];

    /// <summary>Our name of a column; null: nothing is known by this one.</summary>
    public static string? Find(string header) => ByName.GetValueOrDefault(Bare(header));

    /// <exception cref="FormatException">What is wrong, in plain words and without the value.</exception>
    public static ImportedPerson Read(IReadOnlyDictionary<string, Cell> cells)
    {
        var claims = new JsonObject();
        foreach (var claim in Claims)
            if (At(claim).Value is { } text) claims[claim] = text;

        // A number where the id should be: systems that know people by number call it that.
        var (id, number) = (At("id").Value, At("number").Number("number"));
        if (id is not null && number is null && id.All(char.IsAsciiDigit) && id.Length < 12) (id, number) = (null, At("id").Number("id"));
        return new ImportedPerson
        {
            Id = id,
            Number = number,
            UserName = At("user_name").Value,
            Email = At("email").Value,
            EmailVerified = At("email_verified").Truth("email_verified") ?? false,
            PhoneNumber = At("phone_number").Value,
            PhoneNumberVerified = At("phone_number_verified").Truth("phone_number_verified") ?? false,
            Claims = claims,
            PasswordHash = At("password_hash").Value,
            Roles = At("roles").List,
            Groups = At("groups").List,
            Organization = At("organization").Value,
            Disabled = At("disabled").Truth("disabled") ?? !(At("enabled").Truth("enabled") ?? true),
            PasswordResetRequired = At("password_reset_required").Truth("password_reset_required") ?? false,
            ExternalId = At("external_id").Value,
            CreatedAt = At("created_at").Time("created_at"),
        };

        Cell At(string column) => cells.GetValueOrDefault(column);
    }

    private static string Bare(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
