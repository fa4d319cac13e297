using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>A JWK Set (RFC 7517 §5). Immutable.</summary>
public sealed class JsonWebKeySet(IReadOnlyList<JsonWebKey> keys)
{
    /// <summary>Each key of a set may cost a signature check, so a set has an end.</summary>
    public const int MaxKeys = 64;

    public static readonly JsonWebKeySet Empty = new([]);

    public IReadOnlyList<JsonWebKey> Keys { get; } = keys;

    /// <summary>False for what is no JWK set at all. Keys of an unknown type or with unusable members are skipped (RFC 7517 §5).</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonWebKeySet? set)
    {
        set = null;
        return StrictJson.TryParseObject(utf8, out var json) && TryParse(json, out set);
    }

    public static bool TryParse(JsonElement json, [NotNullWhen(true)] out JsonWebKeySet? set)
    {
        set = null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("keys", out var list)) return false;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxKeys) return false;

        var keys = new List<JsonWebKey>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
            if (JsonWebKey.TryParse(item, out var key)) keys.Add(key);
        set = new JsonWebKeySet(keys);
        return true;
    }

    /// <summary>For sets that are ours, where a failure is a bug or a broken configuration.</summary>
    public static JsonWebKeySet Parse(ReadOnlySpan<byte> utf8) =>
        TryParse(utf8.ToArray(), out var set) ? set : throw new FormatException("Not a JSON Web Key Set.");

    public static JsonWebKeySet Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>
    /// The keys that may have made a signature. With a <paramref name="kid"/> the keys of that name; when there is none, the one key without a name, if
    /// only one would fit. Without a <paramref name="kid"/> every key that fits. A key of another name never answers for a <paramref name="kid"/>, so an
    /// unknown one means: read the set again.
    /// </summary>
    public IEnumerable<JsonWebKey> Candidates(string? kid, SignatureAlgorithm algorithm)
    {
        var fitting = Keys.Where(key => key.Fits(algorithm));
        if (kid is null) return fitting;
        if (Keys.Any(key => key.Kid == kid)) return fitting.Where(key => key.Kid == kid);

        var nameless = fitting.Where(key => key.Kid is null).Take(2).ToArray();
        return nameless.Length == 1 ? nameless : [];
    }

    public void WritePublic(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in Keys) key.WritePublic(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
