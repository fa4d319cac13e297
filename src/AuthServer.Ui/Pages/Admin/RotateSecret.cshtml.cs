using System.Globalization;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/clients/{id}/secret</c>: a new secret; the old one goes on for as long as it takes to change the app.</summary>
internal sealed class RotateSecretModel(SessionCookie cookie, Actors actors, ClientAdministration clients) : ClientPage(cookie, actors, clients)
{
    /// <summary>Hours for which the old one may be kept.</summary>
    public static IReadOnlyList<int> Keep { get; } = [0, 1, 24, 168];

    /// <summary>The new value, shown once.</summary>
    public string? Secret { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var keep = int.TryParse(Typed("keep"), NumberStyles.None, CultureInfo.InvariantCulture, out var hours) ? hours : 0;
        if (!(await Clients.RotateSecretAsync(Actor, ClientId, keep, null, ct)).TryGet(out var rotated, out var refusal)) return await RefusedAsync(refusal, ct);
        Secret = rotated.Secret;
        return await LoadAsync(ct) is { } gone ? Ended(gone) : Page();
    }
}
