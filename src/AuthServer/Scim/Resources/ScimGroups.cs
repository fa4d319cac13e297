using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Scim.Filters;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Patch;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Resources;

/// <summary><c>/Groups</c>: groups and who is in them.</summary>
internal sealed class ScimGroups(DirectoryAdministration directory, Memberships memberships, DirectorySearch search, ScimJson json) : IScimResource
{
    private static readonly FilterConditions Filters = new(new Dictionary<string, Stored>(StringComparer.Ordinal)
    {
        ["id"] = new Stored.Field(EntryField.Id),
        ["externalid"] = new Stored.Field(EntryField.ExternalId),
        ["displayname"] = new Stored.Field(EntryField.Name),
        ["members"] = new Stored.Joined(),
        ["members.value"] = new Stored.Joined(),
        ["meta.created"] = new Stored.Field(EntryField.CreatedAt),
        ["meta.lastmodified"] = new Stored.Field(EntryField.UpdatedAt),
        ["meta.resourcetype"] = new Stored.Always(null, ScimSchemas.Group.Name),
    }, [ScimSchemas.Group.Id]);

    public ScimSchema Schema => ScimSchemas.Group;

    public string Read => AdminRights.DirectoryRead;

    public string Write => AdminRights.DirectoryWrite;

    public async Task<ScimAnswer> FindAsync(ScimCall call, string id) =>
        (await directory.FindAsync<Group>(call.Actor, id, call.Ct)).TryGet(out var group, out var refusal) ? await AnswerAsync(call, group, StatusCodes.Status200OK) : ScimError.Of(refusal);

    public async Task<ScimAnswer> ListAsync(ScimCall call, ListRequest request)
    {
        var (condition, fault) = Filters.Translate(request.Filter);
        if (condition is null) return fault!;
        var (order, unsorted) = Filters.Order(request.SortBy, request.SortOrder);
        if (order is null) return unsorted!;
        if (!(await search.GroupsAsync(call.Actor, condition, order, request.StartIndex - 1, request.Count, call.Ct)).TryGet(out var found, out var refusal)) return ScimError.Of(refusal);
        var members = call.Selection.Shows("members") ? (await MembersAsync(call, [.. found.Entries.Select(static g => g.Id)])).ToLookup(static m => m.GroupId, StringComparer.Ordinal) : null;
        return request.Answer(found.Total, found.Entries.Select(g => call.Selection.Of(json.Of(g, members is null ? null : [.. members[g.Id]]).Json)));
    }

    public async Task<ScimAnswer> CreateAsync(ScimCall call, JsonObject body)
    {
        var (wanted, change, fault) = Wanted(body);
        if (wanted is null) return fault!;
        var (added, _) = await change.AgainstAsync(static () => Task.FromResult<IReadOnlyList<GroupMember>>([]));
        if (await memberships.ObjectionToMembersAsync(call.Actor, null, added, call.Ct) is { } objection) return ScimError.Of(objection);
        if (!(await directory.CreateGroupAsync(call.Actor, new GroupForm { Name = Text(wanted["displayName"]), ExternalId = Text(wanted["externalId"]) }, call.Ct)).TryGet(out var group, out var refusal)) return ScimError.Of(refusal);
        await WriteAsync(call, group.Id, added, []);
        return await AnswerAsync(call, group, StatusCodes.Status201Created);
    }

    public async Task<ScimAnswer> ReplaceAsync(ScimCall call, string id, JsonObject body)
    {
        var (wanted, change, fault) = Wanted(body);
        if (wanted is null) return fault!;
        return await ChangeAsync(call, id, (_, _) => Task.FromResult<(JsonObject?, ScimError?)>((wanted, null)), change, StatusCodes.Status200OK);
    }

    /// <summary>Answers without the group, which may be large, unless attributes of it were asked for (RFC 7644 §3.5.2).</summary>
    public async Task<ScimAnswer> PatchAsync(ScimCall call, string id, JsonObject body)
    {
        var (steps, fault) = PatchStep.Read(body, Schema);
        if (steps is null) return fault!;
        var change = new MembersChange();
        return await ChangeAsync(call, id, async (before, current) =>
        {
            foreach (var step in steps)
            {
                var wrong = step.Path.Attribute!.Name == "members" ? await change.ApplyAsync(step, current) : PatchApplication.Apply(before, step);
                if (wrong is not null) return (null, wrong);
            }

            return (before, null);
        }, change, call.Selection.IsDefault ? StatusCodes.Status204NoContent : StatusCodes.Status200OK);
    }

