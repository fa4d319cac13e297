using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Accounts;

namespace AuthServer.Dialects.Acgs;

/// <summary>Registering, signing in by name and password, refreshing and signing out.</summary>
internal sealed class AcgsSignIn(AcgsDialect dialect, DialectPeople people, DialectTokens tokens, AcgsAccess access, AcgsCookies cookies, AcgsAnswers answers, TimeProvider clock)
{
    /// <summary>Under which names a code may come along; the first is the one of <c>mfa/enable</c>.</summary>
    private static readonly string[] CodeFields = ["totp_code", "verification_code", "mfa_code", "code"];

    private static TimeSpan AccessLifetime(DialectRequest request) => request.Settings.AccessTokenLifetime is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(30);

    private static TimeSpan RefreshLifetime(DialectRequest request) => request.Settings.RefreshTokenLifetime is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromDays(7);

    public async Task<IResult> RegisterAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var form = new RegistrationForm { UserName = fields.Required("username"), Email = fields.Required("email"), Password = fields.Required("password"), GivenName = fields.Optional("first_name"), FamilyName = fields.Optional("last_name") };
        if (fields.Faults.Count > 0) return answers.Invalid(request, fields.Faults);
        if (form.Email is not { Length: > 0 }) return answers.Invalid(request, [Fault("email", FaultWords.Of(new FieldFault("", AccountFault.EmailMalformed)))]);
        switch (await people.RegisterWithNewAddressAsync(request, form, ct))
        {
            case RegistrationOutcome.Registered { User: var user }:
                return Raw.Json(StatusCodes.Status201Created, new JsonObject
                {
                    ["id"] = user.Number, ["user_id"] = user.Id, ["username"] = user.UserName, ["email"] = user.Email, ["first_name"] = form.GivenName, ["last_name"] = form.FamilyName, ["is_active"] = true, ["is_superuser"] = user.IsAdministrator,
                });
            case RegistrationOutcome.AddressTaken: return answers.Refuse(request, StatusCodes.Status400BadRequest, "Email already registered", "email");
            case RegistrationOutcome.Invalid { Faults: var faults } when faults.Any(static f => f.Fault == AccountFault.UserNameTaken): return answers.Refuse(request, StatusCodes.Status400BadRequest, "Username already registered", "username");
            case RegistrationOutcome.Invalid { Faults: [{ Fault: AccountFault.RegistrationClosed } closed] }: return answers.Refuse(request, StatusCodes.Status403Forbidden, FaultWords.Of(closed));
            case RegistrationOutcome.Invalid { Faults: var faults }: return answers.Invalid(request, [.. faults.Select(static f => Fault(FieldOf(f), FaultWords.Of(f)))]);
            case RegistrationOutcome.Busy: return answers.Plain(request, StatusCodes.Status503ServiceUnavailable);
            default: return answers.Plain(request, StatusCodes.Status429TooManyRequests);
        }
    }

    /// <summary>JSON as the document says, or a form as the service took.</summary>
    public async Task<IResult> SignInAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = request.HasForm ? FastApiFields.OfForm(request) : FastApiFields.OfJson(request);
        if (request.HasForm) fields.MustBe("grant_type", "password", "^password$");
        var (userName, password) = (fields.Required("username"), fields.Required("password"));
        var code = CodeFields.Select(fields.Optional).FirstOrDefault(static c => c is { Length: > 0 });
        if (fields.Faults.Count > 0) return answers.Invalid(request, fields.Faults);

        var signIn = await people.SignInAsync(request, userName, password, code, ct);
        switch (signIn.End)
        {
            case DialectSignInEnd.SignedIn: break;
            case DialectSignInEnd.SecondFactorNeeded: return answers.Challenge(request, "MFA code required: send it as totp_code with username and password", CodeFields[0], "Field required");
            case DialectSignInEnd.WrongCode: return answers.Challenge(request, "Invalid MFA code", CodeFields[0]);
            case DialectSignInEnd.BrowserNeeded: return answers.Challenge(request, "Sign in with a browser first: this account needs a new password or a second factor");
            case DialectSignInEnd.LockedOut or DialectSignInEnd.TooMany: return answers.Plain(request, StatusCodes.Status429TooManyRequests);
            case DialectSignInEnd.Busy: return answers.Plain(request, StatusCodes.Status503ServiceUnavailable);
            default: return answers.Challenge(request, "Incorrect username or password");
        }

        return await SignedInAsync(request, await tokens.OpenAsync(dialect, signIn.User!, signIn.Completed!, RefreshLifetime(request), refreshable: true, request.Address, ct), ct);
    }

    public async Task<IResult> RefreshAsync(DialectRequest request, CancellationToken ct)
    {
        if (access.Forged(request) is { } forged) return forged;
        if (!people.MayPass(request, null)) return answers.Plain(request, StatusCodes.Status429TooManyRequests);
        if (AcgsCookies.Read(request, AcgsCookies.Refresh) is not { } refresh) return answers.Challenge(request, "Refresh token missing");
        var (opened, fault) = await tokens.RefreshAsync(dialect, request.Settings, refresh, ct);
        if (opened is null) return answers.Challenge(request, fault == DialectTokenFault.Revoked ? "Refresh token revoked or invalid" : "Invalid or expired refresh token");
        return await SignedInAsync(request, opened, ct);
    }

    /// <summary>Signs out, also where nobody is signed in. With the members that Kamiwaza's clients look for.</summary>
    public async Task<IResult> SignOutAsync(DialectRequest request, CancellationToken ct)
    {
        if (access.Forged(request) is { } forged) return forged;
        var ended = false;
        foreach (var text in new[] { BearerHeader.Read(request), AcgsCookies.Read(request, AcgsCookies.Access) }.OfType<string>())
        {
            if ((await tokens.VerifyAsync(dialect, request.Settings, text, ct)).Token is not { } token) continue;
            await tokens.RevokeAsync(token.Grant, request.Address, ct);
            ended = true;
        }

        if (AcgsCookies.Read(request, AcgsCookies.Refresh) is { } refresh && (await tokens.FindRefreshAsync(dialect, request.Settings, refresh, ct)).Token is { } left)
        {
            await tokens.RevokeAsync(left.Grant, request.Address, ct);
            ended = true;
        }

        cookies.Delete(request);
        return AcgsAnswers.Ok(new JsonObject
        {
            ["message"] = "Logout successful", ["logout_time"] = AcgsAnswers.Naive(clock.GetUtcNow()), ["session_termination_requested"] = ended, ["front_channel_logout_url"] = null, ["post_logout_redirect_uri"] = null,
        });
    }

    /// <summary>The tokens as cookies; the access token also in the body. The refresh token never leaves its cookie.</summary>
    private async Task<IResult> SignedInAsync(DialectRequest request, DialectGrant opened, CancellationToken ct)
    {
        var lifetime = AccessLifetime(request);
        var token = await tokens.AccessTokenAsync(request.Settings, opened, AcgsProfile.Claims(opened.User), lifetime, ct);
        cookies.Write(request, token, lifetime, opened.RefreshToken!.Value.Reveal(), RefreshLifetime(request));
        return AcgsAnswers.Ok(new JsonObject { ["access_token"] = token, ["token_type"] = "bearer", ["refresh_token"] = null, ["expires_in"] = (int)lifetime.TotalSeconds });
    }

    private static JsonObject Fault(string field, string message) => FastApi.Fault("value_error", message, null, "body", field);

    private static string FieldOf(FieldFault fault) => fault.Field switch
    {
        nameof(RegistrationForm.UserName) => "username", nameof(RegistrationForm.Email) => "email", nameof(RegistrationForm.GivenName) => "first_name", nameof(RegistrationForm.FamilyName) => "last_name", _ => "password",
    };
}
