using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui;

/// <summary>The page for what cannot go on: says what happened and what to do, with an id to give to support and nothing of the inside.</summary>
public static class ErrorPage
{
    /// <summary>Answers with the page. <paramref name="code"/> is the protocol's own word (e.g. <c>invalid_request</c>), for those who build the client.</summary>
    internal static Task WriteAsync(HttpContext http, int status, string title, string explanation, string? code, string? detail = null)
    {
        http.Response.Headers.CacheControl = "no-cache, no-store";
        var model = new ErrorView(title, explanation, code, detail, http.TraceIdentifier);
        var view = new ViewResult
        {
            ViewName = "/Pages/ErrorView.cshtml",
            StatusCode = status,
            ContentType = "text/html; charset=utf-8",
            ViewData = new ViewDataDictionary<ErrorView>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = model },
        };
        return view.ExecuteResultAsync(new ActionContext(http, http.GetRouteData() ?? new RouteData(), new ActionDescriptor()));
    }

    /// <summary>What the protocol refuses: told to the person in their words, and to those who build the app in the protocol's own.</summary>
    public static Task WriteAsync(HttpContext http, OAuthError error)
    {
        var texts = http.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        var (title, help) = error switch
        {
            { Status: StatusCodes.Status503ServiceUnavailable } => (texts["Error_Busy"], texts["Error_BusyHelp"]),
            { Status: >= 500 } => (texts["Error_Server"], texts["Error_ServerHelp"]),
            { Reason: PageReason.UnknownClient } => (texts["Error_UnknownClient"], texts["Error_UnknownClientHelp"]),
            { Reason: PageReason.RedirectUri } => (texts["Error_RedirectUri"], texts["Error_RedirectUriHelp"]),
            { Reason: PageReason.Expired } => (texts["Error_RequestExpired"], texts["Error_RequestExpiredHelp"]),
            { Reason: PageReason.SignOut } => (texts["Error_SignOut"], texts["Error_SignOutHelp"]),
            _ => (texts["Error_AppRequest"], texts["Error_AppRequestHelp"]),
        };
        return WriteAsync(http, error.Status, title, help, error.Code, error.Description);
    }

    /// <summary>For <c>/error</c> and <c>/error/{status}</c>, where the host sends what ended without a page of its own.</summary>
    internal static Task WriteStatusAsync(HttpContext http)
    {
        var status = http.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalStatusCode
            ?? (http.Features.Get<IExceptionHandlerFeature>() is null ? StatusCodes.Status404NotFound : StatusCodes.Status500InternalServerError);
        var texts = http.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        var (title, explanation) = status switch
        {
            StatusCodes.Status400BadRequest => (texts["Error_BadRequest"], texts["Error_BadRequestHelp"]),
            StatusCodes.Status403Forbidden => (texts["Error_Forbidden"], texts["Error_ForbiddenHelp"]),
            StatusCodes.Status404NotFound => (texts["Error_NotFound"], texts["Error_NotFoundHelp"]),
            StatusCodes.Status429TooManyRequests => (texts["Error_TooMany"], texts["Error_TooManyHelp"]),
            < 500 => (texts["Error_Refused"], texts["Error_RefusedHelp"]),
            _ => (texts["Error_Server"], texts["Error_ServerHelp"]),
        };
        return WriteAsync(http, status, title, explanation, code: null);
    }
}

internal sealed record ErrorView(string Title, string Explanation, string? Code, string? Detail, string RequestId);

/// <summary>Lets a page end in the error page.</summary>
internal sealed class ErrorResult(int status, string title, string explanation) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context) => ErrorPage.WriteAsync(context.HttpContext, status, title, explanation, code: null);

    /// <summary>The request is unknown, answered or too old.</summary>
    public static ErrorResult RequestExpired(IStringLocalizer<Texts> texts) =>
        new(StatusCodes.Status400BadRequest, texts["Error_RequestExpired"], texts["Error_RequestExpiredHelp"]);
}
