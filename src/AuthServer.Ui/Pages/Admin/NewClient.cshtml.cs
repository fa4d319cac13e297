using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/clients/new</c>: first what the app is, then what that kind needs, last what to paste into the app.</summary>
internal sealed class NewClientModel(SessionCookie cookie, Actors actors, ClientAdministration clients, ClientRegistry registry, Issuer issuer) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.ClientsWrite;

    /// <summary>Null: it is asked for.</summary>
    public string? Kind => Request.Query["kind"].ToString() is { } kind && ClientKinds.All.Contains(kind) ? kind : null;

    /// <summary>Null until it is made.</summary>
    public ClientCode? Made { get; private set; }

    public ClientFields Fields => new(this, Kind!, null, registry.Scopes.All);

    /// <summary>Nothing that could be guessed from another; whoever wants a telling one types it.</summary>
    public static string ProposedId() => "app-" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Kind is not { } kind) return Ended(Refusal.NotFound);
        var metadata = Fields.Read();
        metadata["kind"] = kind;
        metadata["client_id"] = Typed("client_id")?.Trim() ?? "";
        if (!(await clients.CreateAsync(Actor, JsonSerializer.SerializeToElement(metadata), ct)).TryGet(out var created, out var refusal)) return await RefusedAsync(refusal, ct);
        // Shown here and now: an address would keep the secret.
        Made = new ClientCode(created.Client.Client, kind, issuer, created.Secret);
        return Page();
    }
}
