using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Admin;

/// <summary><c>/users</c>: people, whether they get in, and what they are in the directory. Their sessions and grants are <see cref="SessionsResource"/>.</summary>
internal sealed class UsersResource : IAdminResource
{
    public const string Path = "/users";
    public const string One = Path + "/{id}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.UsersRead).Produces<PageAnswer<UserAnswer>>().Paged("user_name", "created_at", "number")
            .Query("search", "Beginnings of words of the user name, e-mail address, names or external id; the best match comes first.").Query("user_name", "Exactly this user name, whatever the case.")
            .Query("email", "Exactly this address, whatever the case.").Query("external_id", "Exactly this external id.").Query("disabled", "true or false.").Query("administrator", "true or false.")
            .Query("organization_id", "People of this organization.").Query("group_id", "Members of this group.").Query("role_id", "Who has this role directly.");
        admin.MapPost(Path, CreateAsync).Needs(AdminRights.UsersWrite).Accepts<NewUserBody>("application/json").Produces<UserAnswer>(StatusCodes.Status201Created);
        admin.MapGet(One, FindAsync).Needs(AdminRights.UsersRead).Produces<UserAnswer>();
        admin.MapPatch(One, UpdateAsync).Needs(AdminRights.UsersWrite).Accepts<UserBody>("application/json", "application/merge-patch+json").Produces<UserAnswer>();
        admin.MapDelete(One, RemoveAsync).Needs(AdminRights.UsersWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapGet(One + "/directory", DirectoryAsync).Needs(AdminRights.DirectoryRead).WithSummary("Read what a user is in the directory").Produces<UserDirectoryAnswer>();
        admin.MapPost(One + "/disable", DisableAsync).Needs(AdminRights.UsersWrite).Produces<UserAnswer>();
        admin.MapPost(One + "/enable", EnableAsync).Needs(AdminRights.UsersWrite).Produces<UserAnswer>();
        admin.MapPost(One + "/unlock", UnlockAsync).Needs(AdminRights.UsersWrite).Produces<UserAnswer>();
        admin.MapPut(One + "/password", SetPasswordAsync).Needs(AdminRights.UsersWrite).Accepts<PasswordBody>("application/json").Produces<UserAnswer>();
        admin.MapPost(One + "/require-password-reset", RequireResetAsync).Needs(AdminRights.UsersWrite).WithSummary("Have a user choose a new password at the next sign-in").Produces<UserAnswer>();
        admin.MapPost(One + "/send-password-reset", SendResetAsync).Needs(AdminRights.UsersWrite).WithSummary("Mail a user a link for a new password").Produces(StatusCodes.Status204NoContent);
        admin.MapPut(One + "/administrator", MakeAdministratorAsync).Needs(AdminRights.UsersWrite).WithName("make_user_administrator").WithSummary("Make a user an administrator").Produces<UserAnswer>();
        admin.MapDelete(One + "/administrator", UnmakeAdministratorAsync).Needs(AdminRights.UsersWrite).WithName("unmake_user_administrator").WithSummary("Make an administrator an ordinary user").Produces<UserAnswer>();
        admin.MapGet(One + "/factors", FactorsAsync).Needs(AdminRights.UsersRead).Produces<FactorsAnswer>();
        admin.MapDelete(One + "/factors", ResetFactorsAsync).Needs(AdminRights.UsersWrite).WithSummary("Remove all second factors of a user").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, PeopleAdministration people)
    {
        if (!Truth.TryRead(http.Query("disabled"), "disabled", out var disabled, out var fault) || !Truth.TryRead(http.Query("administrator"), "administrator", out var administrator, out fault)) return fault;
        var filter = new PeopleFilter
        {
            Search = http.Query("search"), UserName = http.Query("user_name"), Email = http.Query("email"), ExternalId = http.Query("external_id"), Disabled = disabled, Administrator = administrator,
            OrganizationId = http.Query("organization_id"), GroupId = http.Query("group_id"), RoleId = http.Query("role_id"),
        };
        return AdminAnswers.Of(await people.ListAsync(http.Actor(), filter, http.PageRequest(), http.RequestAborted), static page => AdminAnswers.Page(page, UserAnswer.Of));
    }

