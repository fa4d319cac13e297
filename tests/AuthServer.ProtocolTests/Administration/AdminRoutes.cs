using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Admin;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>A route of the administration API, as the document says it.</summary>
internal sealed partial record AdminRoute(string Method, string Path, string Right, JsonElement Operation)
{
    /// <summary>Under the API's path.</summary>
    public string Short => Path[AdminApi.Path.Length..];

    public bool IsWrite => Method != "GET";

    public bool HasBody => Operation.TryGetProperty("requestBody", out _);

    public string[] Parameters { get; } = [.. Place.Matches(Path).Select(static m => m.Groups[1].Value)];

    public override string ToString() => $"{Method} {Short}";

    /// <summary>With something in the place of each parameter.</summary>
    public string At(Func<string, string> value) => Place.Replace(Short, m => Uri.EscapeDataString(value(m.Groups[1].Value)));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place { get; }
}

/// <summary>The routes of the administration API: those of the document, and those that are mapped.</summary>
internal static class AdminRoutes
{
    public static async Task<IReadOnlyList<AdminRoute>> OfDocumentAsync(TestServer server)
    {
        var document = await TestServer.JsonAsync(await server.GetAsync(AdminApi.Path + "/openapi.json"));
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(static path => path.Value.EnumerateObject().Select(operation =>
            new AdminRoute(operation.Name.ToUpperInvariant(), path.Name, operation.Value.GetProperty("x-required-right").GetString()!, operation.Value)))];
    }

    public static IEnumerable<(string Method, string Path, string? Right)> Mapped(TestServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.StartsWith(AdminApi.Path + "/", StringComparison.Ordinal) && endpoint.RoutePattern.RawText != AdminApi.Path + "/openapi.json" && !endpoint.RoutePattern.RawText.Contains("{**", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"]
        select (method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<RouteRight>()?.Right);
}
