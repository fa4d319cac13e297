using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Who the caller is.</summary>
internal sealed class KamiwazaSelf(DialectPeople people, PeopleAdministration persons, DirectoryAdministration directory, KamiwazaCallers callers)
{
    /// <summary>The whole user, by which the old SDK knows who signed in.</summary>
    public async Task<IResult> VerifyTokenAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var (person, place, refusal) = await OneselfAsync(request, caller, ct);
        return refusal ?? KamiwazaRefusals.Ok(KamiwazaShapes.User(person!, place!, request.Settings));
    }

    /// <summary>With the members that ACGS's clients look for at the same path; <c>id</c> is a number here for them.</summary>
    public async Task<IResult> MeAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var (person, place, refusal) = await OneselfAsync(request, caller, ct);
        if (refusal is not null) return refusal;
        return KamiwazaRefusals.Ok(new JsonObject
        {
            ["username"] = person!.UserName, ["sub"] = person.Id, ["email"] = person.Email, ["groups"] = KamiwazaShapes.Names(place!.Effective.Groups),
            ["roles"] = KamiwazaShapes.Names(KamiwazaShapes.Roles(place.Effective, caller.Actor.IsAdministrator)),
            ["id"] = person.Number, ["full_name"] = KamiwazaShapes.FullName(person.Claims), ["role"] = caller.Actor.IsAdministrator ? "admin" : "user", ["is_active"] = !person.Disabled,
            ["created_at"] = KamiwazaShapes.Time(person.CreatedAt), ["updated_at"] = KamiwazaShapes.Time(person.UpdatedAt),
        });
    }

    /// <summary>The SDK sends the token in the address and nothing beside it; in a body or the header it is as good.</summary>
    public async Task<IResult> PermissionsAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await callers.OfAsync(request, request["token"] ?? request.Query("token") ?? KamiwazaCallers.Presented(request), ct);
        if (caller is null) return refusal!;
        if (!people.MayPass(request, caller.Token)) return FastApi.Plain(StatusCodes.Status429TooManyRequests);
        var (person, place, fault) = await OneselfAsync(request, caller, ct);
        if (fault is not null) return fault;
        return KamiwazaRefusals.Ok(new JsonObject
        {
            ["user_id"] = person!.Id, ["rights"] = KamiwazaShapes.Names(place!.Effective.Permissions), ["roles"] = KamiwazaShapes.Names(KamiwazaShapes.Roles(place.Effective, caller.Actor.IsAdministrator)),
            ["groups"] = KamiwazaShapes.Names(place.Effective.Groups),
        });
    }

    public async Task<IResult> PasswordAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        var (present, wanted) = (fields.Required("current_password"), fields.Required("new_password"));
        if (fields.Refusal is { } fault) return fault;
        if (caller.IsPersonal) return FastApi.Detail(StatusCodes.Status403Forbidden, "A personal access token cannot change the password");
        var (person, _, refusal) = await OneselfAsync(request, caller, ct);
        if (refusal is not null) return refusal;
        if (!person!.HasPassword) return FastApi.Detail(StatusCodes.Status403Forbidden, "Password is managed by the identity provider");
        return await people.ChangePasswordAsync(request, caller.Token.User, present, wanted, ct) switch
        {
            PasswordChangeOutcome.Changed => KamiwazaRefusals.Ok(new JsonObject { ["changed"] = true }),
            PasswordChangeOutcome.Refused refused => FastApi.Unprocessable(FastApi.Fault("value_error", FaultWords.Of(refused.Fault), null, "body", "new_password")),
            PasswordChangeOutcome.Busy => FastApi.Plain(StatusCodes.Status503ServiceUnavailable),
            // Not 401, at which the SDK would sign in anew and try once more.
            _ => FastApi.Detail(StatusCodes.Status400BadRequest, "Current password is incorrect"),
        };
    }

    private async Task<(Person? Person, PersonDirectory? Place, IResult? Refusal)> OneselfAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var reader = DialectPeople.OneselfReading(request, caller.Token.User);
        if (!(await persons.FindAsync(reader, reader.Id, ct)).TryGet(out var person, out var refusal)) return (null, null, KamiwazaRefusals.Of(refusal, "User"));
        return (await directory.OfUserAsync(reader, reader.Id, ct)).TryGet(out var place, out refusal) ? (person, place, null) : (null, null, KamiwazaRefusals.Of(refusal, "User"));
    }
}
