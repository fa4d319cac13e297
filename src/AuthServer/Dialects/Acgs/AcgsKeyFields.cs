using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;

namespace AuthServer.Dialects.Acgs;

/// <summary>The form of an API key as ACGS sends it; null means the default, or unchanged.</summary>
internal sealed class AcgsKeyFields(DialectRequest request)
{
    /// <summary>What reading meant there: who somebody is.</summary>
    private static readonly string[] Reading = ["openid", "profile", "email"];

    private readonly List<JsonObject> _faults = [];

    public IReadOnlyList<JsonObject> Faults => _faults;

    /// <summary>Days until the key ends; null: the server's default.</summary>
    public int? Days { get; private set; }

    public bool? IsActive { get; private set; }

    /// <summary>The member by its name here, for the engine's objections.</summary>
    public static string NameOf(string field) => field switch { "expires_at" => "expires_in_days", "rate_per_hour" => "rate_limit_per_minute", "allowed_addresses" => "allowed_ips", _ => field };

    public ApiKeyForm Read(bool isNew)
    {
        var fields = FastApiFields.OfJson(request);
        var name = isNew ? fields.Required("name") : fields.Optional("name");
        _faults.AddRange(fields.Faults);
        if (request.Json is not JsonObject members) return new ApiKeyForm();
        Days = isNew ? Whole(members, "expires_in_days", 36_500) : null;
        IsActive = members["is_active"] is JsonValue active && active.TryGetValue<bool>(out var on) ? on : null;
        var scopes = Texts(members, "scopes") ?? (isNew ? ["read"] : null);
        return new ApiKeyForm
        {
            Name = name, Scopes = scopes is null ? null : [.. scopes.SelectMany(static s => s == "read" ? Reading : [s]).Distinct(StringComparer.Ordinal)],
            AllowedAddresses = Texts(members, "allowed_ips"), RatePerHour = Whole(members, "rate_limit_per_minute", 100_000) * 60,
        };
    }

    private int? Whole(JsonObject members, string name, int most)
    {
        if (members[name] is not { } node) return null;
        if (node is JsonValue value && value.TryGetValue<int>(out var number) && number > 0 && number <= most) return number;
        _faults.Add(FastApi.Fault("int_type", "Input should be a valid integer", null, "body", name));
        return null;
    }

    private List<string>? Texts(JsonObject members, string name)
    {
        if (members[name] is not { } node) return null;
        if (node is JsonArray list && list.All(static t => DialectRequest.Text(t) is not null)) return [.. list.Select(static t => DialectRequest.Text(t)!)];
        _faults.Add(FastApi.Fault("list_type", "Input should be a valid list", null, "body", name));
        return null;
    }
}
