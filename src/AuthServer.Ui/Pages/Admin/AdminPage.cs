using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using AuthServer.Ui.Pages.Account;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>A page for people who administer. Without a session the person signs in first and comes back; without the right they are told so, and nothing of the page runs.</summary>
internal abstract class AdminPage(SessionCookie cookie, Actors actors) : PageModel
{
    /// <summary>Before the names of members that are claims; their fields are named by the claim alone.</summary>
    private const string ClaimPrefix = "claims.";

    /// <summary>Who is at work here. Set before any handler runs; everything the page does goes through the engine's administration with it.</summary>
    public Actor Actor { get; private set; } = null!;

    /// <summary>Set before any handler runs.</summary>
    public CurrentSession Current { get; private set; } = null!;

    /// <summary>What it takes to see the page: one of <see cref="AdminRights"/>. Acts on it ask for their own.</summary>
    public abstract string Right { get; }

    public FormFaults Faults { get; } = new();

    /// <summary>What was just done, as the page before this one said in the address; null: nothing.</summary>
    public string? Notice => Request.Query["done"].ToString() is { Length: > 0 and < 40 } done && Texts["Done_" + done] is { ResourceNotFound: false } text ? text.Value : null;

    /// <summary>Where the list begins.</summary>
    public string? Cursor => NullIfBlank(Request.Query["cursor"]);

    protected IStringLocalizer<AdminTexts> Texts => HttpContext.RequestServices.GetRequiredService<IStringLocalizer<AdminTexts>>();

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await cookie.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } current)
        {
            context.Result = SignInFirst.At(HttpContext, again: false);
            return;
        }

        Current = current;
        Actor = await actors.OfSessionAsync(current, HttpContext.Connection.RemoteIpAddress?.ToString(), HttpContext.RequestAborted);
        if (!Actor.May(Right))
        {
            context.Result = WithoutRight();
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await LoadAsync(ct) is { } refusal ? Ended(refusal) : Page();

    /// <summary>What stands in a field: what was typed before the page came back with a fault, else what is stored.</summary>
    public string? Typed(string name, string? stored = null) => Request.HasFormContentType && Request.Form.TryGetValue(name, out var typed) ? typed.ToString() : stored;

    /// <summary>Whether a box is ticked: as it was sent, else as it is stored.</summary>
    public bool Ticked(string name, bool stored) => Request.HasFormContentType && Request.Form.ContainsKey(name + "-shown") ? Request.Form.ContainsKey(name) : stored;

    /// <summary>The present address with some of its query's members replaced; null takes one away.</summary>
    public string With(params IReadOnlyList<(string Name, string? Value)> changes)
    {
        var kept = Request.Query.Where(q => q.Key is not ("cursor" or "done") && !changes.Any(c => c.Name == q.Key)).SelectMany(static q => q.Value.Select(v => (Name: q.Key, Value: v)));
        var query = QueryString.Create(kept.Concat(changes).Where(static q => !string.IsNullOrEmpty(q.Value)).Select(static q => KeyValuePair.Create(q.Name, q.Value)));
        return Request.PathBase + Request.Path + query;
    }

    /// <summary>Reads what the page shows; answers why it cannot.</summary>
    protected virtual Task<Refusal?> LoadAsync(CancellationToken ct) => Task.FromResult<Refusal?>(null);

    protected virtual IActionResult WithoutRight() => new ErrorResult(StatusCodes.Status403Forbidden, Texts["Admin_NoRight"], Texts["Admin_NoRightHelp", Right]);

    /// <summary>Goes on where something was done; else shows the page once more with what speaks against it.</summary>
    protected async Task<IActionResult> AnswerAsync<T>(Outcome<T> outcome, Func<T, string> next, CancellationToken ct) where T : class =>
        outcome.TryGet(out var value, out var refusal) ? Redirect("~" + next(value)) : await RefusedAsync(refusal, ct);

    protected Task<IActionResult> AnswerAsync<T>(Outcome<T> outcome, string next, CancellationToken ct) where T : class => AnswerAsync(outcome, _ => next, ct);

    protected async Task<IActionResult> RefusedAsync(Refusal refusal, CancellationToken ct)
    {
        if (refusal.Kind is RefusalKind.NotFound or RefusalKind.Forbidden) return Ended(refusal);
        Mark(refusal);
        if (await LoadAsync(ct) is { } gone) return Ended(gone);
        if (refusal.Kind == RefusalKind.Busy) Response.Headers.RetryAfter = "1";
        return this.Invalid(refusal.Kind switch { RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable, RefusalKind.Stale => StatusCodes.Status409Conflict, _ => StatusCodes.Status422UnprocessableEntity });
    }

    protected IActionResult Ended(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotFound => new ErrorResult(StatusCodes.Status404NotFound, Texts["Admin_NotFound"], Texts["Admin_NotFoundHelp"]),
        RefusalKind.Forbidden => new ErrorResult(StatusCodes.Status403Forbidden, Texts["Admin_NotYours"], refusal.Objections is [var why, ..] ? why.Message : Texts["Admin_NotYoursHelp"]),
        _ => new ErrorResult(StatusCodes.Status400BadRequest, Texts["Admin_Refused"], refusal.Objections is [var why, ..] ? why.Message : Texts["Admin_RefusedHelp"]),
    };

    protected static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private void Mark(Refusal refusal)
    {
        foreach (var objection in refusal.Objections)
        {
            if (objection.Field.Length == 0) Faults.Summary = objection.Message;
            else Faults.Add(objection.Field, objection.Message);
        }

        // A field that this form does not show would be marked unseen.
        if (refusal.Objections.Count > 0 && refusal.Objections.All(o => !Request.Form.ContainsKey(o.Field.StartsWith(ClaimPrefix, StringComparison.Ordinal) ? o.Field[ClaimPrefix.Length..] : o.Field))) Faults.Summary ??= string.Join(' ', refusal.Objections.Select(static o => o.Message));
        Faults.Summary ??= refusal.Kind switch { RefusalKind.Stale => Texts["Admin_Stale"].Value, RefusalKind.Busy => Texts["Admin_Busy"].Value, _ => null };
    }
}