    public async Task<ScimAnswer> RemoveAsync(ScimCall call, string id)
    {
        long? version = null;
        if (!call.IfMatch.IsNone)
        {
            if (!(await directory.FindAsync<Group>(call.Actor, id, call.Ct)).TryGet(out var group, out var unknown)) return ScimError.Of(unknown);
            if (!call.IfMatch.NameExactly(ScimJson.Version(group, await MembersAsync(call, [id])))) return ScimError.Stale;
            version = group.Version;
        }

        return (await directory.RemoveGroupAsync(call.Actor, id, version, call.Ct)).TryGet(out _, out var refusal) ? new ScimAnswer(StatusCodes.Status204NoContent) : ScimError.Of(refusal);
    }

    /// <summary>All of the change or nothing of it: whether each member may be added or removed is asked before anything is written.</summary>
    private async Task<ScimAnswer> ChangeAsync(
        ScimCall call, string id, Func<JsonObject, Func<Task<IReadOnlyList<GroupMember>>>, Task<(JsonObject? After, ScimError? Fault)>> change, MembersChange members, int status)
    {
        if (!(await directory.FindAsync<Group>(call.Actor, id, call.Ct)).TryGet(out var group, out var refusal)) return ScimError.Of(refusal);
        IReadOnlyList<GroupMember>? there = null;
        if (!call.IfMatch.IsNone && !call.IfMatch.NameExactly(ScimJson.Version(group, await CurrentAsync()))) return ScimError.Stale;
        var before = ScimBody.New();
        before["displayName"] = group.Name;
        if (group.ExternalId is not null) before["externalId"] = group.ExternalId;
        var (after, fault) = await change(before, CurrentAsync);
        if (after is null) return fault!;

        var (added, removed) = await members.AgainstAsync(CurrentAsync);
        if (!members.IsEmpty && await memberships.ObjectionToMembersAsync(call.Actor, id, removed.Count == 0 ? added : [.. added, .. (await CurrentAsync()).Select(static m => m.UserId).Intersect(removed)], call.Ct) is { } objection) return ScimError.Of(objection);
        var form = new GroupForm { Name = Text(after["displayName"]) == group.Name ? null : Text(after["displayName"]) ?? "", ExternalId = (Text(after["externalId"]) ?? "") == (group.ExternalId ?? "") ? null : Text(after["externalId"]) ?? "" };
        if (form != new GroupForm() && !(await directory.UpdateGroupAsync(call.Actor, id, form, call.IfMatch.IsNone ? null : group.Version, call.Ct)).TryGet(out group, out refusal)) return ScimError.Of(refusal);
        await WriteAsync(call, id, added, removed);
        return status == StatusCodes.Status204NoContent ? new ScimAnswer(status) : await AnswerAsync(call, group, status);

        async Task<IReadOnlyList<GroupMember>> CurrentAsync() => there ??= await MembersAsync(call, [id]);
    }

    /// <summary>Each of them was allowed just before; who is gone since then is no fault of the request.</summary>
    private async Task WriteAsync(ScimCall call, string id, IReadOnlyList<string> added, IReadOnlyList<string> removed)
    {
        foreach (var userId in removed) await memberships.UnlinkAsync(call.Actor, DirectoryLink.UserGroup, userId, id, call.Ct);
        foreach (var userId in added) await memberships.LinkAsync(call.Actor, DirectoryLink.UserGroup, userId, id, call.Ct);
    }

    /// <summary>A whole group as it was sent. Members that are not mentioned stay: nobody loses a group because a list was forgotten.</summary>
    private (JsonObject? Wanted, MembersChange Change, ScimError? Fault) Wanted(JsonObject body)
    {
        var change = new MembersChange();
        if (body["members"] is { } members && change.Replace(members) is { } wrong) return (null, change, wrong);
        var rest = body.DeepClone().AsObject();
        rest.Remove("members");
        var (wanted, fault) = PatchValue.Resource(Schema, rest);
        if (wanted is not null && string.IsNullOrWhiteSpace(Text(wanted["displayName"]))) return (null, change, ScimError.InvalidValue("displayName is required."));
        return (wanted, change, fault);
    }

    private async Task<ScimAnswer> AnswerAsync(ScimCall call, Group group, int status)
    {
        var (body, version) = json.Of(group, call.Selection.Shows("members") ? await MembersAsync(call, [group.Id]) : null);
        return new ScimAnswer(status, call.Selection.Of(body)) { Version = version, Location = json.Location(Schema, group.Id) };
    }

    private async Task<IReadOnlyList<GroupMember>> MembersAsync(ScimCall call, IReadOnlyCollection<string> ids) =>
        (await search.MembersAsync(call.Actor, ids, call.Ct)).TryGet(out var members, out _) ? members : [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
