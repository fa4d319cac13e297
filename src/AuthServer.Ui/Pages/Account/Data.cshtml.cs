using System.Globalization;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/data</c>: everything kept about the person, to take along (GDPR Art. 15 and 20); and the way to delete it.</summary>
internal sealed class DataModel(SessionCookie cookie, DataExport export, IAuditTrail audit, TimeProvider clock) : AccountPage(cookie)
{
    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await export.WriteAsync(UserId, ct) is not { } document) return NotFound();
        audit.Record(new AuditEvent(AuditKind.DataExported, Subject: UserId, Address: Visitor.AddressOf(HttpContext)));
        return File(document, "application/json; charset=utf-8", $"account-{clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json");
    }
}
