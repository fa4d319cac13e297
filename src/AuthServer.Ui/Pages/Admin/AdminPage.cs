using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Pages.Account;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>A page for people who administer. Without a session the person signs in first and comes back; without the right they are told so, and nothing of the page runs.</summary>
internal abstract class AdminPage(SessionCookie cookie, Actors actors) : PageModel
{
    /// <summary>Who is at work here. Set before any handler runs; everything the page does goes through the engine's administration with it.</summary>
    public Actor Actor { get; private set; } = null!;

    /// <summary>Set before any handler runs.</summary>
    public CurrentSession Current { get; private set; } = null!;

    /// <summary>What it takes to see the page: one of <see cref="AdminRights"/>. Acts on it ask for their own.</summary>
    public abstract string Right { get; }

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
            var texts = HttpContext.RequestServices.GetRequiredService<IStringLocalizer<AdminTexts>>();
            context.Result = new ErrorResult(StatusCodes.Status403Forbidden, texts["Admin_NoRight"], texts["Admin_NoRightHelp", Right]);
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }
}
