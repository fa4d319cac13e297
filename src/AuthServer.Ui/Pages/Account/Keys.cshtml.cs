using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/keys</c>: the person's API keys, when each was used last, and how to take one back.</summary>
internal sealed class KeysModel(SessionCookie cookie, ApiKeyAdministration keys, ClientRegistry clients, IOptions<ApiKeyOptions> options, TimeProvider clock, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public IReadOnlyList<Row> Keys { get; private set; } = [];

    public string? Notice { get; private set; }

    public bool MayMake => options.Value.PersonalTokens;

    /// <summary>The person as the owner of their keys, and no more than that: nobody else's can be touched from here.</summary>
    private Actor Owner => new() { Kind = ActorKind.User, Id = UserId, Name = Current.UserName, Rights = new HashSet<string>(StringComparer.Ordinal), Address = Visitor.AddressOf(HttpContext) };

    public async Task OnGetAsync([FromQuery(Name = "done")] string? done, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var found = await keys.ListAsync(Owner, new ApiKeyFilter(ApiKeyOwner.User(UserId)), new PageRequest { Limit = PageRequest.MaximumLimit }, ct);
        if (found.TryGet(out var page, out _)) Keys = [.. page.Items.Select(k => RowOf(k, now)).OrderBy(static r => r.State is not null)];
        if (done is "revoked") Notice = texts["Keys_RevokedNotice"];
    }

    public async Task<IActionResult> OnPostRevokeAsync([FromForm(Name = "id")] string? id, CancellationToken ct)
    {
        var revoked = id is { Length: > 0 and < 64 } && (await keys.RevokeAsync(Owner, id, null, ct)).TryGet(out _, out _);
        return Redirect("~/account/keys" + (revoked ? "?done=revoked" : ""));
    }

    private Row RowOf(ListedApiKey listed, DateTimeOffset now)
    {
        var key = listed.Key;
        var state = listed.StateAt(now) switch { "active" => null, "expired" => texts["Keys_Expired"].Value, _ => texts["Keys_Revoked"].Value };
        return new Row(key.Id, key.Name, key.Start, [.. key.Scopes.Select(name => ScopeText.Of(clients.Scopes.Find(name) ?? new ScopeDefinition { Name = name }, texts))],
            key.CreatedAt, key.LastUsedAt, key.LastUsedAddress, key.RevokedAt ?? key.ExpiresAt, state);
    }

    /// <param name="State">Null while it can be used.</param>
    public sealed record Row(string Id, string Name, string Start, IReadOnlyList<ScopeText> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, string? LastUsedAddress, DateTimeOffset EndsAt, string? State);
}
