using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Accounts;

namespace AuthServer.Dialects.Chat;

/// <summary>The auth service of an AI chat application: register, sign in, validate a token. People are known by their user name; there is no e-mail address, no refresh and no sign-out.</summary>
internal sealed class ChatDialect(DialectPeople people, DialectTokens tokens) : IDialect
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public string Name => "Chat";

    public void Map(DialectRoutes routes)
    {
        routes.Post(RegisterAsync, "/register", "/auth/register");
        routes.Post(SignInAsync, "/token", "/auth/token");
        routes.Post(ValidateAsync, "/validate", "/auth/validate");
    }

    public IResult Plain(DialectRequest request, int status) => FastApi.Plain(status);

    private async Task<IResult> RegisterAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var (name, userName, password) = (fields.Required("name"), fields.Required("username"), fields.Required("password"));
        if (fields.Refusal is { } refusal) return refusal;
        return await people.RegisterAsync(request, new RegistrationForm { UserName = userName, GivenName = name, Password = password }, ct) switch
        {
            RegistrationOutcome.Registered registered => Raw.Json(StatusCodes.Status201Created, new JsonObject { ["id"] = registered.User.Number, ["name"] = name, ["username"] = registered.User.UserName }),
            RegistrationOutcome.Invalid invalid when invalid.Faults.Any(static f => f.Fault == AccountFault.UserNameTaken) => FastApi.Detail(StatusCodes.Status409Conflict, "User already exists"),
            RegistrationOutcome.Invalid invalid => FastApi.Unprocessable([.. invalid.Faults.Select(static f => FastApi.Fault("value_error", FaultWords.Of(f), null, "body", FieldOf(f)))]),
            RegistrationOutcome.Busy => Plain(request, StatusCodes.Status503ServiceUnavailable),
            _ => Plain(request, StatusCodes.Status429TooManyRequests),
        };
    }

    private async Task<IResult> SignInAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfForm(request);
        fields.MustBe("grant_type", "password", "^password$");
        var (userName, password) = (fields.Required("username"), fields.Required("password"));
        if (fields.Refusal is { } refusal) return refusal;

        var signIn = await people.SignInAsync(request, userName, password, null, ct);
        switch (signIn.End)
        {
            case DialectSignInEnd.SignedIn: break;
            case DialectSignInEnd.SecondFactorNeeded or DialectSignInEnd.BrowserNeeded: return FastApi.Challenge("Sign in with a browser: this account needs more than a password");
            case DialectSignInEnd.Busy: return Plain(request, StatusCodes.Status503ServiceUnavailable);
            case DialectSignInEnd.TooMany: return Plain(request, StatusCodes.Status429TooManyRequests);
            default: return FastApi.Challenge("Incorrect username or password");
        }

        var lifetime = request.Settings.AccessTokenLifetime > 0 ? TimeSpan.FromSeconds(request.Settings.AccessTokenLifetime) : Lifetime;
        var opened = await tokens.OpenAsync(this, signIn.User!, signIn.Completed!, lifetime, refreshable: false, request.Address, ct);
        var token = await tokens.AccessTokenAsync(request.Settings, opened, new JsonObject { ["sub"] = opened.User.UserName }, lifetime, ct);
        return Raw.Json(StatusCodes.Status200OK, new JsonObject { ["access_token"] = token, ["token_type"] = "bearer" });
    }

    private async Task<IResult> ValidateAsync(DialectRequest request, CancellationToken ct)
    {
        if (BearerHeader.Read(request) is not { } presented) return FastApi.Challenge(FastApi.NotAuthenticated);
        var (token, fault) = await tokens.VerifyAsync(this, request.Settings, presented, ct);
        if (token is null) return FastApi.Detail(StatusCodes.Status401Unauthorized, fault == DialectTokenFault.Expired ? "Token expired" : "Invalid token");
        if (!people.MayPass(request, token)) return Plain(request, StatusCodes.Status429TooManyRequests);
        return Raw.Json(StatusCodes.Status200OK, new JsonObject { ["username"] = token.User.UserName, ["valid"] = true });
    }

    private static string FieldOf(FieldFault fault) => fault.Field switch { nameof(RegistrationForm.UserName) => "username", nameof(RegistrationForm.Password) => "password", _ => "name" };
}
