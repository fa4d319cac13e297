using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;

namespace AuthServer.Scim.Messages;

/// <summary>Why a request was not carried out (RFC 7644 §3.12).</summary>
/// <param name="Type">The <c>scimType</c> of table 9; null where none fits.</param>
internal sealed record ScimError(int Status, string? Type, string Detail)
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:Error";

    public static ScimError InvalidSyntax(string detail) => new(StatusCodes.Status400BadRequest, "invalidSyntax", detail);

    public static ScimError InvalidFilter(string detail) => new(StatusCodes.Status400BadRequest, "invalidFilter", detail);

    public static ScimError InvalidPath(string detail) => new(StatusCodes.Status400BadRequest, "invalidPath", detail);

    public static ScimError InvalidValue(string detail) => new(StatusCodes.Status400BadRequest, "invalidValue", detail);

    public static ScimError NoTarget(string detail) => new(StatusCodes.Status400BadRequest, "noTarget", detail);

    public static ScimError Mutability(string detail) => new(StatusCodes.Status400BadRequest, "mutability", detail);

    public static ScimError TooMany(string detail) => new(StatusCodes.Status400BadRequest, "tooMany", detail);

    public static ScimError NotFound { get; } = new(StatusCodes.Status404NotFound, null, "There is no such resource.");

    public static ScimError Stale { get; } = new(StatusCodes.Status412PreconditionFailed, null, "It was changed since you read it. Read it again.");

    public static ScimError TooLarge(int maximum) => new(StatusCodes.Status413PayloadTooLarge, null, string.Create(CultureInfo.InvariantCulture, $"The body may have {maximum} bytes."));

    public static ScimError Of(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotFound => NotFound,
        RefusalKind.Forbidden => new(StatusCodes.Status403Forbidden, null, Said(refusal, "You may not do this.")),
        RefusalKind.Conflict => new(StatusCodes.Status409Conflict, refusal.Objections.Any(static o => o.Code == "taken") ? "uniqueness" : null, Said(refusal, "Something that exists stands against it.")),
        RefusalKind.Stale => Stale,
        RefusalKind.Busy => new(StatusCodes.Status503ServiceUnavailable, null, "The server is at work on as many passwords as it may. Try again in a moment."),
        _ => InvalidValue(Said(refusal, "What was sent is not good.")),
    };

    /// <summary>Seconds; null where to try again would be no use.</summary>
    public int? RetryAfter => Status == StatusCodes.Status503ServiceUnavailable ? HashingGate.RetryAfterSeconds : null;

    public JsonObject Json()
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(Schema), ["status"] = Status.ToString(CultureInfo.InvariantCulture), ["detail"] = Detail };
        if (Type is not null) body["scimType"] = Type;
        return body;
    }

    private static string Said(Refusal refusal, string otherwise) =>
        refusal.Objections.Count == 0 ? otherwise : string.Join(" ", refusal.Objections.Select(static o => o.Field.Length == 0 ? o.Message : Name(o.Field) + ": " + o.Message));

    /// <summary>What SCIM calls a member of the administration's forms.</summary>
    private static string Name(string field) => field switch
    {
        "user_name" => "userName", "email" => "emails", "phone_number" => "phoneNumbers", "external_id" => "externalId", "name" => "displayName", "claims.name" => "displayName", "claims.given_name" => "name.givenName",
        "claims.middle_name" => "name.middleName", "claims.family_name" => "name.familyName", "claims.nickname" => "nickName", "claims.profile" => "profileUrl", "claims.zoneinfo" => "timezone", "claims.address" => "addresses",
        _ => field.StartsWith("claims.", StringComparison.Ordinal) ? field["claims.".Length..] : field,
    };
}
