using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Ui.Languages;

/// <summary>Every page of one sign-in speaks the language its app asked for by <c>ui_locales</c>, unless the person chose another one on the way.</summary>
internal sealed class RequestLanguage : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Query["request"] is [{ } handle] && !http.RequestServices.GetRequiredService<LanguageCookie>().IsChosenDuring(http, handle)
            && await http.RequestServices.GetRequiredService<PendingAuthorizations>().ReadAsync(handle, http.RequestAborted) is { } pending
            && pending.Parameters.TryGetValue("ui_locales", out var wanted)
            && UiLanguages.Best(wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { } culture)
        {
            ReaderLanguage.Use(culture);
        }

        await next();
    }
}
