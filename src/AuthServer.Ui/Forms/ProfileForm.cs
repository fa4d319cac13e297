using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Forms;

/// <summary>The standard claims a person may set (OpenID Connect Core §5.1). A field left empty takes the claim away.</summary>
internal sealed class ProfileForm
{
    /// <summary>Stands where no one field is to blame, and where a text of the address is.</summary>
    private const string Address = "address";

    private static readonly string[] TextClaims = ["name", "given_name", "middle_name", "family_name", "nickname", "picture", "profile", "website", "gender", "birthdate", "zoneinfo", "locale"];
    private static readonly string[] AddressParts = ["street_address", "postal_code", "locality", "region", "country"];
    private static readonly string[] WebAddresses = ["picture", "profile", "website"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    [FromForm(Name = "given_name")] public string? GivenName { get => this["given_name"]; set => Set("given_name", value); }
    [FromForm(Name = "middle_name")] public string? MiddleName { get => this["middle_name"]; set => Set("middle_name", value); }
    [FromForm(Name = "family_name")] public string? FamilyName { get => this["family_name"]; set => Set("family_name", value); }
    [FromForm(Name = "name")] public string? Name { get => this["name"]; set => Set("name", value); }
    [FromForm(Name = "nickname")] public string? Nickname { get => this["nickname"]; set => Set("nickname", value); }
    [FromForm(Name = "picture")] public string? Picture { get => this["picture"]; set => Set("picture", value); }
    [FromForm(Name = "profile")] public string? Profile { get => this["profile"]; set => Set("profile", value); }
    [FromForm(Name = "website")] public string? Website { get => this["website"]; set => Set("website", value); }
    [FromForm(Name = "gender")] public string? Gender { get => this["gender"]; set => Set("gender", value); }
    [FromForm(Name = "birthdate")] public string? Birthdate { get => this["birthdate"]; set => Set("birthdate", value); }
    [FromForm(Name = "zoneinfo")] public string? Zone { get => this["zoneinfo"]; set => Set("zoneinfo", value); }
    [FromForm(Name = "locale")] public string? Locale { get => this["locale"]; set => Set("locale", value); }
    [FromForm(Name = "phone_number")] public string? PhoneNumber { get => this["phone_number"]; set => Set("phone_number", value); }
    [FromForm(Name = "street_address")] public string? StreetAddress { get => this["street_address"]; set => Set("street_address", value); }
    [FromForm(Name = "postal_code")] public string? PostalCode { get => this["postal_code"]; set => Set("postal_code", value); }
    [FromForm(Name = "locality")] public string? Locality { get => this["locality"]; set => Set("locality", value); }
    [FromForm(Name = "region")] public string? Region { get => this["region"]; set => Set("region", value); }
    [FromForm(Name = "country")] public string? Country { get => this["country"]; set => Set("country", value); }

    public FormFaults Faults { get; } = new();

    public string? this[string claim] => _values.GetValueOrDefault(claim);

    public static ProfileForm Of(User user)
    {
        var form = new ProfileForm { PhoneNumber = user.PhoneNumber };
        using var profile = JsonDocument.Parse(user.Profile);
        foreach (var claim in TextClaims) form.Set(claim, TextOf(profile.RootElement, claim));
        if (!profile.RootElement.TryGetProperty(Address, out var address)) return form;

        foreach (var part in AddressParts) form.Set(part, TextOf(address, part));
        // Written by somebody else as one block: shown where it can be mended.
        if (!AddressParts.Any(form._values.ContainsKey)) form.Set("street_address", TextOf(address, "formatted"));
        return form;
    }

    /// <summary>What differs from <paramref name="before"/>, as <see cref="UserProfile.Apply"/> takes it: a claim this page cannot show in full is left as it is until it is touched.</summary>
    public JsonObject ChangesFrom(ProfileForm before)
    {
        var claims = new JsonObject();
        foreach (var claim in TextClaims.Append("phone_number").Where(c => Differs(before, c)))
            claims[claim] = WebAddresses.Contains(claim) ? WithScheme(this[claim]) : this[claim];
        if (!AddressParts.Any(part => Differs(before, part))) return claims;

        var address = new JsonObject();
        foreach (var part in AddressParts)
            if (this[part] is { } text) address[part] = text;
        claims[Address] = address.Count > 0 ? address : null;
        return claims;
    }

    public void Mark(IEnumerable<FieldFault> faults, IStringLocalizer<Texts> texts)
    {
        foreach (var fault in faults)
        {
            switch (fault.Field)
            {
                case "picture" or "profile" or "website": Faults.Add(fault.Field, texts["Profile_UrlFault"]); break;
                case "birthdate": Faults.Add(fault.Field, texts["Profile_BirthdateFault"]); break;
                case "phone_number": Faults.Add(fault.Field, texts["Profile_PhoneFault"]); break;
                case "zoneinfo" or "locale": Faults.Add(fault.Field, texts["Profile_ChoiceFault"]); break;
                case Address: Faults.Add(AddressParts.FirstOrDefault(p => this[p]?.Length > 256) ?? "street_address", texts["Profile_TextFault"]); break;
                case "": Faults.Summary = FaultText.Of(fault, texts); break;
                default: Faults.Add(fault.Field, texts["Profile_TextFault"]); break;
            }
        }
    }

    private void Set(string claim, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) _values.Remove(claim);
        else _values[claim] = value.Trim().ReplaceLineEndings("\n");
    }

    private bool Differs(ProfileForm before, string claim) => !string.Equals(this[claim], before[claim], StringComparison.Ordinal);

    /// <summary>People write addresses of the web without it.</summary>
    private static string? WithScheme(string? address) => address is null || address.Contains(':', StringComparison.Ordinal) ? address : "https://" + address;

    private static string? TextOf(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
