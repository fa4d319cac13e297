using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace AuthServer.Engine.Administration;

/// <summary>A place in a sorted list: the values by which the list is sorted, of the last entry shown. Opaque to whoever carries it; one that is not ours means the beginning.</summary>
public static class Cursor
{
    private const int MaximumLength = 1024;

    public static string Write(params IReadOnlyList<string> place) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place));

    /// <summary>Null where there is none, or it is not one of <paramref name="count"/> values.</summary>
    public static IReadOnlyList<string>? Read(string? cursor, int count)
    {
        if (cursor is null or "" || cursor.Length > MaximumLength || !Base64Url.IsValid(cursor)) return null;
        try
        {
            return JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))) is { } place && place.Length == count && place.All(static p => p is not null) ? place : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
