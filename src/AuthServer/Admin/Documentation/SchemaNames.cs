namespace AuthServer.Admin.Documentation;

/// <summary>The names of schemas: what a thing is called, without the program's endings.</summary>
internal static class SchemaNames
{
    /// <summary>Null for types that are not of this API.</summary>
    public static string? Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(PageAnswer<>)) return Of(type.GetGenericArguments()[0]) + "Page";
        if (type.Namespace?.StartsWith("AuthServer.", StringComparison.Ordinal) != true || type.IsEnum || type.IsGenericType) return null;
        if (type.Name.EndsWith("Answer", StringComparison.Ordinal)) return type.Name[..^"Answer".Length];
        return type.Name.EndsWith("Body", StringComparison.Ordinal) && type != typeof(ProblemBody) ? type.Name[..^"Body".Length] + "Form" : type.Name == nameof(ProblemBody) ? "Problem" : type.Name;
    }
}
