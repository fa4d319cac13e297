using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints;

/// <summary>Takes the access token out of a request to a resource of ours (RFC 6750 §2): header or form body, one of them, never the query, where logs would keep it.</summary>
internal static class BearerToken
{
    public static async ValueTask<Result<string>> ReadAsync(HttpContext http, CancellationToken ct)
    {
        string? token = null;
        string? header = http.Request.Headers.Authorization;
        if (header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) token = header["Bearer ".Length..].Trim();

        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType)
        {
            if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var error)) return Challenged(error);
            if (form["access_token"] is { } inBody)
            {
                if (token is not null) return Challenged(OAuthErrors.InvalidRequest("the access token is sent in two ways"));
                token = inBody;
            }
        }

        if (token is null or "") return OAuthErrors.InvalidToken() with { Challenge = "Bearer" };
        return token.Length <= ParameterLimits.Of("access_token") ? token : Challenged(OAuthErrors.InvalidToken());
    }

    /// <summary>RFC 6750 §3: the error stands in the challenge as well as in the body.</summary>
    public static OAuthError Challenged(OAuthError error)
    {
        var challenge = $"Bearer error=\"{error.Code}\", error_description=\"{error.Description}\"";
        return error with { Challenge = error.Code == "insufficient_scope" ? challenge + ", scope=\"openid\"" : challenge };
    }
}
