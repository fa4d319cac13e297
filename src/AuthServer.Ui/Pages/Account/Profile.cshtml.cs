using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/profile</c>: what apps learn about the person (OpenID Connect Core §5.1).</summary>
internal sealed class ProfileModel(SessionCookie cookie, OwnProfile profile, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    /// <summary>As they stand on the page.</summary>
    public static readonly string[] InOrder =
    [
        "given_name", "middle_name", "family_name", "nickname", "name", "birthdate", "gender", "locale", "zoneinfo", "picture", "profile", "website",
        "phone_number", "street_address", "postal_code", "locality", "region", "country",
    ];

    public User Account { get; private set; } = null!;

    public ProfileForm Form { get; private set; } = new();

    public string? Notice { get; private set; }

    /// <summary>False for what a date field cannot show: a year alone, or a day without a year.</summary>
    public bool IsWholeDate => Form.Birthdate is null || (DateOnly.TryParseExact(Form.Birthdate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 0);

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "done")] string? done)
    {
        if (await profile.ReadAsync(UserId) is not { } account) return NotFound();
        Account = account;
        Form = ProfileForm.Of(account);
        if (done is "saved") Notice = texts["Profile_Saved"];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] ProfileForm form)
    {
        if (await profile.ReadAsync(UserId) is not { } account) return NotFound();
        form.Mark(await profile.ApplyAsync(UserId, form.ChangesFrom(ProfileForm.Of(account)), Visitor.AddressOf(HttpContext)), texts);
        if (!form.Faults.Any) return Redirect("~/account/profile?done=saved");

        (Account, Form) = (account, form);
        var page = Page();
        page.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return page;
    }
}
