using AuthServer.Engine.Accounts;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Account;

/// <summary>
/// Asks for a sign-in a few minutes old before a person may change how they sign in: a browser left open, or a stolen cookie, must not be enough (ASVS 7.5.1).
/// A form is still taken for as long again as it may be shown, so that nobody loses what they typed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshSignInAttribute : Attribute, IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var current = await services.GetRequiredService<SessionCookie>().ReadAsync(http, http.RequestAborted);
        var minutes = services.GetRequiredService<IOptions<AccountOptions>>().Value.FreshSignInMinutes * (HttpMethods.IsPost(http.Request.Method) ? 2 : 1);
        if (current is null || current.Session.AuthTime.AddMinutes(minutes) < services.GetRequiredService<TimeProvider>().GetUtcNow())
        {
            context.Result = SignInFirst.At(http, again: current is not null);
            return;
        }

        await next();
    }
}
