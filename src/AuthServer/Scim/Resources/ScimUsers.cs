using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Scim.Filters;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Patch;
using AuthServer.Scim.Schemas;
using Microsoft.Extensions.Options;

namespace AuthServer.Scim.Resources;

/// <summary><c>/Users</c>: people.</summary>
internal sealed class ScimUsers(PeopleAdministration people, PersonAccess access, DirectorySearch search, ScimJson json, IOptions<ScimOptions> options) : IScimResource
{
    private static readonly FilterConditions Filters = new(new Dictionary<string, Stored>(StringComparer.Ordinal)
    {
        ["id"] = new Stored.Field(EntryField.Id),
        ["externalid"] = new Stored.Field(EntryField.ExternalId),
        ["username"] = new Stored.Field(EntryField.Name),
        ["displayname"] = new Stored.Field(EntryField.FullName),
        ["name.formatted"] = new Stored.Field(EntryField.FullName),
        ["name.familyname"] = new Stored.Field(EntryField.FamilyName),
        ["name.givenname"] = new Stored.Field(EntryField.GivenName),
        ["name.middlename"] = new Stored.Field(EntryField.MiddleName),
        ["nickname"] = new Stored.Field(EntryField.Nickname),
        ["profileurl"] = new Stored.Field(EntryField.Profile),
        ["locale"] = new Stored.Field(EntryField.Locale),
        ["timezone"] = new Stored.Field(EntryField.ZoneInfo),
        ["active"] = new Stored.Active(),
        ["emails"] = new Stored.Field(EntryField.Email),
        ["emails.value"] = new Stored.Field(EntryField.Email),
        ["emails.type"] = new Stored.Always(EntryField.Email, ScimSchemas.Work),
        ["emails.primary"] = new Stored.Always(EntryField.Email, true),
        ["phonenumbers"] = new Stored.Field(EntryField.PhoneNumber),
        ["phonenumbers.value"] = new Stored.Field(EntryField.PhoneNumber),
        ["phonenumbers.type"] = new Stored.Always(EntryField.PhoneNumber, ScimSchemas.Work),
        ["phonenumbers.primary"] = new Stored.Always(EntryField.PhoneNumber, true),
        ["groups"] = new Stored.Joined(),
        ["groups.value"] = new Stored.Joined(),
        ["meta.created"] = new Stored.Field(EntryField.CreatedAt),
        ["meta.lastmodified"] = new Stored.Field(EntryField.UpdatedAt),
        ["meta.resourcetype"] = new Stored.Always(null, ScimSchemas.User.Name),
    }, [ScimSchemas.User.Id]);

    public ScimSchema Schema => ScimSchemas.User;

    public string Read => AdminRights.UsersRead;

    public string Write => AdminRights.UsersWrite;

    public async Task<ScimAnswer> FindAsync(ScimCall call, string id) =>
        (await people.FindAsync(call.Actor, id, call.Ct)).TryGet(out var person, out var refusal) ? await AnswerAsync(call, person, StatusCodes.Status200OK) : ScimError.Of(refusal);

    public async Task<ScimAnswer> ListAsync(ScimCall call, ListRequest request)
    {
        var (condition, fault) = Filters.Translate(request.Filter);
        if (condition is null) return fault!;
        var (order, unsorted) = Filters.Order(request.SortBy, request.SortOrder);
        if (order is null) return unsorted!;
        if (!(await search.PeopleAsync(call.Actor, condition, order, request.StartIndex - 1, request.Count, call.Ct)).TryGet(out var found, out var refusal)) return ScimError.Of(refusal);
        var groups = await GroupsAsync(call, [.. found.Entries.Select(static p => p.Id)]);
        return request.Answer(found.Total, found.Entries.Select(p => call.Selection.Of(json.Of(p, groups is null ? null : [.. groups[p.Id]]).Json)));
    }

