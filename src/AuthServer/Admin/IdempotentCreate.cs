using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Administration;
using AuthServer.Storage.Sql;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace AuthServer.Admin;

/// <summary>
/// <c>Idempotency-Key</c> on a POST: a request that is sent twice because its answer was lost makes one thing. The second answer is what the thing is by then, with 201 and the
/// same Location, and without the secret that only the first one showed.
/// </summary>
internal sealed class IdempotentCreate(SqlIdempotencyKeys keys, EndpointDataSource endpoints)
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 255;

    /// <param name="work">Does what the request asks for.</param>
    public async ValueTask<object?> RunAsync(HttpContext http, Actor actor, Func<ValueTask<object?>> work)
    {
        var ct = http.RequestAborted;
        string? key = http.Request.Headers[Header];
        if (key is not { Length: > 0 and <= LongestKey }) return AdminAnswers.Problem(StatusCodes.Status400BadRequest, "bad-request", $"{Header} has 1 to {LongestKey} characters.");

        // A key is its sender's own: nobody finds out by a guess what somebody else made.
        var keyHash = SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.AuditName}\n{http.Request.Path}\n{key}"));
        if (await RequestHashAsync(http, ct) is not { } request) return AdminAnswers.TooLarge;
        if (!await keys.TryTakeAsync(keyHash, request, ct)) return await AgainAsync(http, keyHash, request, ct);

        try
        {
            var result = await work();
            // What was made is made, whether or not the caller is still there.
            if (result is ICreated { Location: { } location }) await keys.FinishAsync(keyHash, request, location, CancellationToken.None);
            else await keys.ForgetAsync(keyHash, request, CancellationToken.None);
            return result;
        }
        catch
        {
            await keys.ForgetAsync(keyHash, request, CancellationToken.None);
            throw;
        }
    }

    private async Task<IResult> AgainAsync(HttpContext http, byte[] key, byte[] request, CancellationToken ct)
    {
        var earlier = await keys.FindAsync(key, request, ct);
        if (earlier is { SameRequest: false }) return AdminAnswers.Of(Refusal.Invalid(new Objection("", "key_reused", $"This {Header} was used for another request.")));
        if (earlier?.Location is not { } location) return AdminAnswers.Of(Refusal.Conflict("", "at_work", $"The request with this {Header} is still at work. Try again."));
        return new SameAgain(location, endpoints);
    }

    private static async Task<byte[]?> RequestHashAsync(HttpContext http, CancellationToken ct)
    {
        http.Request.EnableBuffering(AdminJson.MaximumBody);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        var total = 0;
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if ((total += read) > AdminJson.MaximumBody) return null;
            hash.AppendData(buffer, 0, read);
        }

        http.Request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    /// <summary>Reads the thing that was made by its own route, with that route's right.</summary>
    private sealed record SameAgain(string Location, EndpointDataSource Endpoints) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            var place = http.Request.PathBase + AdminApi.Path + Location;
            http.Response.OnStarting(() =>
            {
                // Whoever may make such things and not read them learns where it is, and no more.
                if (http.Response.StatusCode == StatusCodes.Status200OK) http.Response.StatusCode = StatusCodes.Status201Created;
                if (http.Response.StatusCode < 400 || http.Response.StatusCode == StatusCodes.Status403Forbidden) http.Response.Headers.Location = place;
                return Task.CompletedTask;
            });

            http.Request.Method = HttpMethods.Get;
            http.Request.Path = PathString.FromUriComponent(AdminApi.Path + Location);
            foreach (var endpoint in Endpoints.Endpoints.OfType<RouteEndpoint>())
            {
                if (endpoint.Metadata.GetMetadata<RouteRight>() is null || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not ["GET"]) continue;
                var values = new RouteValueDictionary();
                if (!new TemplateMatcher(TemplateOf(endpoint.RoutePattern), []).TryMatch(http.Request.Path, values)) continue;
                http.Request.RouteValues = values;
                http.SetEndpoint(endpoint);
                return endpoint.RequestDelegate!(http);
            }

            throw new InvalidOperationException($"What is made at {Location} cannot be read there.");
        }

        private static RouteTemplate TemplateOf(RoutePattern pattern) => new(pattern);
    }
}

/// <summary>An answer that says that something was made.</summary>
internal interface ICreated
{
    /// <summary>Under the API's path; null where nothing was made.</summary>
    string? Location { get; }
}
