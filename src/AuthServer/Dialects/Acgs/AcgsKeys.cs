using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.RateLimits;
using Microsoft.Extensions.Options;

namespace AuthServer.Dialects.Acgs;

/// <summary>A person's own API keys: personal access tokens of this server.</summary>
internal sealed class AcgsKeys(AcgsAccess access, DialectPeople people, ApiKeyAdministration keys, IOptions<ApiKeyOptions> options, IOptions<RateLimitOptions> limits, AcgsAnswers answers, TimeProvider clock)
{
    private const string Unknown = "API key not found";
    private const int PrefixLength = 8;

    public async Task<IResult> CreateAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        if (caller is null) return refusal!;
        if (!options.Value.PersonalTokens) return answers.Refuse(request, StatusCodes.Status403Forbidden, "API keys of people are switched off");
        var fields = new AcgsKeyFields(request);
        var form = fields.Read(isNew: true) with { UserId = caller.User.Id, ExpiresAt = fields.Days is { } days ? clock.GetUtcNow().AddDays(days) : null };
        if (fields.Faults.Count > 0) return answers.Invalid(request, fields.Faults);
        if (!(await keys.CreateAsync(await people.ActorAsync(request, caller.User, ct), form, ct)).TryGet(out var created, out var objection)) return Refused(request, objection);
        var key = created.Listed.Key;
        return AcgsAnswers.Ok(new JsonObject
        {
            ["id"] = key.Id, ["name"] = key.Name, ["api_key"] = created.Key, ["prefix"] = key.Start[..PrefixLength], ["scopes"] = ArrayOf(key.Scopes), ["rate_limit_per_minute"] = PerMinute(key), ["allowed_ips"] = ArrayOf(key.AllowedAddresses),
            ["expires_at"] = AcgsAnswers.Naive(key.ExpiresAt), ["created_at"] = AcgsAnswers.Naive(key.CreatedAt),
        });
    }

    public async Task<IResult> ListAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindAsync(request, ct);
        return caller is null ? refusal! : AcgsAnswers.Ok(new JsonArray([.. (await OwnAsync(request, caller, ct)).Select(Describe)]));
    }

    public async Task<IResult> FindAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindAsync(request, ct);
        if (caller is null) return refusal!;
        return await OneAsync(request, await people.ActorAsync(request, caller.User, ct), ct) is { } found ? AcgsAnswers.Ok(Describe(found)) : answers.Refuse(request, StatusCodes.Status404NotFound, Unknown);
    }

    /// <summary>What is null or missing stays. A key that is switched off stays off: <c>is_active: false</c> revokes it.</summary>
    public async Task<IResult> UpdateAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        if (caller is null) return refusal!;
        var actor = await people.ActorAsync(request, caller.User, ct);
        if (await OneAsync(request, actor, ct) is not { } found) return answers.Refuse(request, StatusCodes.Status404NotFound, Unknown);
        var fields = new AcgsKeyFields(request);
        var form = fields.Read(isNew: false);
        if (fields.Faults.Count > 0) return answers.Invalid(request, fields.Faults);
        if (!(await keys.UpdateAsync(actor, found.Key.Id, form, null, ct)).TryGet(out _, out var objection)) return Refused(request, objection);
        if (fields.IsActive == false && !(await keys.RevokeAsync(actor, found.Key.Id, null, ct)).TryGet(out _, out objection)) return Refused(request, objection);
        return AcgsAnswers.Ok(new JsonObject { ["message"] = "API key updated successfully" });
    }

    public Task<IResult> RevokeAsync(DialectRequest request, CancellationToken ct) => EndAsync(request, "API key revoked successfully", ct);

    /// <summary>It stays in the list for a while, as revoked: what it did can be looked up.</summary>
    public Task<IResult> DeleteAsync(DialectRequest request, CancellationToken ct) => EndAsync(request, "API key deleted successfully", ct);

    /// <summary>This server notes when a key was used last, not how often.</summary>
    public async Task<IResult> StatisticsAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindAsync(request, ct);
        if (caller is null) return refusal!;
        var (all, now) = (await OwnAsync(request, caller, ct), clock.GetUtcNow());
        return AcgsAnswers.Ok(new JsonObject
        {
            ["total_keys"] = all.Count, ["active_keys"] = all.Count(k => k.StateAt(now) == "active"), ["expired_keys"] = all.Count(k => k.StateAt(now) == "expired"), ["total_usage"] = all.Sum(Usage),
            ["period"] = new JsonObject { ["start"] = all.Count > 0 ? AcgsAnswers.Naive(all.Min(static k => k.Key.CreatedAt)) : null, ["end"] = AcgsAnswers.Naive(now) },
        });
    }

    private async Task<IResult> EndAsync(DialectRequest request, string message, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        if (caller is null) return refusal!;
        var actor = await people.ActorAsync(request, caller.User, ct);
        if (await OneAsync(request, actor, ct) is not { } found || !(await keys.RevokeAsync(actor, found.Key.Id, null, ct)).TryGet(out _, out _)) return answers.Refuse(request, StatusCodes.Status404NotFound, Unknown);
        return AcgsAnswers.Ok(new JsonObject { ["message"] = message });
    }

    private async Task<IReadOnlyList<ListedApiKey>> OwnAsync(DialectRequest request, AcgsCaller caller, CancellationToken ct)
    {
        var actor = await people.ActorAsync(request, caller.User, ct);
        return (await keys.ListAsync(actor, new ApiKeyFilter(ApiKeyOwner.User(caller.User.Id)), new PageRequest { Limit = PageRequest.MaximumLimit }, ct)).TryGet(out var page, out _) ? page.Items : [];
    }

    /// <summary>The caller's own only, also for those who may see everybody's.</summary>
    private async Task<ListedApiKey?> OneAsync(DialectRequest request, Actor actor, CancellationToken ct) =>
        (await keys.FindAsync(actor, request.Route("id") ?? "", ct)).TryGet(out var found, out _) && found.Key.Owner.UserId == actor.Id ? found : null;

    private Raw Refused(DialectRequest request, Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Invalid => answers.Invalid(request, [.. refusal.Objections.Select(static o => FastApi.Fault("value_error", o.Message, null, "body", AcgsKeyFields.NameOf(o.Field)))]),
        RefusalKind.NotFound => answers.Refuse(request, StatusCodes.Status404NotFound, Unknown),
        RefusalKind.Busy => answers.Plain(request, StatusCodes.Status503ServiceUnavailable),
        RefusalKind.Forbidden => answers.Refuse(request, StatusCodes.Status403Forbidden, refusal.Objections[0].Message),
        _ => answers.Refuse(request, StatusCodes.Status409Conflict, refusal.Objections.Count > 0 ? refusal.Objections[0].Message : "The API key was changed meanwhile"),
    };

    private JsonObject Describe(ListedApiKey listed)
    {
        var key = listed.Key;
        return new JsonObject
        {
            ["id"] = key.Id, ["name"] = key.Name, ["prefix"] = key.Start[..PrefixLength], ["scopes"] = ArrayOf(key.Scopes), ["rate_limit_per_minute"] = PerMinute(key), ["allowed_ips"] = ArrayOf(key.AllowedAddresses),
            ["is_active"] = listed.StateAt(clock.GetUtcNow()) == "active", ["expires_at"] = AcgsAnswers.Naive(key.ExpiresAt), ["last_used_at"] = key.LastUsedAt is { } used ? AcgsAnswers.Naive(used) : null, ["usage_count"] = Usage(listed),
            ["created_at"] = AcgsAnswers.Naive(key.CreatedAt),
        };
    }

    private static int Usage(ListedApiKey listed) => listed.Key.LastUsedAt is null ? 0 : 1;

    private int PerMinute(ApiKey key) => ((key.RatePerHour ?? limits.Value.RequestsPerHour) + 59) / 60;

    private static JsonArray ArrayOf(IEnumerable<string> texts) => new([.. texts.Select(static t => JsonValue.Create(t))]);
}
