using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Upstream;

namespace AuthServer.Dialects.Acgs;

/// <summary>Sign-in by other providers. Their answers come back to this server alone, so a journey begins on its own pages; an app that wants one speaks OpenID Connect.</summary>
internal sealed class AcgsProviders(AcgsAccess access, UpstreamProviders providers, UpstreamAccounts accounts, Issuer issuer, AcgsAnswers answers)
{
    public Task<IResult> ListAsync(DialectRequest request, CancellationToken ct) =>
        Task.FromResult<IResult>(AcgsAnswers.Ok(new JsonObject { ["providers"] = new JsonArray([.. providers.All.Select(static p => JsonValue.Create(p.Name))]), ["count"] = providers.All.Count }));

    public Task<IResult> AuthorizeAsync(DialectRequest request, CancellationToken ct) => Task.FromResult<IResult>(OnOwnPage(request, "/login"));

    public async Task<IResult> LinkAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        return caller is null ? refusal! : OnOwnPage(request, "/account/connections");
    }

    public async Task<IResult> UnlinkAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindForChangeAsync(request, ct);
        if (caller is null || (refusal = access.NotFresh(request, caller)) is not null) return refusal!;
        if (providers.Find(request.Route("provider")) is not { } provider) return answers.Refuse(request, StatusCodes.Status404NotFound, "Unknown OAuth provider");
        return await accounts.TryUnlinkAsync(caller.User.Id, provider.Name, request.Address, null, ct)
            ? AcgsAnswers.Ok(new JsonObject { ["message"] = $"OAuth account for {provider.Name} unlinked successfully" })
            : answers.Refuse(request, StatusCodes.Status409Conflict, "This is the only way to sign in to the account; set a password first");
    }

    private Raw OnOwnPage(DialectRequest request, string page)
    {
        var fields = FastApiFields.OfJson(request);
        var name = fields.Required("provider");
        if (fields.Faults.Count > 0) return answers.Invalid(request, fields.Faults);
        return providers.Find(name) is { } provider
            ? answers.Refuse(request, StatusCodes.Status403Forbidden, $"{provider.DisplayName} answers to this server only: go to {issuer.Identifier.TrimEnd('/')}{page} with a browser")
            : answers.Refuse(request, StatusCodes.Status400BadRequest, "Unknown OAuth provider", "provider");
    }
}
