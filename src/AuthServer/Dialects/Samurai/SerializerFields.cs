using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Samurai;

/// <summary>The text fields of a serializer of Django REST framework, read and refused as it does: trimmed, numbers taken for text, every fault of every field in one answer.</summary>
internal sealed class SerializerFields(DialectRequest request)
{
    private const string Missing = "This field is required.";
    private const string Null = "This field may not be null.";
    private const string Blank = "This field may not be blank.";
    private const string NoText = "Not a valid string.";
    private const string NotAnAddress = "Enter a valid email address.";
    private const int LongestAddress = 254;

    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    /// <summary>Null: all is good. Otherwise the answer 400 with a list of texts for each field.</summary>
    public Raw? Refusal => _errors.Count > 0 ? RestFramework.FieldErrors(_errors) : null;

    public void Refuse(string name, string text)
    {
        if (!_errors.TryGetValue(name, out var texts)) _errors[name] = texts = [];
        texts.Add(text);
    }

    /// <summary>A text that must be there and not empty; "" after a fault.</summary>
    /// <param name="maximum">Characters, after trimming.</param>
    public string Required(string name, int maximum = int.MaxValue)
    {
        var text = Read(name, required: true, nullIsEmpty: false) ?? "";
        if (text.Length == 0 && !_errors.ContainsKey(name)) Refuse(name, Blank);
        return Judged(name, text, maximum);
    }

    /// <param name="nameIsEnough">A text without @ passes: it can be a user name.</param>
    public string RequiredAddress(string name, bool nameIsEnough)
    {
        var text = Required(name, LongestAddress);
        if (text.Length > 0 && !(nameIsEnough && !text.Contains('@', StringComparison.Ordinal)) && !LooksLikeAddress(text)) Refuse(name, NotAnAddress);
        return text;
    }

    /// <summary>A text that may be missing or empty.</summary>
    public string Optional(string name, int maximum, bool nullIsEmpty) => Judged(name, Read(name, required: false, nullIsEmpty) ?? "", maximum);

    public bool Has(string name) => _errors.ContainsKey(name);

    public void RefuseAddress(string name) => Refuse(name, NotAnAddress);

    public void RefuseLength(string name, int maximum) => Refuse(name, FormattableString.Invariant($"Ensure this field has no more than {maximum} characters."));

    private string? Read(string name, bool required, bool nullIsEmpty)
    {
        if (!request.Has(name))
        {
            if (required) Refuse(name, Missing);
            return null;
        }

        // Of a field that stands several times in a form, the last one counts.
        if (request.Json is not JsonObject members) return request.Form[name][^1]?.Trim();
        if (members[name] is not { } value)
        {
            if (!nullIsEmpty) Refuse(name, Null);
            return null;
        }

        var text = value.GetValueKind() == JsonValueKind.Number ? value.ToJsonString() : DialectRequest.Text(value);
        if (text is null) Refuse(name, NoText);
        return text?.Trim();
    }

    private string Judged(string name, string text, int maximum)
    {
        if (text.EnumerateRunes().Count() > maximum) RefuseLength(name, maximum);
        if (text.Contains('\0', StringComparison.Ordinal)) Refuse(name, "Null characters are not allowed.");
        return text;
    }

    private static bool LooksLikeAddress(string text) =>
        text.Split('@') is [{ Length: > 0 }, { Length: > 2 } host] && host.Contains('.', StringComparison.Ordinal) && !host.StartsWith('.') && !host.EndsWith('.') && !host.Contains("..", StringComparison.Ordinal) && !text.Any(static c => c is <= ' ' or '\x7f');
}
