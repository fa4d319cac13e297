using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/keys/new</c>: a personal access token with a name, an end and scopes, shown once.</summary>
[FreshSignIn]
internal sealed class KeysNewModel(
    SessionCookie cookie, ApiKeyAdministration keys, ApiKeyScopes scopes, Actors actors, IOptions<ApiKeyOptions> options, TimeProvider clock, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public const string NameField = "name";
    public const string DaysField = "days";
    public const string ScopeField = "scope";

    private static readonly int[] Offered = [7, 30, 90, 180, 366];

    public string? Name { get; private set; }

    public int Days { get; private set; }

    public IReadOnlyList<int> Choices { get; private set; } = [];

    /// <summary>What the person may give it.</summary>
    public IReadOnlyList<(string Name, ScopeText Text)> Scopes { get; private set; } = [];

    public HashSet<string> Chosen { get; private set; } = [];

    public FormFaults Faults { get; } = new();

    /// <summary>The token, in the one answer that shows it.</summary>
    public string? Made { get; private set; }

    private Actor _actor = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!options.Value.PersonalTokens)
        {
            context.Result = Redirect("~/account/keys");
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    public async Task OnGetAsync(CancellationToken ct)
    {
        await PrepareAsync(ct);
        Days = options.Value.DefaultDays;
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = NameField)] string? name, [FromForm(Name = DaysField)] int days, [FromForm(Name = ScopeField)] string[]? chosen, CancellationToken ct)
    {
        await PrepareAsync(ct);
        (Name, Days, Chosen) = (name, days, [.. chosen ?? []]);
        if (!Choices.Contains(days)) Faults.Add(DaysField, texts["Keys_DaysFault"]);
        var form = new ApiKeyForm { UserId = UserId, Kind = ApiKeyKind.Personal, Name = name, Scopes = [.. Chosen], ExpiresAt = Faults.Any ? null : clock.GetUtcNow().AddDays(days) };
        if (Faults.Any) return this.Invalid();
        if ((await keys.CreateAsync(_actor, form, ct)).TryGet(out var created, out var refusal))
        {
            Made = created.Key;
            return Page();
        }

        Mark(refusal);
        return this.Invalid();
    }

    private void Mark(Refusal refusal)
    {
        foreach (var objection in refusal.Objections)
        {
            switch (objection)
            {
                case { Field: "name" }: Faults.Add(NameField, texts["Keys_NameFault"]); break;
                case { Field: "scopes", Code: "required" }: Faults.Add(ScopeField, texts["Keys_ScopesFault"]); break;
                case { Field: "scopes" } or { Code: "more_than_yours" }: Faults.Add(ScopeField, texts["Keys_NotYours"]); break;
                case { Code: "too_many" }: Faults.Summary = texts["Keys_TooMany"]; break;
                default: Faults.Add(DaysField, texts["Keys_DaysFault"]); break;
            }
        }
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        _actor = await actors.OfSessionAsync(Current, Visitor.AddressOf(HttpContext), ct);
        Choices = [.. Offered.Append(options.Value.DefaultDays).Where(d => d <= options.Value.MaximumDays).Distinct().Order()];
        Scopes = [.. scopes.For(ApiKeyOwner.User(UserId)).Where(s => !AdminRights.Contains(s.Name) || _actor.May(s.Name)).Select(s => (s.Name, ScopeText.Of(s, texts)))];
    }
}
