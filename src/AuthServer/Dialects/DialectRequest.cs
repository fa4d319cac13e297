using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Dialects;

/// <summary>A request to a compatibility API: its body is read once, in whichever of the three forms it came.</summary>
internal sealed class DialectRequest
{
    /// <summary>Bytes of a body at most.</summary>
    public const int MaximumBody = 256 * 1024;

    private DialectRequest(HttpContext http) => Http = http;

    public HttpContext Http { get; }

    /// <summary>Who answers; null until that is decided.</summary>
    public IDialect? AnsweredBy { get; init; }

    /// <summary>What the dialect's settings say.</summary>
    public DialectSettings Settings { get; init; } = new();

    public string? Address => Http.Connection.RemoteIpAddress?.ToString();

    /// <summary>The fields of an urlencoded or multipart body; empty otherwise.</summary>
    public IFormCollection Form { get; private set; } = FormCollection.Empty;

    public bool HasForm { get; private set; }

    public bool IsMultipart => Http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The value of a JSON body; null where there is none or it is the JSON null.</summary>
    public JsonNode? Json { get; private set; }

    /// <summary>The media type says JSON, whatever the body is.</summary>
    public bool SaysJson { get; private set; }

    /// <summary>The body says it is JSON and is not.</summary>
    public JsonException? JsonFault { get; private set; }

    public bool IsEmpty { get; private set; } = true;

    /// <summary>The body was larger than <see cref="MaximumBody"/>, or no form; nothing of it was read.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>A member of the JSON object or a field of the form; null where it is missing or no text.</summary>
    public string? this[string name] => Json is JsonObject members ? Text(members[name]) : Form.TryGetValue(name, out var value) ? value.ToString() : null;

    public bool Has(string name) => Json is JsonObject members ? members.ContainsKey(name) : Form.ContainsKey(name);

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Route(string name) => Http.Request.RouteValues[name] as string;

    /// <summary>Null also for what JSON allows and no text is: half of a pair of surrogates.</summary>
    public static string? Text(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The same request as another dialect sees it.</summary>
    public DialectRequest For(IDialect dialect, DialectSettings settings) => new(Http)
    {
        AnsweredBy = dialect, Settings = settings, Form = Form, HasForm = HasForm, Json = Json, SaysJson = SaysJson, JsonFault = JsonFault, IsEmpty = IsEmpty, IsUnreadable = IsUnreadable,
    };

    public static async Task<DialectRequest> ReadAsync(HttpContext http, CancellationToken ct)
    {
        var request = new DialectRequest(http);
        try
        {
            await request.ReadBodyAsync(ct);
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException)
        {
            request.IsUnreadable = true;
        }

        return request;
    }

    private async Task ReadBodyAsync(CancellationToken ct)
    {
        var http = Http.Request;
        if (http.ContentLength > MaximumBody) throw new InvalidDataException();
        if (http.HasFormContentType)
        {
            Form = await http.ReadFormAsync(new Microsoft.AspNetCore.Http.Features.FormOptions { BufferBodyLengthLimit = MaximumBody, MultipartBodyLengthLimit = MaximumBody, KeyLengthLimit = 256, ValueCountLimit = 64 }, ct);
            (HasForm, IsEmpty) = (true, Form.Count == 0);
            return;
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[8 * 1024];
        for (int read; (read = await http.Body.ReadAsync(chunk, ct)) > 0;)
        {
            if (buffer.Length + read > MaximumBody) throw new InvalidDataException();
            buffer.Write(chunk, 0, read);
        }

        IsEmpty = buffer.Length == 0;
        SaysJson = http.ContentType is { } type && (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.Contains("+json", StringComparison.OrdinalIgnoreCase));
        // Clients of FastAPI that forget the header still send JSON.
        if (IsEmpty || !(SaysJson || http.ContentType is null)) return;
        try
        {
            Json = JsonNode.Parse(buffer.ToArray(), documentOptions: new JsonDocumentOptions { MaxDepth = 32 });
            // A name that stands twice is found out when the object is first looked into.
            if (Json is JsonObject members) _ = members.Count;
        }
        catch (JsonException fault)
        {
            JsonFault = fault;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            JsonFault = new JsonException(fault.Message);
        }
    }
}
