using AuthServer.Engine.Accounts;
using AuthServer.Engine.Recovery;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/email</c>: the address by which a person signs in and gets a new password.</summary>
[FreshSignIn]
internal sealed class EmailModel(SessionCookie cookie, UserManager<User> users, EmailConfirmation confirmation, AddressChange change, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public const string AddressField = "email";

    [BindProperty(Name = AddressField)] public string? Address { get; set; }

    public User Person { get; private set; } = null!;

    public FormFaults Faults { get; } = new();

    public string? Notice { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next) =>
        await base.OnPageHandlerExecutionAsync(context, async () =>
        {
            Person = (await users.FindByIdAsync(UserId))!;
            return await next();
        });

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Address = Address?.Trim();
        if (string.IsNullOrEmpty(Address)) Faults.Add(AddressField, texts["Register_EmailMissing"]);
        else if (!AddressChange.IsAddress(Address)) Faults.Add(AddressField, texts["EmailPage_NotOne"]);
        else if (string.Equals(Address, Person.Email, StringComparison.OrdinalIgnoreCase) && Person.EmailConfirmed) Faults.Add(AddressField, texts["EmailPage_Same"]);
        if (Faults.Any) return this.Invalid();
        if (!await change.TryBeginAsync(Person, Address!, Visitor.AddressOf(HttpContext), Visitor.DeviceOf(HttpContext), ct)) return TooOften();

        Notice = texts["EmailPage_Sent", Address!];
        Address = null;
        return Page();
    }

    public async Task<IActionResult> OnPostAgainAsync(CancellationToken ct)
    {
        if (!await confirmation.TrySendAsync(Person, ct)) return TooOften();
        Notice = texts["EmailPage_Sent", Person.Email ?? ""];
        return Page();
    }

    private PageResult TooOften()
    {
        Faults.Summary = texts["EmailPage_TooOften"];
        return this.Invalid(StatusCodes.Status429TooManyRequests);
    }
}
