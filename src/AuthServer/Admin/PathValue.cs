using System.Diagnostics.CodeAnalysis;
using AuthServer.Engine.Administration;

namespace AuthServer.Admin;

/// <summary>A name in a path that may itself be an address: routing leaves an encoded slash as it is, because it would be one of the path's own.</summary>
internal static class PathValue
{
    public static string Read(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}

/// <summary><c>true</c> or <c>false</c> in a query.</summary>
internal static class Truth
{
    public static bool TryRead(string? text, string field, out bool? truth, [NotNullWhen(false)] out IResult? fault)
    {
        (truth, fault) = (text switch { "true" => true, "false" => false, _ => null }, null);
        if (truth is null && !string.IsNullOrEmpty(text)) fault = AdminAnswers.Of(Refusal.Invalid(new Objection(field, "malformed", "true or false.")));
        return fault is null;
    }
}
