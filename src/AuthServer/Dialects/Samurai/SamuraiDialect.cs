using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects.Samurai;

/// <summary>SamurAI's authentication service: people are known by their e-mail address, which is their user name, and by a number; both tokens are JWTs, the refresh token rotates.</summary>
internal sealed class SamuraiDialect(DialectPeople people, DialectTokens tokens, TimeProvider clock) : IDialect
{
    private const int LongestName = 30;
    private const int LongestPassword = 128;
    private const int LongestUserName = 64;
    private const string NeedsBrowser = "Sign in with a browser: this account needs more than a password";

    private static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(1);

    /// <summary>The original rotates for ever; here somebody signs in again once a month.</summary>
    private static readonly TimeSpan LongestSignIn = TimeSpan.FromDays(30);

    public string Name => "Samurai";

    public void Map(DialectRoutes routes)
    {
        Add(routes, "register", "Register", RegisterAsync);
        Add(routes, "login", "Login", SignInAsync);
        Add(routes, "logout", "Token Blacklist", SignOutAsync);
        Add(routes, "token/refresh", "Token Refresh", RefreshAsync);
        Add(routes, "token/verify", "Token Verify", VerifyAsync);
    }

    public IResult Plain(DialectRequest request, int status) => RestFramework.Plain(request, status);

    private static void Add(DialectRoutes routes, string path, string view, DialectHandler handler)
    {
        string[] paths = ["/api/accounts/" + path, "/api/" + path];
        routes.Post(handler, paths);
        routes.Options((_, _) => Task.FromResult<IResult>(RestFramework.Description(view)), paths);
    }

    private async Task<IResult> RegisterAsync(DialectRequest request, CancellationToken ct)
    {
        if (await BearerRefusalAsync(request, ct) is { } stranger) return stranger;
        if (RestFramework.BodyRefusal(request) is { } unread) return unread;
        var fields = new SerializerFields(request);
        var (email, password) = (fields.RequiredAddress("email", nameIsEnough: false), fields.Required("password", LongestPassword));
        var (first, last) = (fields.Optional("first_name", LongestName, !request.Settings.Strict), fields.Optional("last_name", LongestName, !request.Settings.Strict));
        if (fields.Refusal is { } refusal) return refusal;

        var form = new RegistrationForm { UserName = email, Email = email, GivenName = first, FamilyName = last, Password = password, UserNameIsAddress = true };
        switch (await people.RegisterAsync(request, form, ct))
        {
            case RegistrationOutcome.Registered:
                return RestFramework.Answer(StatusCodes.Status201Created, new JsonObject { ["email"] = email, ["first_name"] = first, ["last_name"] = last });
            case RegistrationOutcome.Invalid invalid when invalid.Faults.Any(static f => f.Fault == AccountFault.RegistrationClosed):
                return RestFramework.Detail(StatusCodes.Status403Forbidden, "Registration is closed.");
            case RegistrationOutcome.Invalid invalid:
                foreach (var fault in invalid.Faults) Refuse(fields, fault, email);
                return fields.Refusal!;
            case RegistrationOutcome.Busy: return Plain(request, StatusCodes.Status503ServiceUnavailable);
            default: return Plain(request, StatusCodes.Status429TooManyRequests);
        }
    }

    private async Task<IResult> SignInAsync(DialectRequest request, CancellationToken ct)
    {
        if (await BearerRefusalAsync(request, ct) is { } stranger) return stranger;
        if (RestFramework.BodyRefusal(request) is { } unread) return unread;
        var fields = new SerializerFields(request);
        var (email, password) = (fields.RequiredAddress("email", nameIsEnough: !request.Settings.Strict), fields.Required("password"));
        if (fields.Refusal is { } refusal) return refusal;

        var signIn = await people.SignInAsync(request, email, password, null, ct);
        switch (signIn.End)
        {
            case DialectSignInEnd.SignedIn: break;
            case DialectSignInEnd.SecondFactorNeeded or DialectSignInEnd.WrongCode or DialectSignInEnd.BrowserNeeded: return RestFramework.Detail(StatusCodes.Status401Unauthorized, NeedsBrowser);
            case DialectSignInEnd.Busy: return Plain(request, StatusCodes.Status503ServiceUnavailable);
            case DialectSignInEnd.TooMany: return Plain(request, StatusCodes.Status429TooManyRequests);
            // No challenge: the view answers by itself.
            default: return RestFramework.Detail(StatusCodes.Status401Unauthorized, "Invalid credentials");
        }

        var refresh = RefreshTime(request.Settings);
        var opened = await tokens.OpenAsync(this, signIn.User!, signIn.Completed!, refresh > LongestSignIn ? refresh : LongestSignIn, refreshable: true, request.Address, ct, idle: refresh);
        return RestFramework.Answer(StatusCodes.Status200OK, new JsonObject { ["refresh"] = Refresh(request.Settings, opened), ["access"] = await AccessAsync(request.Settings, opened, ct) });
    }

    private async Task<IResult> SignOutAsync(DialectRequest request, CancellationToken ct)
    {
        if (TokenOf(request, "refresh", out var presented) is { } refusal) return refusal;
        var (token, _, fault) = await tokens.FindRefreshAsync(this, request.Settings, presented, ct);
        if (token is null || fault == DialectTokenFault.Revoked) return RestFramework.BadToken(TextOf(fault));
        if (!people.MayPass(request, token)) return Plain(request, StatusCodes.Status429TooManyRequests);
        await tokens.RevokeAsync(token.Grant, request.Address, ct);
        return RestFramework.Answer(StatusCodes.Status200OK, new JsonObject());
    }

