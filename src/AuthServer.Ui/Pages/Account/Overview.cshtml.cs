using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account</c>: who is signed in, how the account stands, and what needs the person's attention.</summary>
internal sealed class OverviewModel(
    SessionCookie cookie, OwnProfile profile, IFactorStore factors, OwnSessions sessions, OwnApps apps, IAuditReader audit, TimeProvider clock, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    /// <summary>So few recovery codes are soon none.</summary>
    private const int FewCodes = 3;

    private static readonly AuditKind[] SignIns = [AuditKind.SignedIn, AuditKind.SignInRefused];
    private static readonly TimeSpan Recently = TimeSpan.FromDays(7);

    public User Account { get; private set; } = null!;

    public string Name { get; private set; } = "";

    /// <summary>Below the name: the other thing the account is known by.</summary>
    public string? Under { get; private set; }

    public string? Picture { get; private set; }

    public EnrolledFactors Factors { get; private set; } = EnrolledFactors.None;

    public string FactorText { get; private set; } = "";

    public int Places { get; private set; }

    public int Apps { get; private set; }

    /// <summary>Before this one; null where there is none.</summary>
    public AuditEntry? LastSignIn { get; private set; }

    public IReadOnlyList<Item> Attention { get; private set; } = [];

    public string? Notice { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "done")] string? done, CancellationToken ct)
    {
        if (await profile.ReadAsync(UserId) is not { } account) return NotFound();
        Account = account;
        using (var claims = JsonDocument.Parse(account.Profile))
        {
            Name = TextOf(claims, "name") ?? TextOf(claims, "given_name") ?? account.UserName!;
            Picture = TextOf(claims, "picture") is { } url && url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? url : null;
        }

        Under = string.Equals(Name, account.UserName, StringComparison.Ordinal) ? account.Email : account.UserName;
        Factors = await factors.ReadAsync(UserId, ct);
        FactorText = FactorsInWords();
        Places = (await sessions.ListAsync(Current, ct)).Count;
        Apps = (await apps.ListAsync(UserId, ct)).Count;
        var recent = await audit.ListAsync(UserId, SignIns, null, 50, ct);
        LastSignIn = recent.FirstOrDefault(e => e.Event.Kind == AuditKind.SignedIn && e.At < Current.Session.AuthTime);
        Attention = [.. ThingsToDo(recent)];
        Notice = done is "password" ? texts["ChangePassword_Done"].Value : null;
        return Page();
    }

    private IEnumerable<Item> ThingsToDo(IReadOnlyList<AuditEntry> recent)
    {
        if (Account.Email is null) yield return new(texts["Overview_EmailMissing"], texts["Overview_EmailMissing_Text"], "/account/email", texts["Overview_EmailMissing_Link"]);
        else if (!Account.EmailConfirmed) yield return new(texts["Overview_EmailUnconfirmed"], texts["Overview_EmailUnconfirmed_Text"], "/account/email", texts["Overview_EmailUnconfirmed_Link"]);

        if (!Factors.Any) yield return new(texts["Overview_FactorMissing"], texts["Overview_FactorMissing_Text"], "/account/security", texts["Overview_FactorMissing_Link"]);
        else if (Factors.AnyStrong && Factors.RecoveryCodesLeft < FewCodes) yield return new(texts["Overview_FewCodes"], texts["Overview_FewCodes_Text"], "/account/security", texts["Overview_FewCodes_Link"]);

        var since = clock.GetUtcNow() - Recently;
        if (recent.Count(e => e.Event.Kind == AuditKind.SignInRefused && e.At > since) > 5)
            yield return new(texts["Overview_ManyRefused"], texts["Overview_ManyRefused_Text"], "/account/activity", texts["Overview_ManyRefused_Link"]);
    }

    private string FactorsInWords()
    {
        List<string> all = [];
        if (Factors.Passkeys > 0) all.Add(texts["Factor_Passkeys", Factors.Passkeys]);
        if (Factors.Authenticator) all.Add(texts["Factor_Authenticator"]);
        if (Factors.EmailCode) all.Add(texts["Factor_EmailCode"]);
        return all.Count == 0 ? texts["Overview_FactorNone"] : string.Join(" · ", all);
    }

    private static string? TextOf(JsonDocument claims, string name) => claims.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public sealed record Item(string Title, string Text, string Path, string Link);
}
