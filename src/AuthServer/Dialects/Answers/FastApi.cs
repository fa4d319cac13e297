using System.Text.Json.Nodes;

namespace AuthServer.Dialects.Answers;

/// <summary>How services built with FastAPI say that something is wrong (Kamiwaza, Chat, Acgs, RagModulo).</summary>
internal static class FastApi
{
    public const string NotAuthenticated = "Not authenticated";

    public static Raw Detail(int status, string detail) => Raw.Json(status, new JsonObject { ["detail"] = detail });

    /// <summary>401 with the challenge that FastAPI's security classes send.</summary>
    public static Raw Challenge(string detail) => Detail(StatusCodes.Status401Unauthorized, detail).With("WWW-Authenticate", "Bearer");

    /// <summary>What the framework says by itself.</summary>
    public static Raw Plain(int status) => status switch
    {
        StatusCodes.Status404NotFound => Detail(status, "Not Found"),
        StatusCodes.Status405MethodNotAllowed => Detail(status, "Method Not Allowed"),
        StatusCodes.Status410Gone => Detail(status, "This API has been switched off"),
        StatusCodes.Status413PayloadTooLarge => Detail(status, "Request body too large"),
        StatusCodes.Status429TooManyRequests => Detail(status, "Rate limit exceeded").With("Retry-After", "1"),
        StatusCodes.Status503ServiceUnavailable => Detail(status, "Service unavailable").With("Retry-After", "1"),
        _ => Raw.Text(StatusCodes.Status500InternalServerError, "Internal Server Error"),
    };

    public static Raw Unprocessable(params IReadOnlyList<JsonObject> faults) => Raw.Json(StatusCodes.Status422UnprocessableEntity, new JsonObject { ["detail"] = new JsonArray([.. faults]) });

    /// <summary>One entry of pydantic's list. The original repeats the whole body as <c>input</c>, password and all; this one repeats nothing.</summary>
    public static JsonObject Fault(string type, string message, JsonNode? input, params IReadOnlyList<JsonNode> place) =>
        new() { ["type"] = type, ["loc"] = new JsonArray([.. place]), ["msg"] = message, ["input"] = input };

    public static JsonObject Missing(string where, string field, JsonNode? input = null) => Fault("missing", "Field required", input, where, field);
}

/// <summary>The text fields that a FastAPI endpoint declares, read as it reads them.</summary>
internal sealed class FastApiFields
{
    private readonly DialectRequest _request;
    private readonly bool _json;
    private readonly List<JsonObject> _faults = [];

    private FastApiFields(DialectRequest request, bool json) => (_request, _json) = (request, json);

    /// <summary>Null: all is good. Otherwise the answer 422.</summary>
    public Raw? Refusal => _faults.Count > 0 ? FastApi.Unprocessable(_faults) : null;

    /// <summary>What is wrong, entry by entry, for APIs that put it into an envelope of their own.</summary>
    public IReadOnlyList<JsonObject> Faults => _faults;

    /// <summary>For an endpoint with a JSON model.</summary>
    public static FastApiFields OfJson(DialectRequest request)
    {
        var fields = new FastApiFields(request, json: true);
        if (request.JsonFault is { } fault)
            fields._faults.Add(new JsonObject
            {
                ["type"] = "json_invalid", ["loc"] = new JsonArray("body", fault.BytePositionInLine ?? 0), ["msg"] = "JSON decode error", ["input"] = new JsonObject(), ["ctx"] = new JsonObject { ["error"] = "Expecting value" },
            });
        else if (request is { IsEmpty: true, HasForm: false } || request.Json is null && request.SaysJson) fields._faults.Add(FastApi.Fault("missing", "Field required", null, "body"));
        else if (request.Json is not JsonObject)
            fields._faults.Add(FastApi.Fault("model_attributes_type", "Input should be a valid dictionary or object to extract fields from", "", "body"));
        return fields;
    }

    /// <summary>For an endpoint with form parameters; the query does not count.</summary>
    public static FastApiFields OfForm(DialectRequest request) => new(request, json: false);

    /// <summary>A text that must be there; "" after a fault.</summary>
    public string Required(string name)
    {
        if (_json && _request.Json is not JsonObject) return "";
        if (!_request.Has(name))
        {
            _faults.Add(FastApi.Missing("body", name, _json ? new JsonObject() : null));
            return "";
        }

        return Read(name) ?? "";
    }

    /// <summary>A text that may be missing or null.</summary>
    public string? Optional(string name) => _json && (_request.Json is not JsonObject members || members[name] is null) || !_request.Has(name) ? null : Read(name);

    /// <summary>A value that must match the pattern of the framework's password form.</summary>
    public void MustBe(string name, string value, string pattern)
    {
        if (Optional(name) is { } given && given != value)
            _faults.Add(new JsonObject
            {
                ["type"] = "string_pattern_mismatch", ["loc"] = new JsonArray("body", name), ["msg"] = $"String should match pattern '{pattern}'", ["input"] = given, ["ctx"] = new JsonObject { ["pattern"] = pattern },
            });
    }

    private string? Read(string name)
    {
        var text = _request[name];
        if (text is null) _faults.Add(FastApi.Fault("string_type", "Input should be a valid string", null, "body", name));
        return text;
    }
}
