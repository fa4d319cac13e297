using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Accounts.PasswordHashes;

namespace AuthServer.Engine.Administration.Imports;

/// <summary>Makes a user of an imported person, by the same rules as for everybody else; or says what speaks against it.</summary>
internal static class PersonReader
{
    public const string NoHash = "none";

    private const int LongestUserName = 256;
    private const int LongestExternalId = 256;

    /// <param name="format">The kind of the password hash.</param>
    public static User? Read(ImportedPerson person, DateTimeOffset now, out string format, out string? fault)
    {
        var faults = new List<string>();
        var user = new User
        {
            Id = IdOf(person, faults), Number = person.Number ?? 0, UserName = UserNameOf(person, faults), Disabled = person.Disabled, PasswordResetRequired = person.PasswordResetRequired,
            CreatedAt = CreatedAtOf(person, now), UpdatedAt = now, LockoutEnabled = true,
        };
        if (person.Number is <= 0) faults.Add("number must be from 1 to 2147483647");
        if (person.ExternalId is { Length: > 0 } external)
        {
            if (external.Length > LongestExternalId || external.Any(char.IsControl)) faults.Add($"external_id has at most {LongestExternalId} characters, none of them a control character");
            user.ExternalId = external;
        }

        faults.AddRange(UserProfile.Apply(ClaimsOf(person), user));
        user.NormalizedUserName = user.UserName is { } name ? DirectoryNames.Normalize(name) : null;
        user.NormalizedEmail = user.Email is { } email ? DirectoryNames.Normalize(email) : null;
        (user.PasswordHash, format) = HashOf(person, faults);
        fault = faults.Count > 0 ? string.Join("; ", faults) : null;
        return fault is null ? user : null;
    }

    private static string IdOf(ImportedPerson person, List<string> faults)
    {
        if (string.IsNullOrEmpty(person.Id)) return Guid.NewGuid().ToString();
        if (Guid.TryParse(person.Id, out var id) && id != Guid.Empty) return id.ToString();
        faults.Add("id must be a Guid");
        return "";
    }

    private static string? UserNameOf(ImportedPerson person, List<string> faults)
    {
        var name = string.IsNullOrEmpty(person.UserName) ? person.Email : person.UserName;
        if (string.IsNullOrEmpty(name)) faults.Add("a person needs a user name or an e-mail address");
        else if (name.Length > LongestUserName || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@' or '+')) faults.Add("user_name may have 1 to 256 of the characters A-Z a-z 0-9 - . _ @ +");
        return name;
    }

    /// <summary>Nobody was here before the clock began or after now.</summary>
    private static DateTimeOffset CreatedAtOf(ImportedPerson person, DateTimeOffset now) => person.CreatedAt is { } at && at > DateTimeOffset.UnixEpoch && at < now ? at : now;

    private static JsonElement ClaimsOf(ImportedPerson person)
    {
        var claims = person.Claims.DeepClone().AsObject();
        if (person.Email is { Length: > 0 } email) (claims["email"], claims["email_verified"]) = (email, person.EmailVerified);
        if (person.PhoneNumber is { Length: > 0 } phone) (claims["phone_number"], claims["phone_number_verified"]) = (phone, person.PhoneNumberVerified);
        return JsonSerializer.SerializeToElement<JsonNode>(claims);
    }

    private static (string? Hash, string Format) HashOf(ImportedPerson person, List<string> faults)
    {
        var hash = person.PasswordHash?.Trim();
        if (string.IsNullOrEmpty(hash) || hash[0] is '!' or '*') return (null, NoHash);
        switch (ForeignHashes.Read(hash))
        {
            case HashReading.Known known: return (hash, known.Format);
            case HashReading.TooCostly costly: faults.Add($"password_hash: {costly.Format}: {costly.Why}"); break;
            case HashReading.LibraryMissing missing: faults.Add($"password_hash: {missing.Format} needs {missing.Library}, which is not installed here"); break;
            case HashReading.Unreadable unreadable: faults.Add("password_hash: " + unreadable.Why); break;
        }

        return (null, NoHash);
    }
}
