using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Ends where people are signed in.</summary>
internal sealed class KamiwazaSessions(SessionAdministration sessions)
{
    private const string What = "Session";

    /// <summary>Everything of one person: browser sessions, tokens, personal tokens. Tenants are not told apart here.</summary>
    public async Task<IResult> PurgeAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (KamiwazaBody.Read(request, out var refused) is not { } body) return refused!;
        var (subject, kind) = (body.Required("subject_id"), body.Text("subject_namespace") ?? "user");
        if (body.Refusal is { } fault) return fault;
        if (kind != "user" || !Guid.TryParse(subject, out var id)) return FastApi.Unprocessable(FastApi.Fault("value_error", "A user by its id", null, "body", kind == "user" ? "subject_id" : "subject_namespace"));
        if (!(await sessions.GrantsAsync(caller.Actor, id.ToString(), ct)).TryGet(out var grants, out var refusal)) return KamiwazaRefusals.Of(refusal, "User");
        if (!(await sessions.OfPersonAsync(caller.Actor, id.ToString(), new PageRequest { Limit = PageRequest.MaximumLimit }, ct)).TryGet(out var page, out refusal)) return KamiwazaRefusals.Of(refusal, "User");
        if (!(await sessions.EndAllAsync(caller.Actor, id.ToString(), ct)).TryGet(out _, out refusal)) return KamiwazaRefusals.Of(refusal, "User");
        return KamiwazaRefusals.Ok(new JsonObject { ["revoked"] = page.Items.Count + grants.Count(static g => g.Stands && !g.BoundToSession) });
    }

    public async Task<IResult> EndAsync(DialectRequest request, KamiwazaCaller caller, CancellationToken ct)
    {
        if (!(await sessions.EndAsync(caller.Actor, request.Route("id") ?? "", ct)).TryGet(out _, out var refusal)) return KamiwazaRefusals.Of(refusal, What);
        return request.Settings.Strict ? Raw.Empty(StatusCodes.Status204NoContent) : KamiwazaRefusals.Ok(new JsonObject { ["revoked"] = 1 });
    }
}
