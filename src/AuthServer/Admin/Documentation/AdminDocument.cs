using AuthServer.Engine.Administration;
using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthServer.Admin.Documentation;

/// <summary>The OpenAPI 3.1 document of the administration API, made of the routes themselves when somebody asks for it first.</summary>
internal sealed class AdminDocument(IServiceProvider services)
{
    public const string Path = AdminApi.Path + "/openapi.json";
    private const string Name = "admin";

    private volatile byte[]? _json;

    /// <summary>Nothing of this runs before <see cref="JsonAsync"/> is called.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AdminDocument>();
        services.ConfigureHttpJsonOptions(static http =>
        {
            // The schemas are those of the JSON that the API reads and writes.
            http.SerializerOptions.PropertyNamingPolicy = AdminJson.Options.PropertyNamingPolicy;
            http.SerializerOptions.UnmappedMemberHandling = AdminJson.Options.UnmappedMemberHandling;
            http.SerializerOptions.NumberHandling = AdminJson.Options.NumberHandling;
            foreach (var converter in AdminJson.Options.Converters) http.SerializerOptions.Converters.Add(converter);
        });
        services.AddOpenApi(Name, static options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = static route => route.RelativePath?.StartsWith(AdminApi.Path[1..] + "/", StringComparison.Ordinal) == true && route.ActionDescriptor.EndpointMetadata.OfType<RouteRight>().Any();
            options.CreateSchemaReferenceId = static type => SchemaNames.Of(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer(ClientSchemas.TransformAsync);
            options.AddOperationTransformer(RouteOperations.TransformAsync);
            options.AddDocumentTransformer(DescribeAsync);
        });
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, static async (HttpContext http, AdminDocument document) =>
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(await document.JsonAsync(http.RequestAborted), "application/json");
    }).WithMetadata(new OpenRouteAttribute("says what the routes are, nothing of what is behind them")).ExcludeFromDescription();

    public async Task<byte[]> JsonAsync(CancellationToken ct)
    {
        // Two who ask first at the same time make it twice, which does no harm.
        if (_json is { } made) return made;
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(ct);
        using var text = new MemoryStream();
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1, ct);
        return _json = text.ToArray();
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Administration API",
            Version = "v1",
            Description = """
                Everything that the administration pages do. Each operation names the right it needs (`x-required-right`): an access token needs the scope of that name, and a person behind it the right as well.

                Errors are problem details (RFC 9457) with a `type` that never changes. Lists come in parts: `next` is the `cursor` of the following one. Answers carry an `ETag`; send it back as `If-Match` so that
                you overwrite nothing you have not seen. A `PATCH` is a JSON merge patch (RFC 7396): what it leaves out stays as it is. With an `Idempotency-Key` a create can be sent again when its answer was lost.
                """,
        };
        var issuer = context.ApplicationServices.GetRequiredService<Issuer>().Identifier.TrimEnd('/');
        document.Servers = [new OpenApiServer { Url = issuer }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = SecuritySchemes.Of(issuer);
        document.Tags = document.Paths.SelectMany(static p => p.Value.Operations ?? []).SelectMany(static o => o.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(static t => t.Name!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(static name => new OpenApiTag { Name = name }).ToHashSet();
        return Task.CompletedTask;
    }
}
