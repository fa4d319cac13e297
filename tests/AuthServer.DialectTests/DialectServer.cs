using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.DialectTests;

/// <summary>A server with every old API switched on at its old paths, and tokens that are its own.</summary>
public class DialectServer : IAsyncLifetime
{
    private static int _people;

    public const string Password = TestServer.Password;

    public TestServer Server { get; private set; } = null!;

    /// <summary>Further settings, by their full names.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Settings => [];

    public async Task InitializeAsync()
    {
        var settings = new TestServerSettings { Services = TestAddress.Add };
        foreach (var dialect in new[] { "Kamiwaza", "Chat", "Samurai", "Acgs", "RagModulo" }) settings.Settings[$"Dialects:{dialect}:Enabled"] = "true";
        foreach (var (name, value) in Settings) settings.Settings[name] = value;
        Server = await TestServer.StartAsync(settings);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>A name that no other test uses.</summary>
    public static string NewName(string start = "person") => start + Interlocked.Increment(ref _people).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Sends exactly this. Headers whose name belongs to the content go there.</summary>
    public async Task<WireAnswer> SendAsync(string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Server.Http.SendAsync(request);
        return await WireAnswer.ReadAsync(response);
    }

    public static HttpContent Json(object body) => Json(JsonSerializer.Serialize(body));

    public static HttpContent Json(string text)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static HttpContent Form(params (string Name, string Value)[] fields) => new FormUrlEncodedContent(fields.Select(static f => KeyValuePair.Create(f.Name, f.Value)));

    public static HttpContent Multipart(params (string Name, string Value)[] fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        return content;
    }

    public static (string, string) Bearer(string token) => ("Authorization", "Bearer " + token);
}

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Headers">With those of the content; several of one name are joined by a line break.</param>
public sealed record WireAnswer(int Status, string? ContentType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The body is the JSON null.");

    public string? this[string member] => (string?)Json[member];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The whole of it: status, and the body as JSON, member by member in any order.</summary>
    public void Is(int status, string json)
    {
        Assert.True(status == Status, $"{Status}: {Body}");
        Assert.Equal("application/json", ContentType);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(Body)), $"expected {json}\nbut got  {Body}");
    }

    internal static async Task<WireAnswer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(),
        response.Headers.Concat(response.Content.Headers).ToDictionary(static h => h.Key, static h => string.Join('\n', h.Value), StringComparer.OrdinalIgnoreCase));
}
