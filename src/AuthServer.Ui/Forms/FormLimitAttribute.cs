using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Forms;

internal enum FormKind
{
    SignIn,
    Registration,
    Reset,
    UserCode,
}

/// <summary>Counts the forms that arrive at a page from one address, and for one account from there; too many are answered with 429 and a page that says when to come back.</summary>
/// <param name="accountField">The field with the name of the account; null where the form has none.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FormLimitAttribute(FormKind kind, string? accountField = null) : Attribute, IAsyncPageFilter
{
    public FormKind Kind => kind;

    public string? AccountField => accountField;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method) && !await TryPassAsync(http))
        {
            var texts = http.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
            var minutes = int.TryParse(http.Response.Headers.RetryAfter, out var seconds) ? (seconds + 59) / 60 : 60;
            context.Result = new ErrorResult(StatusCodes.Status429TooManyRequests, texts["Error_TooMany"], texts["Error_TooManyForms", minutes]);
            return;
        }

        await next();
    }

    private async Task<bool> TryPassAsync(HttpContext http)
    {
        var limits = http.RequestServices.GetRequiredService<TrafficLimits>();
        var account = accountField is not null && http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(http.RequestAborted))[accountField].ToString() : null;
        return kind switch
        {
            FormKind.SignIn => limits.TryPassSignIn(http, account),
            FormKind.UserCode => limits.TryPassUserCode(http, (await http.RequestServices.GetRequiredService<SessionCookie>().ReadAsync(http, http.RequestAborted))?.Session.UserId),
            FormKind.Registration => limits.TryPassRegistration(http),
            _ => limits.TryPassReset(http, account),
        };
    }
}
