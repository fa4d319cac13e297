namespace AuthServer.Dialects;

/// <summary>Hands a request that came to a path of an old API, and is meant for this server, to its own endpoint: the same handler, the same answer.</summary>
internal sealed class OwnEndpoints(EndpointDataSource endpoints)
{
    /// <param name="path">As the endpoint was mapped: <c>/connect/token</c>.</param>
    public async Task AnswerAsync(DialectRequest request, string path)
    {
        var http = request.Http;
        var method = http.Request.Method;
        var endpoint = endpoints.Endpoints.OfType<RouteEndpoint>().First(e => e.RoutePattern.RawText == path && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method, StringComparer.OrdinalIgnoreCase) != false);
        // The body was read to see whom it is for; the endpoint reads it again, by limits of its own. Another kind of form it refuses by its header.
        using var body = new MemoryStream();
        using (var form = new FormUrlEncodedContent(request.Form.SelectMany(static f => f.Value.Select(value => KeyValuePair.Create(f.Key, value ?? ""))))) await form.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        (http.Request.Body, http.Request.ContentLength) = (body, body.Length);
        http.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(http);
    }
}
