using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthServer.Admin.Documentation;

/// <summary>What the document says of each route: its right, its query, its body, and every problem it can answer.</summary>
internal static class RouteOperations
{
    public const string OAuth = "oauth2";
    public const string Bearer = "bearer";
    public const string ApiKey = "api_key";

    private const string Json = "application/json";

    private static readonly (string Status, string When)[] Problems =
    [
        ("400", "The body is no JSON object."), ("401", "No credential, or one that is not good."), ("403", "The credential lacks the right, or the act would give or touch more than its holder has."), ("404", "There is no such thing."),
        ("409", "Something that exists stands against it."), ("412", "It was changed since the version that If-Match names."), ("413", "The body is too large."), ("415", "The body is not said to be JSON."), ("422", "What was sent is not good; `errors` says which member and why."),
        ("429", "Too many requests with this credential; Retry-After says when to come back."), ("503", "The server is busy, or its database is away; Retry-After says when to come back."),
    ];

    public static async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var route = context.Description;
        var metadata = route.ActionDescriptor.EndpointMetadata;
        var (method, path) = (route.HttpMethod!, "/" + route.RelativePath!);
        var right = metadata.OfType<RouteRight>().Single().Right;
        var words = RouteNames.Of(method, path[AdminApi.Path.Length..], IsList(route.SupportedResponseTypes.Select(static r => r.Type)));

        operation.OperationId = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName ?? words.Id;
        operation.Summary = metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault()?.Summary ?? words.Summary;
        operation.Tags = new HashSet<OpenApiTagReference> { new(words.Tag, context.Document) };
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-required-right"] = new JsonNodeExtension(JsonValue.Create(right));
        operation.Security = [Requirement(OAuth, right), Requirement(Bearer), Requirement(ApiKey)];

        AddParameters(operation, method, path, metadata);
        var body = metadata.OfType<RouteBody>().LastOrDefault();
        if (body is not null) await AddBodyAsync(operation, body, context, ct);
        await AddProblemsAsync(operation, Expected(method, path, body is not null), context, ct);
        foreach (var (status, response) in operation.Responses ?? [])
            if (response is OpenApiResponse answer && status[0] == '2' && answer.Content?.Count > 0) await DescribeAsync(answer, method, context, ct);

        OpenApiSecurityRequirement Requirement(string scheme, params List<string> scopes) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = scopes };
    }

    private static bool IsList(IEnumerable<Type?> answers) => answers.Any(static type => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(PageAnswer<>));

    private static bool IsOne(string path) => path.EndsWith('}');

    private static IEnumerable<string> Expected(string method, string path, bool hasBody)
    {
        yield return "401";
        yield return "403";
        yield return "422";
        yield return "429";
        yield return "503";
        if (path.Contains('{', StringComparison.Ordinal)) yield return "404";
        if (method == "GET") yield break;
        yield return "409";
        if (TakesVersion(method, path)) yield return "412";
        if (!hasBody) yield break;
        yield return "400";
        yield return "413";
        yield return "415";
    }

    private static bool TakesVersion(string method, string path) => method is "PATCH" or "DELETE" && IsOne(path) && path.Count(static c => c == '{') == 1;

    private static void AddParameters(OpenApiOperation operation, string method, string path, IList<object> metadata)
    {
        operation.Parameters ??= [];
        foreach (var place in operation.Parameters.OfType<OpenApiParameter>().Where(static p => p.In == ParameterLocation.Path)) place.Description ??= $"Which {RouteNames.ThingOf(path, place.Name!)}.";
        foreach (var query in metadata.OfType<RouteQuery>()) operation.Parameters.Add(Parameter(query.Name, ParameterLocation.Query, query.Description));
        if (TakesVersion(method, path)) operation.Parameters.Add(Parameter("If-Match", ParameterLocation.Header, "The ETag of what you have seen."));
        if (method == "POST" && operation.Responses?.ContainsKey("201") == true) operation.Parameters.Add(Parameter(IdempotentCreate.Header, ParameterLocation.Header, "Sent again with the same one, the request makes nothing new; what it made is answered, without its secret."));
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Schema = name == "limit" ? new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "200" } : new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static async Task AddBodyAsync(OpenApiOperation operation, RouteBody body, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await ReferenceAsync(body.Type, context, ct);
        var example = Examples.Of(body.Type, schema);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = body.ContentTypes.ToDictionary(static type => type, _ => new OpenApiMediaType { Schema = schema, Example = example?.DeepClone() }, StringComparer.Ordinal),
        };
    }

    private static async Task AddProblemsAsync(OpenApiOperation operation, IEnumerable<string> expected, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var problem = await ReferenceAsync(typeof(ProblemBody), context, ct);
        operation.Responses ??= [];
        foreach (var status in expected.Order(StringComparer.Ordinal))
        {
            var answer = new OpenApiResponse
            {
                Description = Problems.Single(p => p.Status == status).When,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = problem } },
            };
            if (status == "401") answer.Headers = Said("WWW-Authenticate", "What is missing (RFC 6750 §3).");
            if (status is "429" or "503") answer.Headers = Said("Retry-After", "Seconds.");
            context.Document!.AddComponent("problem-" + status, answer);
            operation.Responses[status] = new OpenApiResponseReference("problem-" + status, context.Document);
        }
    }

    private static Dictionary<string, IOpenApiHeader> Said(string header, string description) => new() { [header] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } } };

    private static async Task DescribeAsync(OpenApiResponse answer, string method, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (answer.Content?.TryGetValue(Json, out var media) != true || media!.Schema is not { } schema) return;
        var type = context.Description.SupportedResponseTypes.FirstOrDefault(static r => r.StatusCode is >= 200 and < 300)?.Type;
        media.Example = type is null ? null : Examples.Of(type, await ReferenceAsync(type, context, ct));
        if (type is { IsGenericType: true } || schema.Properties?.ContainsKey("version") == false) return;
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers["ETag"] = new OpenApiHeader { Description = "The version, for If-Match.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        if (method == "POST") answer.Headers["Location"] = new OpenApiHeader { Description = "Where it is.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    private static async Task<IOpenApiSchema> ReferenceAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, ct);
        if (SchemaNames.Of(type) is not { } name || context.Document is not { } document) return schema;
        document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }
}