    public async Task<ScimAnswer> CreateAsync(ScimCall call, JsonObject body)
    {
        var (wanted, fault) = PatchValue.Resource(Schema, body);
        if (wanted is null) return fault!;
        var made = await people.CreateAsync(call.Actor, PersonChange.Form(null, wanted, options.Value.EmailsAreVerified), call.Ct);
        return made.TryGet(out var person, out var refusal) ? await AnswerAsync(call, person, StatusCodes.Status201Created) : ScimError.Of(refusal);
    }

    public async Task<ScimAnswer> ReplaceAsync(ScimCall call, string id, JsonObject body)
    {
        var (wanted, fault) = PatchValue.Resource(Schema, body);
        if (wanted is null) return fault!;
        if (wanted["userName"] is null) return ScimError.InvalidValue("userName is required.");
        return await ChangeAsync(call, id, _ => (wanted, null));
    }

    public async Task<ScimAnswer> PatchAsync(ScimCall call, string id, JsonObject body)
    {
        var (steps, fault) = PatchStep.Read(body, Schema);
        if (steps is null) return fault!;
        return await ChangeAsync(call, id, before =>
        {
            var after = before.DeepClone().AsObject();
            foreach (var step in steps)
                if (PatchApplication.Apply(after, step) is { } wrong) return (null, wrong);
            return (after, null);
        });
    }

    public async Task<ScimAnswer> RemoveAsync(ScimCall call, string id)
    {
        string? version = null;
        if (!call.IfMatch.IsNone)
        {
            if (!(await people.FindAsync(call.Actor, id, call.Ct)).TryGet(out var person, out var unknown)) return ScimError.Of(unknown);
            if (!call.IfMatch.Name(person.Version)) return ScimError.Stale;
            version = person.Version;
        }

        return (await people.RemoveAsync(call.Actor, id, version, call.Ct)).TryGet(out _, out var refusal) ? new ScimAnswer(StatusCodes.Status204NoContent) : ScimError.Of(refusal);
    }

    /// <summary>All of the change or nothing of it: what speaks against a new password is asked before anything is written.</summary>
    private async Task<ScimAnswer> ChangeAsync(ScimCall call, string id, Func<JsonObject, (JsonObject? After, ScimError? Fault)> change)
    {
        if (!(await people.FindAsync(call.Actor, id, call.Ct)).TryGet(out var person, out var refusal)) return ScimError.Of(refusal);
        if (!call.IfMatch.Name(person.Version)) return ScimError.Stale;
        var before = ScimJson.Writable(person);
        var (after, fault) = change(before);
        if (after is null) return fault!;

        var password = after["password"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        if (password is not null && await access.ObjectionToPasswordAsync(call.Actor, id, password, call.Ct) is { } objection) return ScimError.Of(objection);
        var form = PersonChange.Form(before, after, options.Value.EmailsAreVerified);
        if (!PersonChange.IsEmpty(form) && !(await people.UpdateAsync(call.Actor, id, form, call.IfMatch.IsNone ? null : person.Version, call.Ct)).TryGet(out person, out refusal)) return ScimError.Of(refusal);
        if (password is not null && !(await access.SetPasswordAsync(call.Actor, id, password, temporary: false, call.Ct)).TryGet(out person, out refusal)) return ScimError.Of(refusal);
        return await AnswerAsync(call, person, StatusCodes.Status200OK);
    }

    private async Task<ScimAnswer> AnswerAsync(ScimCall call, Person person, int status)
    {
        var groups = await GroupsAsync(call, [person.Id]);
        var (body, version) = json.Of(person, groups is null ? null : [.. groups[person.Id]]);
        return new ScimAnswer(status, call.Selection.Of(body)) { Version = version, Location = json.Location(Schema, person.Id) };
    }

    /// <summary>Null: not asked for, or not for this actor to see.</summary>
    private async Task<ILookup<string, GroupMember>?> GroupsAsync(ScimCall call, IReadOnlyList<string> ids) =>
        call.Selection.Shows("groups") && (await search.GroupsOfAsync(call.Actor, ids, call.Ct)).TryGet(out var groups, out _) ? groups.ToLookup(static g => g.UserId, StringComparer.Ordinal) : null;
}
