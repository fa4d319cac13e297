using System.Globalization;
using System.Text.Json;
using Xunit;

namespace AuthServer.Testing.Conformance;

public static partial class ConformanceAssertions
{
    private static readonly string[] Texts =
    [
        "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email", "gender", "zoneinfo", "locale", "phone_number",
    ];

    private static readonly string[] Urls = ["profile", "picture", "website"];

    /// <summary>The claims of OpenID Connect Core §5.1, wherever they stand: rightly typed, and left out rather than empty.</summary>
    public static void AssertStandardClaims(JsonElement claims, DateTimeOffset now)
    {
        foreach (var claim in claims.EnumerateObject())
        {
            if (Texts.Contains(claim.Name)) AssertText(claim);
            if (Urls.Contains(claim.Name)) Assert.True(Uri.TryCreate(claim.Value.GetString(), UriKind.Absolute, out _), $"{claim.Name} is no URL.");
            switch (claim.Name)
            {
                case "email_verified" or "phone_number_verified":
                    Assert.True(claim.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{claim.Name} is not a boolean.");
                    break;
                case "updated_at":
                    Assert.Equal(JsonValueKind.Number, claim.Value.ValueKind);
                    Assert.InRange(claim.Value.GetInt64(), new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), now.AddMinutes(5).ToUnixTimeSeconds());
                    break;
                case "birthdate":
                    AssertBirthdate(claim.Value.GetString()!);
                    break;
                case "address":
                    Assert.Equal(JsonValueKind.Object, claim.Value.ValueKind);
                    Assert.NotEmpty(claim.Value.EnumerateObject());
                    foreach (var part in claim.Value.EnumerateObject()) AssertText(part);
                    break;
            }
        }
    }

    private static void AssertText(JsonProperty claim)
    {
        Assert.Equal(JsonValueKind.String, claim.Value.ValueKind);
        var text = claim.Value.GetString();
        Assert.False(string.IsNullOrWhiteSpace(text) || text == "null", $"{claim.Name} says nothing.");
    }

    /// <summary><c>YYYY-MM-DD</c>, <c>0000-MM-DD</c> or <c>YYYY</c>.</summary>
    private static void AssertBirthdate(string text)
    {
        var full = text.Length == 4 ? text + "-01-01" : text.StartsWith("0000-", StringComparison.Ordinal) ? "2000" + text[4..] : text;
        Assert.True(DateOnly.TryParseExact(full, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), $"{text} is no birthdate.");
    }

    /// <summary>UserInfo (OpenID Connect Core §5.3.2); answers the claims.</summary>
    public static async Task<JsonElement> AssertUserInfo(HttpResponseMessage response, string subject, DateTimeOffset now)
    {
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var claims = await TestServer.JsonAsync(response);
        Assert.Equal(subject, claims.GetProperty("sub").GetString());
        AssertStandardClaims(claims, now);
        return claims;
    }

    public static void AssertHasClaims(JsonElement claims, IEnumerable<string> wanted) =>
        Assert.Empty(wanted.Except(claims.EnumerateObject().Select(c => c.Name), StringComparer.Ordinal));
}
