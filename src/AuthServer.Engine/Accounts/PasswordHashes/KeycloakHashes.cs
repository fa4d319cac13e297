using System.Globalization;
using System.Text.Json;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>
/// A password credential of a Keycloak realm export, as its JSON: <c>secretData</c> (value, salt) and <c>credentialData</c> (algorithm, hashIterations, additionalParameters), which are JSON in text or
/// objects; or the flat form of before Keycloak 8 (<c>hashedSaltedValue</c>, <c>salt</c>, <c>hashIterations</c>, <c>algorithm</c>).
/// </summary>
internal static class KeycloakHashes
{
    public static HashReading Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var credential = json.RootElement;
            if (credential.TryGetProperty("hashedSaltedValue", out var value))
                return Read(credential.GetProperty("algorithm").GetString()!, credential.GetProperty("hashIterations").GetInt32(), credential.GetProperty("salt").GetString()!, value.GetString()!, default);

            var (secret, how) = (Part(credential, "secretData"), Part(credential, "credentialData"));
            return Read(how.GetProperty("algorithm").GetString()!, how.GetProperty("hashIterations").GetInt32(), secret.GetProperty("salt").GetString()!, secret.GetProperty("value").GetString()!,
                how.TryGetProperty("additionalParameters", out var more) ? more : default);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or NullReferenceException)
        {
            return Malformed;
        }
    }

    private static JsonElement Part(JsonElement credential, string name)
    {
        var part = credential.GetProperty(name);
        if (part.ValueKind != JsonValueKind.String) return part;
        using var inner = JsonDocument.Parse(part.GetString()!);
        return inner.RootElement.Clone();
    }

    private static HashReading Read(string algorithm, int iterations, string saltText, string valueText, JsonElement more)
    {
        if (!HashText.TryBase64(saltText, out var salt) || !HashText.TryBase64(valueText, out var hash)) return Malformed;
        return algorithm switch
        {
            "pbkdf2" => Pbkdf2Hashes.Read("keycloak pbkdf2", "sha1", iterations, hash, salt),
            "pbkdf2-sha256" or "pbkdf2-sha512" => Pbkdf2Hashes.Read("keycloak " + algorithm, algorithm["pbkdf2-".Length..], iterations, hash, salt),
            "argon2" => Argon2(iterations, salt, hash, more),
            _ => new HashReading.Unreadable("Keycloak's pbkdf2, pbkdf2-sha256, pbkdf2-sha512 and argon2 are known, no other algorithm"),
        };
    }

    private static HashReading Argon2(int iterations, byte[] salt, byte[] hash, JsonElement more)
    {
        var type = Parameter(more, "type") switch { "d" => 0, "i" => 1, "id" or null => 2, _ => -1 };
        var version = Parameter(more, "version") switch { "1.0" => 0x10, "1.3" or null => PasswordHashes.Argon2.Version, _ => -1 };
        if (type < 0 || version < 0) return Malformed;
        var cost = new Argon2.Cost(Number(more, "memory"), iterations, Number(more, "parallelism"));
        return Argon2Hashes.Read("keycloak argon2", type, version, cost, salt, hash);
    }

    private static int Number(JsonElement more, string name) => int.Parse(Parameter(more, name) ?? throw new KeyNotFoundException(), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Each is a list of one text.</summary>
    private static string? Parameter(JsonElement more, string name) => more.ValueKind == JsonValueKind.Object && more.TryGetProperty(name, out var list)
        ? (list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(static item => item.ToString()).FirstOrDefault() : list.ToString())
        : null;

    private static HashReading.Unreadable Malformed => new("it looks like a Keycloak credential, but is not whole");
}
