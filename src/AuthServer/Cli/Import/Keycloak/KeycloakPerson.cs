using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration.Imports;

namespace AuthServer.Cli.Import.Keycloak;

/// <summary>A user of a realm export. The line is the user's place in the list, from 1.</summary>
internal static class KeycloakPerson
{
    public static PersonLine Read(int place, JsonElement user)
    {
        if (user.ValueKind != JsonValueKind.Object) return new PersonLine(place, null, "it is not a JSON object");
        var claims = new JsonObject();
        var (given, family) = (KeycloakRealm.Text(user, "firstName"), KeycloakRealm.Text(user, "lastName"));
        if (given is not null) claims["given_name"] = given;
        if (family is not null) claims["family_name"] = family;
        if (given is not null && family is not null) claims["name"] = $"{given} {family}";
        foreach (var claim in new[] { "locale", "zoneinfo", "picture", "website", "birthdate", "gender", "nickname" })
            if (KeycloakRealm.Attribute(user, claim) is { Length: > 0 } text) claims[claim] = text;
        return new PersonLine(place, new ImportedPerson
        {
            Id = KeycloakRealm.Text(user, "id"),
            UserName = KeycloakRealm.Text(user, "username"),
            Email = KeycloakRealm.Text(user, "email"),
            EmailVerified = KeycloakRealm.Truth(user, "emailVerified") == true,
            Claims = claims,
            PasswordHash = Password(user),
            PasswordResetRequired = KeycloakRealm.Texts(user, "requiredActions").Contains("UPDATE_PASSWORD"),
            Disabled = KeycloakRealm.Truth(user, "enabled") == false,
            CreatedAt = user.TryGetProperty("createdTimestamp", out var at) && at.TryGetInt64(out var ms) && ms is > 0 and < 253402300799000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
            Roles = [.. KeycloakRealm.RolesOf(user)],
            Groups = [.. KeycloakRealm.Texts(user, "groups").Select(static g => g.TrimStart('/'))],
        });
    }

    /// <summary>The account of a client's own (client credentials), nobody's.</summary>
    public static bool IsServiceAccount(JsonElement user) => KeycloakRealm.Text(user, "serviceAccountClientId") is not null;

    public static bool HasOneTimeCodes(JsonElement user) => KeycloakRealm.List(user, "credentials").Any(static c => KeycloakRealm.Text(c, "type") is "otp" or "totp" or "hotp");

    private static string? Password(JsonElement user) => KeycloakRealm.List(user, "credentials").FirstOrDefault(static c => c.ValueKind == JsonValueKind.Object && KeycloakRealm.Text(c, "type") == "password") is { ValueKind: JsonValueKind.Object } credential
        ? credential.GetRawText()
        : null;
}
