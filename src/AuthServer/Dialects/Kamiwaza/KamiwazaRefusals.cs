using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Why the administration did not do something, as Kamiwaza says it.</summary>
internal static class KamiwazaRefusals
{
    public static Raw Of(Refusal refusal, string what) => refusal.Kind switch
    {
        RefusalKind.NotFound => FastApi.Detail(StatusCodes.Status404NotFound, what + " not found"),
        RefusalKind.Forbidden => FastApi.Detail(StatusCodes.Status403Forbidden, Words(refusal, "Not enough permissions")),
        RefusalKind.Conflict => FastApi.Detail(StatusCodes.Status409Conflict, Words(refusal, "Conflict")),
        RefusalKind.Stale => FastApi.Detail(StatusCodes.Status409Conflict, what + " was changed at the same time"),
        RefusalKind.Busy => FastApi.Plain(StatusCodes.Status503ServiceUnavailable),
        _ when refusal.Objections.Any(static o => o.Code == "taken") => FastApi.Detail(StatusCodes.Status409Conflict, Words(refusal, "Conflict")),
        _ => FastApi.Unprocessable([.. refusal.Objections.Select(static o => FastApi.Fault("value_error", o.Message, null, "body", Field(o.Field)))]),
    };

    /// <summary>Null: it is a Guid. Otherwise 422, as the framework answers before anything is looked up.</summary>
    public static Raw? OfId(DialectRequest request, string name, out string id)
    {
        var text = request.Route(name);
        var isGuid = Guid.TryParse(text, out var guid);
        id = isGuid ? guid.ToString() : "";
        return isGuid ? null : FastApi.Unprocessable(FastApi.Fault("uuid_parsing", "Input should be a valid UUID", null, "path", name));
    }

    public static Raw Ok(JsonNode? body) => Raw.Json(StatusCodes.Status200OK, body);

    public static Raw Done(string message) => Ok(new JsonObject { ["message"] = message });

    private static string Words(Refusal refusal, string otherwise) => refusal.Objections is [var first, ..] ? first.Message : otherwise;

    private static string Field(string field) => field switch { "user_name" => "username", "claims" => "full_name", "identity_provider" => "idp_config", _ => field };
}
