using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AuthServer.Engine.Accounts;

/// <summary>The standard claims of a person (OpenID Connect Core §5.1), rightly typed or refused.</summary>
public static partial class UserProfile
{
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "name", "given_name", "family_name", "middle_name", "nickname", "gender", "zoneinfo", "locale" };
    private static readonly HashSet<string> Urls = new(StringComparer.Ordinal) { "profile", "picture", "website" };
    private static readonly HashSet<string> AddressParts = new(StringComparer.Ordinal) { "formatted", "street_address", "locality", "region", "postal_code", "country" };

    /// <summary>Puts the claims of a JSON object on the user: columns where there is one, the rest into <see cref="User.Profile"/>. Null removes a claim. Answers what is wrong; then nothing was changed.</summary>
    public static IReadOnlyList<string> Apply(JsonElement claims, User user)
    {
        if (claims.ValueKind != JsonValueKind.Object) return ["claims must be a JSON object"];
        var faults = new List<string>();
        var profile = JsonNode.Parse(user.Profile)!.AsObject();
        var (email, emailVerified, phone, phoneVerified) = (user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed);
        foreach (var claim in claims.EnumerateObject())
        {
            switch (claim.Name)
            {
                case "email": email = Text(claim, Registration.IsEmailAddress, "one e-mail address", faults); break;
                case "email_verified": emailVerified = Truth(claim, faults); break;
                case "phone_number": phone = Text(claim, static t => Phone.IsMatch(t), "a telephone number", faults); break;
                case "phone_number_verified": phoneVerified = Truth(claim, faults); break;
                case "preferred_username" or "sub" or "updated_at": faults.Add($"{claim.Name} is not set by claims"); break;
                default: Put(profile, claim, faults); break;
            }
        }

        if (faults.Count > 0) return faults;
        (user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed) = (email, emailVerified, phone, phoneVerified);
        user.Profile = profile.ToJsonString();
        return [];
    }

    private static void Put(JsonObject profile, JsonProperty claim, List<string> faults)
    {
        if (claim.Value.ValueKind == JsonValueKind.Null)
        {
            profile.Remove(claim.Name);
            return;
        }

        if (claim.Name == "address")
        {
            if (claim.Value.ValueKind != JsonValueKind.Object || claim.Value.EnumerateObject().Any(static p => !AddressParts.Contains(p.Name) || p.Value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(p.Value.GetString())))
                faults.Add("address must be an object of texts: " + string.Join(", ", AddressParts.Order(StringComparer.Ordinal)));
            else profile["address"] = JsonObject.Create(claim.Value);
            return;
        }

        var text = claim.Name switch
        {
            "birthdate" => Text(claim, IsBirthdate, "a date as YYYY-MM-DD, 0000-MM-DD or YYYY", faults),
            var name when Urls.Contains(name) => Text(claim, static t => Uri.TryCreate(t, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http", "an absolute http(s) URL", faults),
            var name when Texts.Contains(name) => Text(claim, static t => t.Length <= 256 && !t.Any(char.IsControl), "a text of at most 256 characters", faults),
            _ => Unknown(claim, faults),
        };
        if (text is not null) profile[claim.Name] = text;
    }

    private static string? Unknown(JsonProperty claim, List<string> faults)
    {
        faults.Add($"{claim.Name} is not a standard claim");
        return null;
    }

    private static string? Text(JsonProperty claim, Func<string, bool> isGood, string wanted, List<string> faults)
    {
        if (claim.Value.ValueKind == JsonValueKind.Null) return null;
        if (claim.Value.ValueKind == JsonValueKind.String && claim.Value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) && isGood(text)) return text;
        faults.Add($"{claim.Name} must be {wanted}");
        return null;
    }

    private static bool Truth(JsonProperty claim, List<string> faults)
    {
        if (claim.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) return claim.Value.GetBoolean();
        faults.Add($"{claim.Name} must be true or false");
        return false;
    }

    private static bool IsBirthdate(string text) =>
        Year.IsMatch(text) || DateOnly.TryParseExact(text.StartsWith("0000-", StringComparison.Ordinal) ? "2000" + text[4..] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"\A[0-9]{4}\z")]
    private static partial Regex Year { get; }

    [GeneratedRegex(@"\A\+?[0-9][0-9 ().-]{2,30}\z")]
    private static partial Regex Phone { get; }
}
