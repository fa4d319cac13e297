using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Accounts;

namespace AuthServer.Dialects.RagModulo;

/// <summary>Accounts and sign-in with a password.</summary>
internal sealed class RagModuloPasswords(RagModuloDialect dialect, DialectPeople people, RagModuloTokens tokens)
{
    private const string Wrong = "Invalid credentials";

    public async Task<IResult> RegisterAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var (userName, password, email) = (fields.Required("username"), fields.Required("password"), fields.Required("email"));
        if (fields.Refusal is { } refusal) return refusal;
        return await people.RegisterAsync(request, new RegistrationForm { UserName = userName, Email = email, Password = password }, ct) switch
        {
            RegistrationOutcome.Registered registered => Raw.Json(StatusCodes.Status201Created, new JsonObject { ["user_id"] = registered.User.Id, ["username"] = registered.User.UserName, ["email"] = email }),
            RegistrationOutcome.Invalid invalid => Fault(invalid.Faults),
            RegistrationOutcome.Busy => dialect.Plain(request, StatusCodes.Status503ServiceUnavailable),
            _ => dialect.Plain(request, StatusCodes.Status429TooManyRequests),
        };
    }

    /// <summary>The call of the command line. It sends an old token along, which says nothing here.</summary>
    public async Task<IResult> SignInAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var (userName, password, code) = (fields.Required("username"), fields.Required("password"), fields.Optional("code"));
        if (fields.Faults.Count > 0)
            return Raw.Json(StatusCodes.Status422UnprocessableEntity, new JsonObject { ["detail"] = new JsonArray([.. fields.Faults]), ["error"] = "username and password are required" });

        var signIn = await people.SignInAsync(request, userName, password, code, ct);
        return signIn.End == DialectSignInEnd.SignedIn
            ? Raw.Json(StatusCodes.Status200OK, await tokens.AnswerAsync(request, await tokens.OpenAsync(request, signIn, ct), ct))
            : Refuse(request, signIn.End, RagModuloDialect.Refusal);
    }

    /// <summary>The web page signs in here by a form. What speaks OAuth at this path never comes this far.</summary>
    public async Task<IResult> TokenAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfForm(request);
        fields.MustBe("grant_type", "password", "^password$");
        var (userName, password, code) = (fields.Required("username"), fields.Required("password"), fields.Optional("code"));
        if (fields.Refusal is { } refusal) return refusal;

        var signIn = await people.SignInAsync(request, userName, password, code, ct);
        if (signIn.End != DialectSignInEnd.SignedIn) return Refuse(request, signIn.End, FastApi.Detail);
        var opened = await tokens.OpenAsync(request, signIn, ct);
        var answer = await tokens.AnswerAsync(request, opened, ct);
        answer["id_token"] = await tokens.IdTokenAsync(opened, ct);
        return Raw.Json(StatusCodes.Status200OK, answer);
    }

    /// <summary>Never with a time to wait where an account is locked: the command line would sit it out, several times over.</summary>
    private IResult Refuse(DialectRequest request, DialectSignInEnd end, Func<int, string, Raw> say) => end switch
    {
        DialectSignInEnd.Busy => dialect.Plain(request, StatusCodes.Status503ServiceUnavailable),
        DialectSignInEnd.TooMany => dialect.Plain(request, StatusCodes.Status429TooManyRequests),
        DialectSignInEnd.LockedOut => say(StatusCodes.Status401Unauthorized, "Too many failed attempts. Try again later."),
        DialectSignInEnd.SecondFactorNeeded => say(StatusCodes.Status401Unauthorized, "This account needs a second factor: send it as code, or sign in with a browser"),
        DialectSignInEnd.WrongCode => say(StatusCodes.Status401Unauthorized, "The code is wrong"),
        DialectSignInEnd.BrowserNeeded => say(StatusCodes.Status401Unauthorized, "Sign in with a browser: this account needs more than a password"),
        _ => say(StatusCodes.Status401Unauthorized, Wrong),
    };

    private static Raw Fault(IReadOnlyList<FieldFault> faults) =>
        faults.Any(static f => f.Fault == AccountFault.UserNameTaken) ? FastApi.Detail(StatusCodes.Status409Conflict, "Username already registered")
        : faults.Any(static f => f.Fault == AccountFault.RegistrationClosed) ? FastApi.Detail(StatusCodes.Status403Forbidden, "Registration is closed")
        : FastApi.Unprocessable([.. faults.Select(static f => FastApi.Fault("value_error", FaultWords.Of(f), null, "body", FieldOf(f)))]);

    private static string FieldOf(FieldFault fault) => fault.Field switch { nameof(RegistrationForm.Password) => "password", nameof(RegistrationForm.Email) => "email", _ => "username" };
}
