using System.Globalization;
using System.Text.Json;
using AuthServer.Scim.Messages;

namespace AuthServer.Scim.Filters;

/// <summary>Reads a filter (RFC 7644 §3.4.2.2, figure 1). How long, how deep and of how many terms it may be is limited: each term costs the database work.</summary>
internal sealed class FilterReader
{
    public const int MaximumLength = 4096;
    public const int MaximumDepth = 12;
    public const int MaximumTerms = 50;

    private static readonly string[] Operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

    private readonly string _text;
    private int _at;
    private int _depth;
    private int _terms;
    private string? _fault;

    private FilterReader(string text, int at) => (_text, _at) = (text, at);

    /// <summary>The filter, or what is wrong with it.</summary>
    public static (Filter? Filter, ScimError? Fault) Read(string text)
    {
        if (text.Length > MaximumLength) return (null, ScimError.InvalidFilter($"A filter has at most {MaximumLength} characters."));
        var reader = new FilterReader(text, 0);
        var filter = reader.Any(inValues: false);
        reader.Blanks();
        if (reader._fault is null && reader._at < text.Length) reader.Fail("something follows that is no filter");
        return reader._fault is null ? (filter, null) : (null, reader.Fault);
    }

    /// <summary>The filter between brackets that begins at <paramref name="at"/>; answers where it ended, behind the closing one.</summary>
    public static (Filter? Filter, int End, ScimError? Fault) ReadBracket(string text, int at)
    {
        if (text.Length > MaximumLength) return (null, at, ScimError.InvalidPath($"A path has at most {MaximumLength} characters."));
        var reader = new FilterReader(text, at + 1);
        var filter = reader.Any(inValues: true);
        if (!reader.Take(']')) reader.Fail("] is missing");
        return reader._fault is null ? (filter, reader._at, null) : (null, at, reader.Fault);
    }

    private ScimError Fault => ScimError.InvalidFilter(string.Create(CultureInfo.InvariantCulture, $"At character {_at + 1}: {_fault}."));

    private Filter? Any(bool inValues)
    {
        if (++_depth > MaximumDepth) return Fail($"a filter is at most {MaximumDepth} levels deep");
        var left = All(inValues);
        while (left is not null && TakeWord("or"))
            left = All(inValues) is { } right ? new Filter.Or(left, right) : null;
        _depth--;
        return left;
    }

    private Filter? All(bool inValues)
    {
        var left = One(inValues);
        while (left is not null && TakeWord("and"))
            left = One(inValues) is { } right ? new Filter.And(left, right) : null;
        return left;
    }

    private Filter? One(bool inValues)
    {
        Blanks();
        var before = _at;
        if (Take('(')) return Group(inValues);
        if (TakeWord("not"))
        {
            if (Take('(')) return Group(inValues) is { } of ? new Filter.Not(of) : null;
            _at = before;
        }

        return Term(inValues);
    }

    private Filter? Group(bool inValues)
    {
        var of = Any(inValues);
        if (of is null || Take(')')) return of;
        return Fail(") is missing");
    }

    private Filter? Term(bool inValues)
    {
        if (++_terms > MaximumTerms) return Fail($"a filter has at most {MaximumTerms} comparisons");
        if (AttributeName.Read(Word()) is not { } attribute) return Fail("the name of an attribute is wanted");
        if (Take('['))
        {
            if (inValues) return Fail("brackets in brackets");
            var of = Any(inValues: true);
            if (of is null) return null;
            return Take(']') ? new Filter.Values(attribute, of) : Fail("] is missing");
        }

        Blanks();
        var word = Word().ToLowerInvariant();
        if (word == "pr") return new Filter.Present(attribute);
        if (!Operators.Contains(word)) return Fail("one of " + string.Join(", ", Operators) + ", pr is wanted");
        Blanks();
        return TryLiteral(out var value) ? new Filter.Compare(attribute, word, value) : Fail("a JSON text, number, true, false or null is wanted");
    }

    private bool TryLiteral(out object? value)
    {
        value = null;
        if (_at < _text.Length && _text[_at] == '"') return TryText(out value);
        var word = Word();
        switch (word.ToLowerInvariant())
        {
            case "true": value = true; return true;
            case "false": value = false; return true;
            case "null": return true;
        }

        if (!decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)) return false;
        value = number;
        return true;
    }

    private bool TryText(out object? value)
    {
        value = null;
        var end = _at + 1;
        while (end < _text.Length && _text[end] != '"') end += _text[end] == '\\' ? 2 : 1;
        if (end >= _text.Length) return false;
        try
        {
            value = JsonSerializer.Deserialize<string>(_text[_at..(end + 1)]);
            _at = end + 1;
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('(' or ')' or '[' or ']' or '"')) _at++;
        return _text[start.._at];
    }

    private bool TakeWord(string word)
    {
        Blanks();
        var end = _at + word.Length;
        if (end > _text.Length || !_text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) || (end < _text.Length && !char.IsWhiteSpace(_text[end]) && _text[end] != '(')) return false;
        _at = end;
        return true;
    }

    private bool Take(char wanted)
    {
        Blanks();
        if (_at >= _text.Length || _text[_at] != wanted) return false;
        _at++;
        return true;
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private Filter? Fail(string why)
    {
        _fault ??= why;
        return null;
    }
}
