using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Scim.Messages;

/// <summary>The versions a request names (RFC 7644 §3.14). Weak or strong: what the specification shows in its examples is weak.</summary>
internal sealed record EntityTags(IReadOnlyList<string> Values)
{
    /// <summary>None was named: whatever version there is will do.</summary>
    public static readonly EntityTags None = new([]);

    public static EntityTags Read(IList<string> header)
    {
        if (header.Count == 0) return None;
        // What cannot be read is no version of anything.
        if (!EntityTagHeaderValue.TryParseList(header, out var tags)) return new EntityTags([""]);
        return tags.Any(static t => t.Tag == "*") ? None : new EntityTags([.. tags.Select(static t => t.Tag.ToString().Trim('"'))]);
    }

    public bool IsNone => Values.Count == 0;

    /// <summary>Of what follows from elsewhere, as somebody's groups, a hash stands behind a dot.</summary>
    public static string Write(string version, IEnumerable<string>? more)
    {
        var all = more?.ToList() ?? [];
        return all.Count == 0 ? $"W/\"{version}\"" : $"W/\"{version}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all))).AsSpan(0, 8))}\"";
    }

    /// <summary>Whether one of them is this version, whatever follows from elsewhere.</summary>
    public bool Name(string version) => IsNone || Values.Any(v => v.Split('.')[0] == version);

    /// <summary>Whether one of them is exactly what <see cref="Write"/> wrote.</summary>
    public bool NameExactly(string written) => Values.Any(v => written == $"W/\"{v}\"");
}
