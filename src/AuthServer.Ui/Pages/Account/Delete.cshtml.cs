using AuthServer.Engine.Accounts;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/delete</c>: the end of the account, after a fresh sign-in and with its name typed out.</summary>
[FreshSignIn]
internal sealed class DeleteModel(SessionCookie cookie, AccountDeletion deletion, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public const string NameField = "name";

    [BindProperty(Name = NameField)] public string? Name { get; set; }

    public bool IsAllowed { get; private set; }

    public FormFaults Faults { get; } = new();

    public async Task OnGetAsync(CancellationToken ct) => IsAllowed = await deletion.IsAllowedAsync(UserId, Current.IsAdministrator, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        IsAllowed = await deletion.IsAllowedAsync(UserId, Current.IsAdministrator, ct);
        if (IsAllowed && !string.Equals(Name?.Trim(), Current.UserName, StringComparison.OrdinalIgnoreCase)) Faults.Add(NameField, texts["Delete_WrongName"]);
        if (!IsAllowed || Faults.Any || !await deletion.TryDeleteAsync(UserId, Visitor.AddressOf(HttpContext), Visitor.DeviceOf(HttpContext), ct))
        {
            IsAllowed = IsAllowed && Faults.Any;
            var page = Page();
            page.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return page;
        }

        await Cookie.SignOutAsync(HttpContext, ct);
        return Redirect("~/deleted");
    }
}
