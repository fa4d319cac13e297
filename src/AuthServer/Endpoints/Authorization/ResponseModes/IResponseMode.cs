namespace AuthServer.Endpoints.Authorization.ResponseModes;

/// <summary>One way to carry an answer to the client's redirect URI. Found at start; discovery lists <see cref="Name"/>.</summary>
public interface IResponseMode
{
    /// <summary>The wire value of <c>response_mode</c>.</summary>
    string Name { get; }

    Task SendAsync(HttpContext http, VerifiedRedirect redirect, IReadOnlyList<KeyValuePair<string, string>> parameters);
}