    private async Task<IResult> RefreshAsync(DialectRequest request, CancellationToken ct)
    {
        if (TokenOf(request, "refresh", out var presented) is { } refusal) return refusal;
        var (opened, fault) = await tokens.RefreshAsync(this, request.Settings, presented, ct, idle: RefreshTime(request.Settings));
        if (opened is null) return RestFramework.BadToken(TextOf(fault));
        return RestFramework.Answer(StatusCodes.Status200OK, new JsonObject { ["access"] = await AccessAsync(request.Settings, opened, ct), ["refresh"] = Refresh(request.Settings, opened) });
    }

    private async Task<IResult> VerifyAsync(DialectRequest request, CancellationToken ct)
    {
        if (TokenOf(request, "token", out var presented) is { } refusal) return refusal;
        var (token, _) = await tokens.VerifyAsync(this, request.Settings, presented, ct);
        if (token is null)
        {
            (token, _, var fault) = await tokens.FindRefreshAsync(this, request.Settings, presented, ct);
            if (fault == DialectTokenFault.Revoked) return RestFramework.NonFieldError(RestFramework.Blacklisted);
            if (token is null || request.Settings.AccessTokensOnly) return RestFramework.BadToken(token is null ? RestFramework.InvalidToken : RestFramework.WrongType);
        }

        return people.MayPass(request, token) ? RestFramework.Answer(StatusCodes.Status200OK, new JsonObject()) : Plain(request, StatusCodes.Status429TooManyRequests);
    }

    /// <summary>What simplejwt refuses before the view is reached: a header that begins with the word Bearer has to hold a good access token. Any other header it ignores.</summary>
    private async Task<Raw?> BearerRefusalAsync(DialectRequest request, CancellationToken ct)
    {
        if (request.Http.Request.Headers.Authorization.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not ["Bearer", .. var rest]) return null;
        if (rest is not [var presented]) return RestFramework.BadHeader();
        if ((await tokens.VerifyAsync(this, request.Settings, presented, ct)).Token is not null) return null;
        var isRefresh = (await tokens.FindRefreshAsync(this, request.Settings, presented, ct)).Token is not null;
        return RestFramework.BadBearer(isRefresh ? RestFramework.WrongType : RestFramework.InvalidToken);
    }

    private static Raw? TokenOf(DialectRequest request, string field, out string token)
    {
        token = "";
        if (RestFramework.BodyRefusal(request) is { } unread) return unread;
        var fields = new SerializerFields(request);
        token = fields.Required(field);
        return fields.Refusal;
    }

    private Task<string> AccessAsync(DialectSettings settings, DialectGrant opened, CancellationToken ct) =>
        tokens.AccessTokenAsync(settings, opened, Claims("access", opened.User), settings.AccessTokenLifetime > 0 ? TimeSpan.FromSeconds(settings.AccessTokenLifetime) : AccessLifetime, ct);

    private string Refresh(DialectSettings settings, DialectGrant opened) => tokens.RefreshTokenAsJwt(settings, opened, Claims("refresh", opened.User), RefreshTime(settings));

    private JsonObject Claims(string kind, GrantUser user) => new()
    {
        ["token_type"] = kind, ["iat"] = clock.GetUtcNow().ToUnixTimeSeconds(), ["user_id"] = user.Number,
    };

    private static TimeSpan RefreshTime(DialectSettings settings) => settings.RefreshTokenLifetime > 0 ? TimeSpan.FromSeconds(settings.RefreshTokenLifetime) : RefreshLifetime;

    private static string TextOf(DialectTokenFault fault) => fault switch
    {
        DialectTokenFault.Revoked => RestFramework.Blacklisted,
        DialectTokenFault.WrongKind => RestFramework.WrongType,
        _ => RestFramework.InvalidToken,
    };

    /// <summary>The engine's faults in the words of Django, at the fields of this API.</summary>
    private static void Refuse(SerializerFields fields, FieldFault fault, string email)
    {
        switch (fault.Fault)
        {
            case AccountFault.UserNameTaken: fields.Refuse("email", "custom user with this email already exists."); break;
            // The same address is the user name and the e-mail address; one text is enough.
            case AccountFault.UserNameMalformed when email.Length > LongestUserName: fields.RefuseLength("email", LongestUserName); break;
            case AccountFault.UserNameMalformed or AccountFault.EmailMalformed: if (!fields.Has("email")) fields.RefuseAddress("email"); break;
            case AccountFault.PasswordTooShort: fields.Refuse("password", string.Create(CultureInfo.InvariantCulture, $"This password is too short. It must contain at least {fault.Argument} characters.")); break;
            case AccountFault.PasswordTooLong: fields.Refuse("password", string.Create(CultureInfo.InvariantCulture, $"Ensure this field has no more than {fault.Argument} characters.")); break;
            case AccountFault.PasswordTooEasy or AccountFault.PasswordBreached: fields.Refuse("password", "This password is too common."); break;
            case AccountFault.PasswordIsOwnWords: fields.Refuse("password", "The password is too similar to the email."); break;
            default: fields.Refuse(fault.Field == nameof(RegistrationForm.FamilyName) ? "last_name" : "first_name", "Not a valid string."); break;
        }
    }
}
