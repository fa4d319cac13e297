using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace AuthServer.Dialects.Answers;

/// <summary>An answer exactly as the old service sent it: status, headers, body, and nothing of this server's own formats.</summary>
internal sealed class Raw : IResult
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    private readonly byte[] _body;

    private Raw(int status, string? contentType, byte[] body) => (Status, ContentType, _body) = (status, contentType, body);

    public int Status { get; }

    public string? ContentType { get; }

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The body, where it is JSON.</summary>
    public JsonNode? Value { get; private init; }

    public static Raw Json(int status, JsonNode? body) => new(status, "application/json", Encoding.UTF8.GetBytes(body?.ToJsonString(Plain) ?? "null")) { Value = body };

    public static Raw Text(int status, string text) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public static Raw Empty(int status) => new(status, null, []);

    public Raw With(string name, string value)
    {
        Headers.Add((name, value));
        return this;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        // Cookies are added to each other; everything else has one value, also where a limit wrote its own before. Without a value it is not sent.
        foreach (var (name, value) in Headers)
        {
            if (name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)) response.Headers.Append(name, value);
            else if (value.Length > 0) response.Headers[name] = value;
        }

        if (ContentType is null) return;
        response.ContentType = ContentType;
        response.ContentLength = _body.Length;
        await response.Body.WriteAsync(_body, httpContext.RequestAborted);
    }
}
