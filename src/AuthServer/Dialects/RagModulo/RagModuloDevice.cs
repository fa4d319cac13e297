using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.RagModulo;

/// <summary>The device flow of the command line, on this server's own device grant (RFC 8628), as the client that <see cref="DialectSettings.ClientId"/> names.</summary>
internal sealed class RagModuloDevice(RagModuloDialect dialect, DialectHandover handover, RagModuloTokens tokens)
{
    public async Task<IResult> StartAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var provider = fields.Optional("provider");
        if (fields.Refusal is { } refusal) return refusal;
        if (provider is not (null or "ibm")) return FastApi.Detail(StatusCodes.Status400BadRequest, "Only IBM provider is currently supported");
        if (handover.DeviceClientOf(request.Settings) is not { } client) return FastApi.Detail(StatusCodes.Status503ServiceUnavailable, "Failed to contact authorization server");
        if (await handover.BeginDeviceAsync(request, client, ct) is not { } codes) return dialect.Plain(request, StatusCodes.Status429TooManyRequests);
        return Raw.Json(StatusCodes.Status200OK, new JsonObject
        {
            ["device_code"] = codes.DeviceCode, ["user_code"] = codes.UserCode, ["verification_uri"] = codes.Page, ["verification_uri_complete"] = codes.Page + "?user_code=" + codes.UserCode,
            ["expires_in"] = codes.ExpiresIn, ["interval"] = codes.Interval,
        });
    }

    /// <summary>Always 200: how it stands is said in the body.</summary>
    public async Task<IResult> PollAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var code = fields.Required("device_code");
        if (fields.Refusal is { } refusal) return refusal;

        var (state, opened) = await handover.TakeDeviceAsync(dialect, request, code, RagModuloTokens.Lifetime(request.Settings), ct);
        if (state != DeviceState.Given)
        {
            return state switch
            {
                DeviceState.Waiting => Answer("pending", "authorization_pending", "The user has not finished signing in yet"),
                DeviceState.TooEarly => Answer("pending", "slow_down", "Ask less often: the interval is five seconds longer now"),
                DeviceState.Denied => Answer("error", "access_denied", "The user refused"),
                DeviceState.Expired => Answer("error", "expired_token", "Device code has expired"),
                _ => Answer("error", "invalid_grant", "Device code not found or expired"),
            };
        }

        var person = new RagModuloPerson(opened!.User, request.Settings);
        var user = new JsonObject { ["id"] = person.Id, ["email"] = person.Email, ["username"] = person.Name };
        return Answer("success", null, null, await tokens.AccessTokenAsync(request, opened, ct), user);
    }

    private static Raw Answer(string status, string? error, string? description, string? token = null, JsonObject? user = null) => Raw.Json(StatusCodes.Status200OK, new JsonObject
    {
        ["status"] = status, ["access_token"] = token, ["user"] = user, ["error"] = error, ["error_description"] = description,
    });
}
