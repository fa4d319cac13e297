using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>The calls of one kind of entry.</summary>
internal interface IKamiwazaKind
{
    /// <summary>As it stands in the path: <c>groups</c>.</summary>
    string Name { get; }

    Task<IResult> ListAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct);

    Task<IResult> CreateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct);

    Task<IResult> FindAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct);

    Task<IResult> UpdateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct);

    Task<IResult> RemoveAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct);
}

/// <summary>One kind of entry: list, create, read, change, delete, and what it holds of another kind.</summary>
internal abstract class KamiwazaKind<T>(DirectoryAdministration directory) : IKamiwazaKind where T : DirectoryEntry
{
    public abstract string Name { get; }

    /// <summary>In error texts.</summary>
    protected abstract string What { get; }

    protected DirectoryAdministration Directory => directory;

    protected abstract Task<Outcome<T>> AddAsync(Actor actor, KamiwazaBody body, CancellationToken ct);

    protected abstract Task<Outcome<T>> ChangeAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct);

    protected abstract Task<Outcome<Done>> DropAsync(Actor actor, string id, CancellationToken ct);

    protected abstract Task<JsonObject> ShapeAsync(Actor actor, T entry, CancellationToken ct);

    /// <summary>What is wrong with the parts in the body, said before anything is changed.</summary>
    protected virtual Task<Raw?> ObjectionAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => Task.FromResult<Raw?>(null);

    /// <summary>Brings the parts to what the body says.</summary>
    protected virtual Task<Refusal?> JoinAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => Task.FromResult<Refusal?>(null);

    /// <summary>The SDK has no such call; without it nobody could look up what there is.</summary>
    public async Task<IResult> ListAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        var list = new JsonArray();
        for (string? cursor = null; ;)
        {
            if (!(await Directory.ListAsync<T>(caller.Actor, new DirectoryFilter(), new PageRequest { Limit = PageRequest.MaximumLimit, Cursor = cursor }, ct)).TryGet(out var page, out var refusal)) return KamiwazaRefusals.Of(refusal, What);
            foreach (var entry in page.Items) list.Add(await ShapeAsync(caller.Actor, entry, ct));
            if ((cursor = page.Next) is null) return KamiwazaRefusals.Ok(list);
        }
    }

    public async Task<IResult> CreateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaBody.Read(request, out var refused) is not { } body) return refused!;
        body.Required("name");
        if (await ObjectionAsync(caller.Actor, body, ct) is { } unknown) return unknown;
        if (body.Refusal is { } fault) return fault;
        if (!(await AddAsync(caller.Actor, body, ct)).TryGet(out var entry, out var refusal)) return body.Refusal ?? KamiwazaRefusals.Of(refusal, What);
        return await JoinAsync(caller.Actor, entry.Id, body, ct) is { } tooFar ? KamiwazaRefusals.Of(tooFar, What) : KamiwazaRefusals.Ok(await ShapeAsync(caller.Actor, entry, ct));
    }

    public async Task<IResult> FindAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct) =>
        KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed ? malformed : await ShownAsync(caller.Actor, id, ct);

    public async Task<IResult> UpdateAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed) return malformed;
        if (KamiwazaBody.Read(request, out var refused) is not { } body) return refused!;
        if (await ObjectionAsync(caller.Actor, body, ct) is { } unknown) return unknown;
        if (!(await ChangeAsync(caller.Actor, id, body, ct)).TryGet(out _, out var refusal)) return body.Refusal ?? KamiwazaRefusals.Of(refusal, What);
        return await JoinAsync(caller.Actor, id, body, ct) is { } tooFar ? KamiwazaRefusals.Of(tooFar, What) : await ShownAsync(caller.Actor, id, ct);
    }

    public async Task<IResult> RemoveAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed) return malformed;
        return (await DropAsync(caller.Actor, id, ct)).TryGet(out _, out var refusal) ? KamiwazaRefusals.Done(What + " deleted") : KamiwazaRefusals.Of(refusal, What);
    }

    public async Task<IResult> ShownAsync(Actor actor, string id, CancellationToken ct) =>
        (await Directory.FindAsync<T>(actor, id, ct)).TryGet(out var entry, out var refusal) ? KamiwazaRefusals.Ok(await ShapeAsync(actor, entry, ct)) : KamiwazaRefusals.Of(refusal, What);

    protected async Task<IReadOnlyList<TPart>> PartsAsync<TPart>(Actor actor, DirectoryFilter filter, CancellationToken ct) where TPart : DirectoryEntry
    {
        // Whoever may change the directory may not always read it; they see what they changed without its parts.
        var parts = new List<TPart>();
        for (string? cursor = null; ;)
        {
            if (!(await Directory.ListAsync<TPart>(actor, filter, new PageRequest { Limit = PageRequest.MaximumLimit, Cursor = cursor }, ct)).TryGet(out var page, out _)) return parts;
            parts.AddRange(page.Items);
            if ((cursor = page.Next) is null) return parts;
        }
    }

    protected async Task<Raw?> UnknownAsync<TPart>(Actor actor, KamiwazaBody body, string member, CancellationToken ct) where TPart : DirectoryEntry
    {
        var ids = body.Ids(member);
        if (body.Refusal is { } fault) return fault;
        foreach (var id in ids ?? [])
            if (!(await Directory.FindAsync<TPart>(actor, id, ct)).TryGet(out _, out var refusal))
                return refusal.Kind == RefusalKind.NotFound ? FastApi.Unprocessable(FastApi.Fault("value_error", "There is no entry with this id", null, "body", member)) : KamiwazaRefusals.Of(refusal, What);
        return null;
    }

    /// <param name="wanted">Ids; null: as they are.</param>
    protected async Task<Refusal?> SetPartsAsync<TPart>(Actor actor, Memberships memberships, DirectoryLink link, string id, DirectoryFilter filter, IReadOnlyList<string>? wanted, CancellationToken ct) where TPart : DirectoryEntry
    {
        if (wanted is null) return null;
        var present = (await PartsAsync<TPart>(actor, filter, ct)).Select(static p => p.Id).ToList();
        foreach (var part in wanted.Except(present, StringComparer.Ordinal))
            if (!(await memberships.LinkAsync(actor, link, id, part, ct)).TryGet(out _, out var refusal)) return refusal;
        foreach (var part in present.Except(wanted, StringComparer.Ordinal))
            if (!(await memberships.UnlinkAsync(actor, link, id, part, ct)).TryGet(out _, out var refusal)) return refusal;
        return null;
    }
}
