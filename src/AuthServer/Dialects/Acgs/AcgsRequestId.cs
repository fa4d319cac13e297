namespace AuthServer.Dialects.Acgs;

/// <summary>The names under which a request is found again, in the headers and in the envelope of an error.</summary>
internal static class AcgsRequestId
{
    private const string Correlation = "X-Correlation-ID";
    private const int LongestCorrelation = 128;

    /// <summary><c>req_</c> and twelve hex digits.</summary>
    public static string Of(DialectRequest request)
    {
        if (request.Http.Items[nameof(AcgsRequestId)] is string known) return known;
        var made = "req_" + Guid.NewGuid().ToString("N")[..12];
        request.Http.Items[nameof(AcgsRequestId)] = made;
        return made;
    }

    /// <summary>What the caller names the request is repeated where it is plain text.</summary>
    public static void Write(DialectRequest request)
    {
        var headers = request.Http.Response.Headers;
        var sent = request.Http.Request.Headers[Correlation].ToString();
        headers[Correlation] = sent.Length is > 0 and <= LongestCorrelation && sent.All(static c => c is > ' ' and <= '~') ? sent : Guid.NewGuid().ToString();
        headers["X-Request-ID"] = Of(request);
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }
}
