using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Ui.Pages.Account;

/// <summary>A page about the person who is signed in. Without a session nothing of it runs: the person signs in first and comes back.</summary>
internal abstract class AccountPage(SessionCookie cookie) : PageModel
{
    /// <summary>Set before any handler runs.</summary>
    public CurrentSession Current { get; private set; } = null!;

    protected string UserId => Current.Session.UserId;

    protected SessionCookie Cookie => cookie;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await cookie.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } current)
        {
            context.Result = SignInFirst.At(HttpContext, again: false);
            return;
        }

        Current = current;
        await base.OnPageHandlerExecutionAsync(context, next);
    }
}
