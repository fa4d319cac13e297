using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Admin;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>The document of the administration API says what is there: nothing is left out, nothing is made up.</summary>
[Spec("OpenAPI 3.1 §4.8")]
public sealed partial class OpenApiTests(OpenApiTests.Fixture shared) : IClassFixture<OpenApiTests.Fixture>
{
    public sealed class Fixture : AdministeredServer
    {
        /// <summary>What each request asked of its query.</summary>
        internal ConcurrentDictionary<string, ConcurrentBag<string>> Asked { get; } = new(StringComparer.Ordinal);

        protected override TestServerSettings Settings => new() { Services = services => services.AddSingleton<IStartupFilter>(new QueryWatch(Asked)) };
    }

    private TestServer Server => shared.Server;

    private async Task<JsonElement> DocumentAsync() => await TestServer.JsonAsync(await Server.GetAsync(AdminApi.Path + "/openapi.json"));

    [Fact]
    public async Task It_reads_as_OpenAPI_3_1_without_a_complaint()
    {
        var text = await Server.Http.GetStringAsync(new Uri(AdminApi.Path + "/openapi.json", UriKind.Relative));

        var (document, diagnostic) = OpenApiDocument.Parse(text, "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic!.SpecificationVersion);
        Assert.Empty(diagnostic.Errors.Select(static e => e.ToString()));
        Assert.Empty(diagnostic.Warnings.Select(static e => e.ToString()));
        Assert.Empty(document!.Validate(ValidationRuleSet.GetDefaultRuleSet()).Select(static e => e.ToString()));
    }

    [Fact]
    public async Task Each_route_is_in_it_and_each_operation_is_a_route_with_the_right_it_says()
    {
        var mapped = AdminRoutes.Mapped(Server).Select(static r => $"{r.Method} {r.Path} {r.Right ?? "no .Needs(right)"}").Order(StringComparer.Ordinal);
        var said = (await AdminRoutes.OfDocumentAsync(Server)).Select(static r => $"{r.Method} {r.Path} {r.Right}").Order(StringComparer.Ordinal);

        Assert.Equal(mapped, said);
    }

    [Fact]
    public async Task Each_operation_has_a_name_of_its_own_and_says_all_that_a_caller_needs()
    {
        var routes = await AdminRoutes.OfDocumentAsync(Server);
        var scopes = AdminRights.All.Select(static r => r.Name).ToHashSet(StringComparer.Ordinal);
        var faults = routes.GroupBy(static r => r.Operation.GetProperty("operationId").GetString()).Where(static g => g.Count() > 1)
            .Select(static g => $"{string.Join(", ", g)}: all are called {g.Key}; call one of them otherwise by .WithName(…).").ToList();
        foreach (var route in routes)
        {
            var operation = route.Operation;
            void Want(bool there, string what)
            {
                if (!there) faults.Add($"{route}: {what}");
            }

            var answers = operation.GetProperty("responses");
            Want(Name.IsMatch(operation.GetProperty("operationId").GetString()!), "its operationId is not snake_case; .WithName(…) says another.");
            Want(operation.GetProperty("summary").GetString() is { Length: > 5 }, "no summary; .WithSummary(…) says one.");
            Want(operation.GetProperty("tags").GetArrayLength() == 1, "no tag.");
            Want(scopes.Contains(route.Right), ".Needs(…) names a right that AdminRights does not have.");
            Want(operation.GetProperty("security").EnumerateArray().SelectMany(static s => s.EnumerateObject()).Any(s => s.Name == "oauth2" && s.Value[0].GetString() == route.Right), "its scope is missing.");
            foreach (var status in (string[])["401", "403", "422", "429", .. route.Parameters.Length > 0 ? (string[])["404"] : [], .. route.IsWrite ? (string[])["409"] : [], .. route.HasBody ? (string[])["400"] : []])
                Want(answers.TryGetProperty(status, out _), $"the answer {status} is missing.");
            var good = answers.EnumerateObject().Where(static a => a.Name[0] == '2').ToArray();
            Want(good.Length == 1, "not exactly one good answer; .Produces<T>(…) says it.");
            foreach (var answer in good.Where(static a => a.Name != "204"))
                Want(answer.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json) && json.TryGetProperty("schema", out _) && json.TryGetProperty("example", out _), "its answer has no schema and example; .Produces<T>() says the type.");
            Want(route.Method is not "PATCH" || route.HasBody, "no body; .Accepts<T>(\"application/json\") says its type.");
            if (route.HasBody) Want(operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _), "no example of its body.");
            foreach (var parameter in operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default)
                Want(parameter.TryGetProperty("description", out var words) && words.GetString()!.Length > 5, $"its parameter {parameter.GetProperty("name")} is not described.");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task The_query_of_each_route_is_what_the_route_reads()
    {
        var faults = new List<string>();
        foreach (var route in (await AdminRoutes.OfDocumentAsync(Server)).Where(static r => !r.IsWrite))
        {
            var path = route.At(static _ => Guid.NewGuid().ToString());
            await Server.AdminAsync(HttpMethod.Get, path, shared.Token);

            var said = route.Operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().Where(static p => p.GetProperty("in").GetString() == "query").Select(static p => p.GetProperty("name").GetString()!).ToArray() : [];
            // Languages are everybody's, and a list with one order reads none.
            var read = shared.Asked.GetValueOrDefault(AdminApi.Path + path, []).Except(["ui_locales", .. said.Contains("limit") && !said.Contains("sort") ? (string[])["sort"] : []]).ToHashSet(StringComparer.Ordinal);
            faults.AddRange(read.Except(said).Select(name => $"{route} reads {name} and does not say so: .Query(\"{name}\", …) or .Paged(…)."));
            faults.AddRange(said.Except(read).Select(name => $"{route} says that it reads {name} and does not."));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task The_ways_to_show_who_one_is_are_said_with_every_right_as_a_scope()
    {
        var schemes = (await DocumentAsync()).GetProperty("components").GetProperty("securitySchemes");
        var flows = schemes.GetProperty("oauth2").GetProperty("flows");
        var discovery = await TestServer.JsonAsync(await Server.GetAsync("/.well-known/openid-configuration"));

        Assert.Equal(("http", "bearer"), (schemes.GetProperty("bearer").GetProperty("type").GetString(), schemes.GetProperty("bearer").GetProperty("scheme").GetString()));
        Assert.Equal(("apiKey", "header", "X-API-Key"), (schemes.GetProperty("api_key").GetProperty("type").GetString(), schemes.GetProperty("api_key").GetProperty("in").GetString(), schemes.GetProperty("api_key").GetProperty("name").GetString()));
        Assert.Equal(discovery.GetProperty("authorization_endpoint").GetString(), flows.GetProperty("authorizationCode").GetProperty("authorizationUrl").GetString());
        foreach (var flow in (string[])["authorizationCode", "clientCredentials"])
        {
            Assert.Equal(discovery.GetProperty("token_endpoint").GetString(), flows.GetProperty(flow).GetProperty("tokenUrl").GetString());
            Assert.Equal(AdminRights.All.Select(static r => r.Name).Order(StringComparer.Ordinal), flows.GetProperty(flow).GetProperty("scopes").EnumerateObject().Select(static s => s.Name).Order(StringComparer.Ordinal));
        }
    }

    [Theory, Spec("RFC 9110 §15.5.6")]
    [InlineData("PUT", "/users", "GET, POST"), InlineData("POST", "/users/x", "DELETE, GET, PATCH"), InlineData("GET", "/keys/rotate", "DELETE, POST"), InlineData("DELETE", "/audit", "GET"), InlineData("GET", "/users/x/disable", "POST")]
    public async Task A_method_that_a_path_does_not_take_is_answered_with_those_it_takes(string method, string path, string allowed)
    {
        var answer = await Server.AdminAsync(new HttpMethod(method), path, shared.Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        Assert.Equal("method-not-allowed", (await AdministeredServer.ProblemAsync(answer)).Type);
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)+$")]
    private static partial Regex Name { get; }

    /// <summary>Notes which names of the query are read.</summary>
    private sealed class QueryWatch(ConcurrentDictionary<string, ConcurrentBag<string>> asked) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, following) =>
            {
                if (http.Request.Path.StartsWithSegments(AdminApi.Path, StringComparison.Ordinal)) http.Features.Set<IQueryFeature>(new QueryFeature(new Watched(http.Request.Query, asked.GetOrAdd(http.Request.Path, static _ => []))));
                return following(http);
            });
            next(app);
        };
    }

    private sealed class Watched(IQueryCollection inner, ConcurrentBag<string> names) : IQueryCollection
    {
        public StringValues this[string key] => Noted(key)[key];

        public int Count => inner.Count;

        public ICollection<string> Keys => inner.Keys;

        public bool ContainsKey(string key) => Noted(key).ContainsKey(key);

        public bool TryGetValue(string key, out StringValues value) => Noted(key).TryGetValue(key, out value);

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => inner.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => inner.GetEnumerator();

        private IQueryCollection Noted(string key)
        {
            names.Add(key);
            return inner;
        }
    }
}
