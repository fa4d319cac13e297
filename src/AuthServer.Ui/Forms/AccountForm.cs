using AuthServer.Engine.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Forms;

/// <summary>What a person types to get an account, as <c>_AccountForm.cshtml</c> draws it.</summary>
internal sealed class AccountForm
{
    private static readonly string[] InOrder = ["username", "email", "given_name", "family_name", "password"];

    [FromForm(Name = "username")] public string? UserName { get; set; }

    [FromForm(Name = "email")] public string? Email { get; set; }

    [FromForm(Name = "given_name")] public string? GivenName { get; set; }

    [FromForm(Name = "family_name")] public string? FamilyName { get; set; }

    [FromForm(Name = "password")] public string? Password { get; set; }

    public FormFaults Faults { get; } = new();

    /// <summary>Where the cursor goes.</summary>
    public string Focus => Faults.FocusAmong("username", InOrder);

    /// <summary>Null where a field is missing; <see cref="Faults"/> says which.</summary>
    public RegistrationForm? Read(IStringLocalizer<Texts> texts)
    {
        if (string.IsNullOrWhiteSpace(UserName)) Faults.Add("username", texts["Register_UserNameMissing"]);
        if (string.IsNullOrWhiteSpace(Email)) Faults.Add("email", texts["Register_EmailMissing"]);
        if (string.IsNullOrEmpty(Password)) Faults.Add("password", texts["Register_PasswordMissing"]);
        if (Faults.Any) return null;

        return new RegistrationForm
        {
            UserName = UserName!.Trim(),
            Email = Email!.Trim(),
            GivenName = NullIfBlank(GivenName),
            FamilyName = NullIfBlank(FamilyName),
            Password = Password!,
        };
    }

    /// <summary>Marks the fields the engine refused; what names no field of ours stands above the form.</summary>
    public void Mark(IEnumerable<FieldFault> faults, IStringLocalizer<Texts> texts)
    {
        foreach (var fault in faults)
        {
            var field = Array.Find(InOrder, name => string.Equals(name.Replace("_", "", StringComparison.Ordinal), fault.Field, StringComparison.OrdinalIgnoreCase));
            if (field is null) Faults.Summary = FaultText.Of(fault, texts);
            else Faults.Add(field, FaultText.Of(fault, texts));
        }
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
