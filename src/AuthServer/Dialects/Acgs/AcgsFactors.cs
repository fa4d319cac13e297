using System.Text;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;

namespace AuthServer.Dialects.Acgs;

/// <summary>The authenticator app and its backup codes.</summary>
internal sealed class AcgsFactors(AcgsAccess access, OwnProfile profiles, IFactorStore factors, AuthenticatorApp app, RecoveryCodes recovery, AcgsAnswers answers)
{
    private const string AppCode = "totp_code";

    public async Task<IResult> StatusAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindAsync(request, ct);
        if (caller is null) return refusal!;
        var enrolled = await factors.ReadAsync(caller.User.Id, ct);
        return AcgsAnswers.Ok(new JsonObject { ["mfa_enabled"] = enrolled.AnyStrong, ["backup_codes_count"] = enrolled.RecoveryCodesLeft });
    }

    public async Task<IResult> SetUpAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        if (caller is null || (refusal = access.NotFresh(request, caller)) is not null) return refusal!;
        // Also because new backup codes would be the end of the old ones.
        if ((await factors.ReadAsync(caller.User.Id, ct)).AnyStrong) return answers.Refuse(request, StatusCodes.Status400BadRequest, "MFA is already enabled");
        if (await profiles.ReadAsync(caller.User.Id) is not { } user) return answers.Challenge(request, AcgsAnswers.NotValidated);
        if (await recovery.ReplaceAsync(user.Id, ct) is not { } codes) return answers.Plain(request, StatusCodes.Status503ServiceUnavailable);
        var setup = await app.BeginAsync(user, ct);
        return AcgsAnswers.Ok(new JsonObject
        {
            ["secret"] = setup.Key.Replace(" ", "", StringComparison.Ordinal), ["qr_code"] = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(setup.QrSvg)),
            ["backup_codes"] = ArrayOf(codes), ["provisioning_uri"] = setup.Uri,
        });
    }

    public async Task<IResult> EnableAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, code, refusal) = await ReadAsync(request, AppCode, ct);
        if (caller is null) return refusal!;
        if ((await factors.ReadAsync(caller.User.Id, ct)).AnyStrong) return answers.Refuse(request, StatusCodes.Status400BadRequest, "MFA is already enabled");
        return await profiles.ReadAsync(caller.User.Id) is { } user && await app.TryConfirmNewestAsync(user, code, ct)
            ? AcgsAnswers.Ok(new JsonObject { ["message"] = "MFA enabled successfully" })
            : answers.Refuse(request, StatusCodes.Status400BadRequest, "Invalid TOTP code", AppCode);
    }

    public async Task<IResult> DisableAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, code, refusal) = await ReadAsync(request, "verification_code", ct);
        if (caller is null) return refusal!;
        if (!(await factors.ReadAsync(caller.User.Id, ct)).Authenticator) return answers.Refuse(request, StatusCodes.Status400BadRequest, "MFA is not enabled");
        if (Wrong(request, (await CheckAsync(caller.User.Id, code, ct)).Check, "Invalid verification code", "verification_code") is { } wrong) return wrong;
        await app.TryRemoveAsync(caller.User.Id, ct);
        return AcgsAnswers.Ok(new JsonObject { ["message"] = "MFA disabled successfully" });
    }

    /// <summary>Whether a code is good; it is used up by it.</summary>
    public async Task<IResult> VerifyAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, code, refusal) = await ReadAsync(request, "code", ct);
        if (caller is null) return refusal!;
        if (!(await factors.ReadAsync(caller.User.Id, ct)).AnyStrong) return answers.Refuse(request, StatusCodes.Status400BadRequest, "MFA is not enabled");
        var (check, method) = await CheckAsync(caller.User.Id, code, ct);
        if (check == FactorCheck.TooMany) return answers.Plain(request, StatusCodes.Status429TooManyRequests);
        JsonNode? left = method == "backup_code" ? (await factors.ReadAsync(caller.User.Id, ct)).RecoveryCodesLeft : null;
        return AcgsAnswers.Ok(new JsonObject { ["method"] = method, ["valid"] = check == FactorCheck.Right, ["remaining_codes"] = left });
    }

    public async Task<IResult> NewBackupCodesAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, code, refusal) = await ReadAsync(request, AppCode, ct);
        if (caller is null) return refusal!;
        if (!(await factors.ReadAsync(caller.User.Id, ct)).Authenticator) return answers.Refuse(request, StatusCodes.Status400BadRequest, "MFA is not enabled");
        if (Wrong(request, await app.CheckAsync(caller.User.Id, code, ct), "Invalid TOTP code", AppCode) is { } wrong) return wrong;
        if (await recovery.ReplaceAsync(caller.User.Id, ct) is not { } codes) return answers.Plain(request, StatusCodes.Status503ServiceUnavailable);
        return AcgsAnswers.Ok(new JsonObject { ["message"] = "Backup codes regenerated successfully", ["backup_codes"] = ArrayOf(codes) });
    }

    private async Task<(AcgsCaller? Caller, string Code, Raw? Refusal)> ReadAsync(DialectRequest request, string field, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        if (caller is null) return (null, "", refusal);
        var fields = FastApiFields.OfJson(request);
        var code = fields.Required(field).Trim();
        return fields.Faults.Count > 0 ? (null, "", answers.Invalid(request, fields.Faults)) : (caller, code, null);
    }

    /// <summary>Six digits are the app's; everything else can only be a backup code.</summary>
    private async Task<(FactorCheck Check, string Method)> CheckAsync(string userId, string code, CancellationToken ct) => code.Length == 6 && code.All(char.IsAsciiDigit)
        ? (await app.CheckAsync(userId, code, ct), "totp")
        : (await recovery.CheckAsync(userId, code, ct), "backup_code");

    private Raw? Wrong(DialectRequest request, FactorCheck check, string message, string field) => check switch
    {
        FactorCheck.Right => null,
        FactorCheck.TooMany => answers.Plain(request, StatusCodes.Status429TooManyRequests),
        _ => answers.Refuse(request, StatusCodes.Status400BadRequest, message, field),
    };

    private static JsonArray ArrayOf(IReadOnlyList<string> codes) => new([.. codes.Select(static c => JsonValue.Create(c))]);
}
