using System.Text.RegularExpressions;

namespace AuthServer.Engine.SignIn;

/// <summary>What a sign-in is for: a client's waiting request, or a page of this server. Never a URL that came from outside.</summary>
/// <param name="Request">Handle of the waiting request.</param>
/// <param name="Page">Path of a page of ours, like <c>/account/security</c>.</param>
public sealed partial record SignInTarget(string? Request, string? Page)
{
    /// <summary>Takes what stands in a query. A page that is none of ours is left out.</summary>
    public static SignInTarget Of(string? request, string? page) =>
        new(string.IsNullOrEmpty(request) ? null : request, page is not null && OwnPage.IsMatch(page) ? page : null);

    /// <summary>As the query of a page on the way, with the question mark; empty for no target.</summary>
    public string Query => (Request, Page) switch
    {
        ({ } request, _) => "?request=" + Uri.EscapeDataString(request),
        (_, { } page) => "?next=" + Uri.EscapeDataString(page),
        _ => "",
    };

    [GeneratedRegex(@"\A/(account|admin|device)(/[a-z0-9-]{1,64}){0,4}\z")]
    private static partial Regex OwnPage { get; }
}
