using Microsoft.AspNetCore.Http.Metadata;

namespace AuthServer.Admin;

/// <summary>What the OpenAPI document says of a route beyond what the route itself shows: its query. The body is said by <c>Accepts&lt;T&gt;()</c>, answers by <c>Produces&lt;T&gt;()</c>.</summary>
internal static class RouteWords
{
    public static RouteHandlerBuilder Query(this RouteHandlerBuilder route, string name, string description) => route.WithMetadata(new RouteQuery(name, description));

    /// <summary>
    /// Makes of <c>Accepts&lt;T&gt;()</c> a word for the document only: as an order to the router it would answer 415 before anybody has asked who is there, and without saying what is wanted.
    /// </summary>
    public static void LeaveBodiesToTheHandlers(this RouteGroupBuilder group) => ((IEndpointConventionBuilder)group).Finally(static endpoint =>
    {
        foreach (var accepts in endpoint.Metadata.OfType<IAcceptsMetadata>().ToList())
        {
            endpoint.Metadata.Remove(accepts);
            if (accepts.RequestType is { } type) endpoint.Metadata.Add(new RouteBody(type, accepts.ContentTypes));
        }
    });

    /// <summary>A list in parts: <c>limit</c> and <c>cursor</c>, and <c>sort</c> where it has more than one order.</summary>
    public static RouteHandlerBuilder Paged(this RouteHandlerBuilder route, params IReadOnlyList<string> sorts)
    {
        route.WithMetadata(new RouteQuery("limit", "How many entries, 1 to 200; 25 where nothing is said."), new RouteQuery("cursor", "The value of next in the part before."));
        return sorts is [] ? route : route.WithMetadata(new RouteQuery("sort", "One of " + string.Join(", ", sorts) + "; with a minus before it for the other direction."));
    }
}

/// <summary>The type a route reads its body as, and the media types it takes.</summary>
internal sealed record RouteBody(Type Type, IReadOnlyList<string> ContentTypes);

/// <summary>A parameter of the query that a route reads.</summary>
internal sealed record RouteQuery(string Name, string Description);
