using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>A JSON body in which a null means the same as leaving the member out: the SDK sends every member it knows, set or not.</summary>
internal sealed class KamiwazaBody
{
    private readonly JsonObject _members;
    private readonly List<JsonObject> _faults = [];

    private KamiwazaBody(JsonObject members) => _members = members;

    /// <summary>The answer 422 where something of what was asked for is missing or of the wrong kind.</summary>
    public Raw? Refusal => _faults.Count > 0 ? FastApi.Unprocessable(_faults) : null;

    public static KamiwazaBody? Read(DialectRequest request, out Raw? refusal)
    {
        refusal = FastApiFields.OfJson(request).Refusal;
        return refusal is null ? new KamiwazaBody((JsonObject)request.Json!) : null;
    }

    public bool Has(string name) => _members[name] is not null;

    public string? Text(string name) => Value(name, static v => v.TryGetValue<string>(out var text) ? text : null, "string_type", "Input should be a valid string");

    /// <summary>"" after a fault.</summary>
    public string Required(string name)
    {
        if (!_members.ContainsKey(name)) _faults.Add(FastApi.Missing("body", name, new JsonObject()));
        else if (_members[name] is null) _faults.Add(FastApi.Fault("string_type", "Input should be a valid string", null, "body", name));
        return Text(name) ?? "";
    }

    public bool? Truth(string name) => Value<bool?>(name, static v => v.TryGetValue<bool>(out var truth) ? truth : null, "bool_type", "Input should be a valid boolean");

    public long? Number(string name) => Value<long?>(name, static v => v.TryGetValue<long>(out var number) ? number : null, "int_type", "Input should be a valid integer");

    /// <summary>Null where the member is missing or null: unchanged.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (_members[name] is not { } node) return null;
        if (node is JsonArray list && list.All(static e => DialectRequest.Text(e) is not null)) return [.. list.Select(static e => DialectRequest.Text(e)!).Distinct(StringComparer.Ordinal)];
        _faults.Add(FastApi.Fault("list_type", "Input should be a valid list", null, "body", name));
        return null;
    }

    /// <summary>Like <see cref="Texts"/>, in the 36-character form.</summary>
    public IReadOnlyList<string>? Ids(string name)
    {
        if (Texts(name) is not { } texts) return null;
        foreach (var text in texts)
            if (!Guid.TryParse(text, out _)) _faults.Add(FastApi.Fault("uuid_parsing", "Input should be a valid UUID", null, "body", name));
        return [.. texts.Where(static t => Guid.TryParse(t, out _)).Select(static t => Guid.Parse(t).ToString())];
    }

    public JsonElement? Object(string name)
    {
        if (_members[name] is not { } node) return null;
        if (node is JsonObject) return JsonSerializer.SerializeToElement(node);
        _faults.Add(FastApi.Fault("model_attributes_type", "Input should be a valid dictionary or object to extract fields from", null, "body", name));
        return null;
    }

    private T? Value<T>(string name, Func<JsonValue, T?> read, string type, string message)
    {
        if (_members[name] is not { } node) return default;
        if (node is JsonValue value && read(value) is { } found) return found;
        _faults.Add(FastApi.Fault(type, message, null, "body", name));
        return default;
    }
}
