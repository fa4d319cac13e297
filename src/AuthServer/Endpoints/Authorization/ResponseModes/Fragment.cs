namespace AuthServer.Endpoints.Authorization.ResponseModes;

/// <summary>OAuth 2.0 Multiple Response Types §2.1: behind the #, which no server sees.</summary>
internal sealed class Fragment : IResponseMode
{
    public string Name => Engine.Protocol.ResponseModeNames.Fragment;

    public Task SendAsync(HttpContext http, VerifiedRedirect redirect, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Query.SeeOther(http, Query.Encoded(redirect.Uri, '#', parameters));
        return Task.CompletedTask;
    }
}
