using System.Collections;
using System.Collections.Immutable;

namespace AuthServer.Engine.Protocol;

/// <summary>Scope values in the order they were asked for, without repeats (RFC 6749 §3.3).</summary>
public sealed class ScopeSet : IReadOnlyCollection<string>, IEquatable<ScopeSet>
{
    public static readonly ScopeSet Empty = new([], "");

    private readonly ImmutableArray<string> _values;
    private readonly string _text;

    private ScopeSet(ImmutableArray<string> values, string text) => (_values, _text) = (values, text);

    public int Count => _values.Length;

    public bool IsEmpty => _values.IsEmpty;

    /// <summary>False where a value has a character outside <c>scope-token</c> (RFC 6749 §3.3).</summary>
    public static bool TryParse(string? text, out ScopeSet scopes)
    {
        scopes = Empty;
        if (string.IsNullOrEmpty(text)) return true;

        foreach (var c in text)
        {
            if (c is < ' ' or > '~' or '"' or '\\') return false;
        }

        scopes = From(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    /// <summary>For values this server wrote itself.</summary>
    public static ScopeSet Parse(string? text) =>
        TryParse(text, out var scopes) ? scopes : throw new FormatException("A stored scope is not a list of scope tokens.");

    public static ScopeSet From(IEnumerable<string> values)
    {
        ImmutableArray<string> distinct = [.. values.Distinct(StringComparer.Ordinal)];
        return distinct.IsEmpty ? Empty : new ScopeSet(distinct, string.Join(' ', distinct));
    }

    public bool Contains(string scope) => _values.Contains(scope, StringComparer.Ordinal);

    public bool IsSubsetOf(ScopeSet other)
    {
        foreach (var value in _values)
        {
            if (!other.Contains(value)) return false;
        }

        return true;
    }

    public ScopeSet Intersect(ScopeSet other) => IsSubsetOf(other) ? this : From(_values.Where(other.Contains));

    public ScopeSet Union(ScopeSet other) => other.IsSubsetOf(this) ? this : From(_values.Concat(other._values));

    public ScopeSet Without(string scope) => Contains(scope) ? From(_values.Where(v => !string.Equals(v, scope, StringComparison.Ordinal))) : this;

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(ScopeSet? other) => other is not null && Count == other.Count && IsSubsetOf(other);

    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    public override int GetHashCode() => Count;

    /// <summary>The wire form: values joined by single spaces.</summary>
    public override string ToString() => _text;
}