    private static async Task<IResult> FindAsync(HttpContext http, string id, PeopleAdministration people) => AdminAnswers.Of(await people.FindAsync(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> CreateAsync(HttpContext http, PeopleAdministration people)
    {
        var (body, fault) = await http.ReadBodyAsync<NewUserBody>(http.RequestAborted);
        return body is null ? fault! : AdminAnswers.Of(await people.CreateAsync(http.Actor(), body.Form(), http.RequestAborted), static p => AdminAnswers.Created($"{Path}/{p.Id}", UserAnswer.Of(p), p.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, PeopleAdministration people)
    {
        var (body, fault) = await http.ReadBodyAsync<UserBody>(http.RequestAborted);
        return body is null ? fault! : AdminAnswers.Of(await people.UpdateAsync(http.Actor(), id, body.Form(), http.IfMatch(), http.RequestAborted), Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string id, PeopleAdministration people) =>
        AdminAnswers.Of(await people.RemoveAsync(http.Actor(), id, http.IfMatch(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> DirectoryAsync(HttpContext http, string id, DirectoryAdministration directory) => AdminAnswers.Of(await directory.OfUserAsync(http.Actor(), id, http.RequestAborted), static d => AdminAnswers.Ok(UserDirectoryAnswer.Of(d)));

    private static async Task<IResult> DisableAsync(HttpContext http, string id, PersonAccess access) => AdminAnswers.Of(await access.SetDisabledAsync(http.Actor(), id, true, http.RequestAborted), Answer);

    private static async Task<IResult> EnableAsync(HttpContext http, string id, PersonAccess access) => AdminAnswers.Of(await access.SetDisabledAsync(http.Actor(), id, false, http.RequestAborted), Answer);

    private static async Task<IResult> UnlockAsync(HttpContext http, string id, PersonAccess access) => AdminAnswers.Of(await access.UnlockAsync(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> SetPasswordAsync(HttpContext http, string id, PersonAccess access)
    {
        var (body, fault) = await http.ReadBodyAsync<PasswordBody>(http.RequestAborted);
        if (body is null) return fault!;
        if (body.Password is not { Length: > 0 } password) return AdminAnswers.Of(Refusal.Invalid(new Objection("password", "required", "The new password.")));
        return AdminAnswers.Of(await access.SetPasswordAsync(http.Actor(), id, password, body.Temporary, http.RequestAborted), Answer);
    }

    private static async Task<IResult> RequireResetAsync(HttpContext http, string id, PersonAccess access) => AdminAnswers.Of(await access.RequirePasswordResetAsync(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> SendResetAsync(HttpContext http, string id, PersonAccess access) =>
        AdminAnswers.Of(await access.SendPasswordResetAsync(http.Actor(), id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> MakeAdministratorAsync(HttpContext http, string id, PersonAccess access) => AdminAnswers.Of(await access.SetAdministratorAsync(http.Actor(), id, true, http.RequestAborted), Answer);

    private static async Task<IResult> UnmakeAdministratorAsync(HttpContext http, string id, PersonAccess access) => AdminAnswers.Of(await access.SetAdministratorAsync(http.Actor(), id, false, http.RequestAborted), Answer);

    private static async Task<IResult> FactorsAsync(HttpContext http, string id, FactorAdministration factors) => AdminAnswers.Of(await factors.FindAsync(http.Actor(), id, http.RequestAborted), static f => AdminAnswers.Ok(FactorsAnswer.Of(f)));

    private static async Task<IResult> ResetFactorsAsync(HttpContext http, string id, FactorAdministration factors) =>
        AdminAnswers.Of(await factors.ResetAsync(http.Actor(), id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(Person p) => AdminAnswers.Ok(UserAnswer.Of(p), p.Version);
}

/// <summary>What to change of a person.</summary>
internal record UserBody
{
    public string? UserName { get; init; } = MergePatch.LeftOut;
    public string? Email { get; init; } = MergePatch.LeftOut;
    public bool? EmailVerified { get; init; }
    public string? PhoneNumber { get; init; } = MergePatch.LeftOut;
    public bool? PhoneNumberVerified { get; init; }

    /// <summary>The other standard claims (OpenID Connect Core §5.1), merged into those that are there.</summary>
    public JsonElement? Claims { get; init; }
    public bool? Disabled { get; init; }

    /// <summary>The next sign-in by password ends with choosing a new one.</summary>
    public bool? PasswordResetRequired { get; init; }

    /// <summary>Needs <c>directory:write</c> too.</summary>
    public string? OrganizationId { get; init; } = MergePatch.LeftOut;
    public string? ExternalId { get; init; } = MergePatch.LeftOut;

    public virtual PersonForm Form() => new()
    {
        UserName = MergePatch.Text(UserName), Email = MergePatch.Text(Email), EmailVerified = EmailVerified, PhoneNumber = MergePatch.Text(PhoneNumber), PhoneNumberVerified = PhoneNumberVerified,
        Claims = Claims, Disabled = Disabled, PasswordResetRequired = PasswordResetRequired, OrganizationId = MergePatch.Text(OrganizationId), ExternalId = MergePatch.Text(ExternalId),
    };
}

/// <summary>A person to create.</summary>
internal sealed record NewUserBody : UserBody
{
    /// <summary>A version 4 UUID, for people who come from elsewhere; otherwise a new one.</summary>
    public string? Id { get; init; }

    /// <summary>For people who come from elsewhere; otherwise the next free one.</summary>
    public int? Number { get; init; }

    /// <summary>Without one the person cannot sign in by password until they follow a link for a new one.</summary>
    public string? Password { get; init; }

    /// <summary>May do everything; only an administrator says so.</summary>
    public bool Administrator { get; init; }

    public override PersonForm Form() => base.Form() with { Id = Id, Number = Number, Password = Password, Administrator = Administrator };
}

/// <param name="Temporary">The person has to choose their own at the next sign-in.</param>
internal sealed record PasswordBody(string? Password = null, bool Temporary = false);

internal sealed record UserAnswer(
    string Id, int Number, string UserName, string? Email, bool EmailVerified, string? PhoneNumber, bool PhoneNumberVerified, JsonElement Claims, bool Disabled, DateTimeOffset? LockedUntil, bool Administrator,
    bool PasswordResetRequired, bool HasPassword, DateTimeOffset? PasswordChangedAt, string? OrganizationId, string? ExternalId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? LastSignedInAt, string Version)
{
    public static UserAnswer Of(Person p) => new(
        p.Id, p.Number, p.UserName, p.Email, p.EmailVerified, p.PhoneNumber, p.PhoneNumberVerified, JsonSerializer.Deserialize<JsonElement>(p.Claims), p.Disabled, p.LockedUntil, p.IsAdministrator,
        p.PasswordResetRequired, p.HasPassword, p.PasswordChangedAt, p.OrganizationId, p.ExternalId, p.CreatedAt, p.UpdatedAt, p.LastSignedInAt, p.Version);
}

/// <param name="Groups">Groups the person is in.</param>
/// <param name="Roles">Roles given to the person directly.</param>
/// <param name="Effective">What tokens say: names, roles of groups included.</param>
internal sealed record UserDirectoryAnswer(OrganizationAnswer? Organization, IReadOnlyList<GroupAnswer> Groups, IReadOnlyList<RoleAnswer> Roles, EffectiveAnswer Effective)
{
    public static UserDirectoryAnswer Of(PersonDirectory d) => new(
        d.Organization is { } organization ? OrganizationAnswer.Of(organization) : null, [.. d.Groups.Select(GroupAnswer.Of)], [.. d.Roles.Select(RoleAnswer.Of)], EffectiveAnswer.Of(d.Effective));
}

internal sealed record EffectiveAnswer(IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> Permissions)
{
    public static EffectiveAnswer Of(UserDirectory d) => new(d.Roles, d.Groups, d.Permissions);
}

internal sealed record FactorsAnswer(AuthenticatorAnswer? Authenticator, IReadOnlyList<PasskeyAnswer> Passkeys, bool EmailCode, int RecoveryCodesLeft)
{
    public static FactorsAnswer Of(PersonFactors f) => new(
        f.Authenticator is { } app ? new AuthenticatorAnswer(app.Since, app.LastUsedAt) : null, [.. f.Passkeys.Select(static p => new PasskeyAnswer(p.Id, p.Name, p.CreatedAt, p.LastUsedAt, p.Synced))],
        f.Enrolled.EmailCode, f.Enrolled.RecoveryCodesLeft);
}

internal sealed record AuthenticatorAnswer(DateTimeOffset Since, DateTimeOffset? LastUsedAt);

internal sealed record PasskeyAnswer(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool Synced);
