using AuthServer.Endpoints;
using AuthServer.Engine.Protocol;
using AuthServer.Storage;

namespace AuthServer.Hosting;

/// <summary>A database that is away is no reason to show a stack trace: machines get a JSON error, people a page, both with 503 and <c>Retry-After</c>.</summary>
internal sealed partial class StorageFaults(RequestDelegate next, IErrorPage errorPage, ILogger<StorageFaults> logger)
{
    private const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException fault) when (!http.Response.HasStarted)
        {
            // A body without end or a broken one is the sender's fault: Kestrel says which, and nobody needs to be woken for it.
            http.Response.Clear();
            await AnswerAsync(http, OAuthErrors.InvalidRequest("the body is too large or not a form") with { Status = fault.StatusCode });
        }
        catch (Exception fault) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            var unavailable = StorageFault.IsIn(fault);
            if (unavailable) DatabaseAway(logger, fault.GetBaseException().GetType().Name, http.TraceIdentifier);
            else Unexpected(logger, fault, http.TraceIdentifier);

            http.Response.Clear();
            await AnswerAsync(http, unavailable ? OAuthErrors.TemporarilyUnavailable(RetryAfterSeconds) : OAuthErrors.ServerError());
        }
    }

    private async Task AnswerAsync(HttpContext http, OAuthError error)
    {
        if (IsForPeople(http)) await errorPage.WriteAsync(http, error);
        else await new OAuthErrorResult(error).ExecuteAsync(http);
    }

    private static bool IsForPeople(HttpContext http) => http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(9001, LogLevel.Error, "The database cannot be reached ({Fault}); request {RequestId} was answered with 503")]
    private static partial void DatabaseAway(ILogger logger, string fault, string requestId);

    [LoggerMessage(9002, LogLevel.Error, "Request {RequestId} failed")]
    private static partial void Unexpected(ILogger logger, Exception fault, string requestId);
}
