using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace AuthServer.Engine.Protocol;

/// <summary>The parameters of one request after the rules of RFC 6749 §3.1 and §3.2: none twice, empty means absent, none too long.</summary>
public sealed class FormParameters
{
    private readonly Dictionary<string, string> _single;
    private readonly IReadOnlyList<string> _resources;

    private FormParameters(Dictionary<string, string> single, IReadOnlyList<string> resources) => (_single, _resources) = (single, resources);

    /// <summary><c>resource</c> is the one parameter that may be repeated (RFC 8707 §2).</summary>
    public IReadOnlyList<string> Resources => _resources;

    public IReadOnlyDictionary<string, string> All => _single;

    public string? this[string name] => _single.GetValueOrDefault(name);

    public bool Has(string name) => _single.ContainsKey(name);

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _single.TryGetValue(name, out value);

    /// <summary>Takes an <c>IFormCollection</c> or an <c>IQueryCollection</c>.</summary>
    public static Result<FormParameters> Read(IEnumerable<KeyValuePair<string, StringValues>> source)
    {
        var single = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string>? resources = null;
        var count = 0;
        foreach (var (name, values) in source)
        {
            if (++count > ParameterLimits.Count) return OAuthErrors.InvalidRequest("too many parameters");

            // Names that this server uses for itself beside a client's parameters begin with a control character: nobody else may say them.
            if (name.AsSpan().ContainsAny(ControlCharacters)) return OAuthErrors.InvalidRequest("a parameter's name has control characters");

            // The names of parameters come from the caller too; only the ones that fit the description's alphabet are repeated to him.
            foreach (var value in values)
            {
                if (string.IsNullOrEmpty(value)) continue;
                if (value.Length > ParameterLimits.Of(name)) return OAuthErrors.InvalidRequest($"{Printable(name)} is too long");
                if (value.AsSpan().ContainsAny(ControlCharacters)) return OAuthErrors.InvalidRequest($"{Printable(name)} has control characters");
                if (string.Equals(name, "resource", StringComparison.Ordinal))
                {
                    if ((resources ??= []).Count >= 16) return OAuthErrors.InvalidRequest("resource is given too often");
                    resources.Add(value);
                }
                else if (!single.TryAdd(name, value))
                {
                    return OAuthErrors.InvalidRequest($"{Printable(name)} is given more than once");
                }
            }

            // Two empty values are a repeat as well, even though neither counts as present.
            if (values.Count > 1 && !string.Equals(name, "resource", StringComparison.Ordinal))
                return OAuthErrors.InvalidRequest($"{Printable(name)} is given more than once");
        }

        return new FormParameters(single, resources ?? (IReadOnlyList<string>)[]);
    }

    /// <summary>From a message this server stored itself: a pushed or a pending request.</summary>
    public static FormParameters Of(IReadOnlyDictionary<string, string> values, IReadOnlyList<string> resources) =>
        new(new Dictionary<string, string>(values, StringComparer.Ordinal), resources);

    /// <summary>A copy in which <paramref name="name"/> has another value.</summary>
    public FormParameters With(string name, string value) => new(new Dictionary<string, string>(_single, StringComparer.Ordinal) { [name] = value }, _resources);

    public FormParameters Without(params ReadOnlySpan<string> names)
    {
        var copy = new Dictionary<string, string>(_single, StringComparer.Ordinal);
        foreach (var name in names) copy.Remove(name);
        return new FormParameters(copy, _resources);
    }

    private static readonly System.Buffers.SearchValues<char> ControlCharacters =
        System.Buffers.SearchValues.Create(string.Concat(Enumerable.Range(0, 32).Append(127).Select(i => (char)i)));

    private static string Printable(string name) =>
        name.Length <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? name : "a parameter";
}
