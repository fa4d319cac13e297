using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Ui.Branding;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Ui.Languages;

/// <summary>
/// Every page of one sign-in looks as its app wants it, and speaks the language the app asked for by <c>ui_locales</c>, unless the person chose another one on the way.
/// </summary>
internal sealed class RequestLanguage : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var (http, services) = (context.HttpContext, context.HttpContext.RequestServices);
        if (http.Request.Query["request"] is [{ } handle] && await services.GetRequiredService<PendingAuthorizations>().ReadAsync(handle, http.RequestAborted) is { } pending)
        {
            ClientThemes.Use(http, services.GetRequiredService<ClientRegistry>().Find(pending.ClientId));
            if (!services.GetRequiredService<LanguageCookie>().IsChosenDuring(http, handle)
                && pending.Parameters.TryGetValue("ui_locales", out var wanted)
                && UiLanguages.Best(wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { } culture)
            {
                ReaderLanguage.Use(culture);
            }
        }

        await next();
    }
}
