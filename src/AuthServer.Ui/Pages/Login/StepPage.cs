using AuthServer.Engine.Interaction;
using AuthServer.Engine.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Ui.Pages.Login;

/// <summary>A page for one further step of a sign-in. It runs for the step that is due and for no other: everybody else is sent to where they belong.</summary>
internal abstract class StepPage<TStep>(SignInFlow flow, PendingAuthorizations requests) : PageModel
    where TStep : SignInStep
{
    [FromQuery(Name = "request")] public string? Handle { get; set; }

    [FromQuery(Name = "next")] public string? Next { get; set; }

    public PendingView? Pending { get; private set; }

    public WaitingSignIn Waiting { get; private set; } = null!;

    public TStep Step => (TStep)Waiting.Step;

    public SignInTarget Target => SignInTarget.Of(Handle, Next);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var ct = HttpContext.RequestAborted;
        Pending = await requests.FindAsync(Handle, ct);
        ContentSecurity.AllowAnswerTo(HttpContext, Pending);
        var waiting = await flow.ReadAsync(HttpContext, Target, ct);
        if (waiting?.Step is not TStep)
        {
            context.Result = Redirect("~" + (waiting is null ? StartUrl : SignInFlow.PageOf(waiting.Step, Target)));
            return;
        }

        Waiting = waiting;
        if (ElsewhereFirst() is { } elsewhere)
        {
            context.Result = Redirect("~" + elsewhere);
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Where the person has to go before this step, or null.</summary>
    protected virtual string? ElsewhereFirst() => null;

    /// <summary>The sign-in page, also for whoever is signed in.</summary>
    protected string AgainUrl => StartUrl + (StartUrl.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "again=true";

    protected string StartUrl => "/login" + Target.Query;
}
