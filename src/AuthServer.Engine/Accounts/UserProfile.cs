using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AuthServer.Engine.Accounts;

/// <summary>The standard claims of a person (OpenID Connect Core §5.1), rightly typed or refused.</summary>
public static partial class UserProfile
{
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "name", "given_name", "family_name", "middle_name", "nickname", "gender" };
    private static readonly HashSet<string> Urls = new(StringComparer.Ordinal) { "profile", "picture", "website" };
    private static readonly HashSet<string> AddressParts = new(StringComparer.Ordinal) { "formatted", "street_address", "locality", "region", "postal_code", "country" };

    /// <summary>
    /// Puts the claims of a JSON object on the user: columns where there is one, the rest into <see cref="User.Profile"/>. Null removes a claim. Answers what is wrong; then nothing was changed.
    /// </summary>
    /// <remarks>A new address or number is unverified unless the same object says otherwise: the proof was given for the old one.</remarks>
    public static IReadOnlyList<string> Apply(JsonElement claims, User user)
    {
        if (claims.ValueKind != JsonValueKind.Object) return ["claims must be a JSON object"];
        var faults = new List<string>();
        var profile = JsonNode.Parse(user.Profile)!.AsObject();
        var (email, phone) = (user.Email, user.PhoneNumber);
        bool? emailVerified = null, phoneVerified = null;
        try
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var claim in claims.EnumerateObject())
            {
                if (!seen.Add(claim.Name)) faults.Add($"{claim.Name} is there twice");
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
        }
        catch (InvalidOperationException)
        {
            // An escape like \ud800 alone: JSON, but no text.
            faults.Add("claims must be valid Unicode");
        }

        if (faults.Count > 0) return faults;
        user.EmailConfirmed = email is not null && (emailVerified ?? (user.EmailConfirmed && string.Equals(email, user.Email, StringComparison.Ordinal)));
        user.PhoneNumberConfirmed = phone is not null && (phoneVerified ?? (user.PhoneNumberConfirmed && string.Equals(phone, user.PhoneNumber, StringComparison.Ordinal)));
        (user.Email, user.PhoneNumber) = (email, phone);
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
            if (IsAddress(claim.Value)) profile["address"] = JsonObject.Create(claim.Value);
            else faults.Add("address must be an object of texts: " + string.Join(", ", AddressParts.Order(StringComparer.Ordinal)));
            return;
        }

        var text = claim.Name switch
        {
            "birthdate" => Text(claim, IsBirthdate, "a date as YYYY-MM-DD, 0000-MM-DD or YYYY", faults),
            "zoneinfo" => Text(claim, static t => Zone.IsMatch(t), "a time zone like Europe/Paris", faults),
            "locale" => Text(claim, static t => Locale.IsMatch(t), "a language tag like en-US", faults),
            var name when Urls.Contains(name) => Text(claim, IsWebAddress, "an absolute http(s) URL", faults),
            var name when Texts.Contains(name) => Text(claim, IsLine, "a text of at most 256 characters", faults),
            _ => Unknown(claim, faults),
        };
        if (text is not null) profile[claim.Name] = text;
    }

    /// <summary>OpenID Connect Core §5.1.1. Lines of an address are separated by newlines.</summary>
    private static bool IsAddress(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any()
        && value.EnumerateObject().All(static p => AddressParts.Contains(p.Name) && p.Value.ValueKind == JsonValueKind.String && IsLine(p.Value.GetString()!.Replace("\r\n", " ", StringComparison.Ordinal).Replace('\n', ' ')))
        && value.EnumerateObject().DistinctBy(static p => p.Name).Count() == value.EnumerateObject().Count();

    private static bool IsLine(string text) => text.Length <= 256 && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    private static bool IsWebAddress(string text) =>
        text.Length <= 2048 && text.All(static c => c is > ' ' and not ('\u007f' or '"' or '<' or '>' or '\\')) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
        && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase));

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
        if (claim.Value.ValueKind == JsonValueKind.Null) return false;
        if (claim.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) return claim.Value.GetBoolean();
        faults.Add($"{claim.Name} must be true or false");
        return false;
    }

    private static bool IsBirthdate(string text) =>
        Year.IsMatch(text) || DateOnly.TryParseExact(text.StartsWith("0000-", StringComparison.Ordinal) ? "2000" + text[4..] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"\A[0-9]{4}\z")]
    private static partial Regex Year { get; }

    /// <summary>A name of the time zone database; which names exist changes too often to be checked here.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,32}){0,2}\z")]
    private static partial Regex Zone { get; }

    /// <summary>BCP 47 in its common shapes; some write an underscore (OpenID Connect Core §5.1).</summary>
    [GeneratedRegex(@"\A[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,6}\z")]
    private static partial Regex Locale { get; }

    [GeneratedRegex(@"\A\+?[0-9][0-9 ().-]{2,30}\z")]
    private static partial Regex Phone { get; }
}
