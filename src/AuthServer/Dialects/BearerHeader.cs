namespace AuthServer.Dialects;

/// <summary>The token in the Authorization header, as FastAPI and Django read it.</summary>
internal static class BearerHeader
{
    /// <summary>Null where there is no header, or its scheme is another one.</summary>
    public static string? Read(DialectRequest request) =>
        request.Http.Request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
}
