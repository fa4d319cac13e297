using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>People, as administrators see and change them.</summary>
internal sealed class KamiwazaPeople(PeopleAdministration people, PersonAccess access, DirectoryAdministration directory, KamiwazaMembership membership)
{
    private const string What = "User";

    /// <summary>How many a list has at most; the SDK has no way to ask for the rest.</summary>
    private const int MostListed = 1_000;

    /// <summary>By user name; <c>skip</c> and <c>limit</c> cut out a part.</summary>
    public async Task<IResult> ListAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var (skip, most) = (Number(request.Query("skip"), 0), Math.Min(Number(request.Query("limit"), MostListed), MostListed));
        var list = new JsonArray();
        while (list.Count < most)
        {
            if (!(await people.SliceAsync(caller.Actor, new PeopleFilter(), skip + list.Count, Math.Min(PageRequest.MaximumLimit, most - list.Count), ct)).TryGet(out var slice, out var refusal)) return KamiwazaRefusals.Of(refusal, What);
            foreach (var person in slice.People)
            {
                if (!(await directory.OfUserAsync(caller.Actor, person.Id, ct)).TryGet(out var place, out refusal))
                {
                    // Deleted since the list was read.
                    if (refusal.Kind == RefusalKind.NotFound) place = new PersonDirectory(null, [], [], UserDirectory.None);
                    else return KamiwazaRefusals.Of(refusal, What);
                }

                list.Add(KamiwazaShapes.User(person, place, request.Settings));
            }

            if (slice.People.Count == 0 || skip + list.Count >= slice.Total) break;
        }

        return KamiwazaRefusals.Ok(list);
    }

    public async Task<IResult> FindAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct) =>
        KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed ? malformed : await ShownAsync(request, caller, id, ct);

    public async Task<IResult> CreateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaBody.Read(request, out var refused) is not { } body) return refused!;
        var (userName, password) = (body.Required("username"), body.Required("password"));
        var form = new PersonForm
        {
            UserName = userName, Password = password, Email = body.Text("email"), Claims = NameOf(body), OrganizationId = body.Text("organization_id"), ExternalId = body.Text("external_id"),
            Administrator = body.Truth("is_superuser") == true || body.Texts("roles")?.Contains(KamiwazaShapes.AdminRole, StringComparer.Ordinal) == true,
        };
        var (groups, roles) = (body.Ids("groups"), body.Texts("roles"));
        if (body.Refusal is { } fault) return fault;
        if (await membership.ObjectionAsync(caller.Actor, groups, roles, ct) is { } unknown) return unknown;
        if (!(await people.CreateAsync(caller.Actor, form, ct)).TryGet(out var person, out var refusal)) return KamiwazaRefusals.Of(refusal, What);
        if (await membership.SetAsync(caller.Actor, person.Id, groups, roles, ct) is { } tooFar) return KamiwazaRefusals.Of(tooFar, What);
        return await ShownAsync(request, caller, person.Id, ct, request.Settings.Strict ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>Of either generation; what is null or missing stays as it is.</summary>
    public async Task<IResult> UpdateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed) return malformed;
        if (KamiwazaBody.Read(request, out var refused) is not { } body) return refused!;
        var (email, active, groups, roles) = (body.Text("email"), body.Truth("is_active") ?? body.Truth("active"), body.Ids("groups"), body.Texts("roles"));
        var administrator = body.Truth("is_superuser") ?? roles?.Contains(KamiwazaShapes.AdminRole, StringComparer.Ordinal);
        var form = new PersonForm { UserName = body.Text("username"), Email = email, Disabled = !active, Claims = NameOf(body), OrganizationId = body.Text("organization_id") };
        if (body.Refusal is { } fault) return fault;
        if (!(await people.FindAsync(caller.Actor, id, ct)).TryGet(out var before, out var refusal)) return KamiwazaRefusals.Of(refusal, What);
        if (await membership.ObjectionAsync(caller.Actor, groups, roles, ct) is { } unknown) return unknown;

        // The address that was only shown in place of none is not taken for one when it comes back.
        if (email is not null && email == KamiwazaShapes.Email(before, request.Settings)) form = form with { Email = null };
        if (!(await people.UpdateAsync(caller.Actor, id, form, null, ct)).TryGet(out _, out refusal)) return KamiwazaRefusals.Of(refusal, What);
        if (administrator is { } wanted && wanted != before.IsAdministrator && !(await access.SetAdministratorAsync(caller.Actor, id, wanted, ct)).TryGet(out _, out refusal)) return KamiwazaRefusals.Of(refusal, What);
        if (await membership.SetAsync(caller.Actor, id, groups, roles, ct) is { } tooFar) return KamiwazaRefusals.Of(tooFar, What);
        return await ShownAsync(request, caller, id, ct);
    }

    public async Task<IResult> RemoveAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed) return malformed;
        return (await people.RemoveAsync(caller.Actor, id, null, ct)).TryGet(out _, out var refusal) ? KamiwazaRefusals.Done("User deleted") : KamiwazaRefusals.Of(refusal, What);
    }

    /// <summary>Ends everything that was opened with the old one.</summary>
    public async Task<IResult> SetPasswordAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed) return malformed;
        var fields = FastApiFields.OfJson(request);
        var wanted = fields.Required("new_password");
        if (fields.Refusal is { } fault) return fault;
        return (await access.SetPasswordAsync(caller.Actor, id, wanted, temporary: false, ct)).TryGet(out _, out var refusal) ? await ShownAsync(request, caller, id, ct) : KamiwazaRefusals.Of(refusal, What);
    }

    public async Task<IResult> ShownAsync(DialectRequest request, KamiwazaCaller caller, string id, CancellationToken ct, int status = StatusCodes.Status200OK)
    {
        if (!(await people.FindAsync(caller.Actor, id, ct)).TryGet(out var person, out var refusal)) return KamiwazaRefusals.Of(refusal, What);
        return (await directory.OfUserAsync(caller.Actor, id, ct)).TryGet(out var place, out refusal) ? Raw.Json(status, KamiwazaShapes.User(person, place, request.Settings)) : KamiwazaRefusals.Of(refusal, What);
    }

    private static JsonElement? NameOf(KamiwazaBody body) => body.Text("full_name") is { } name ? JsonSerializer.SerializeToElement(new JsonObject { ["name"] = name }) : null;

    private static int Number(string? text, int otherwise) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
