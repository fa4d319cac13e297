namespace AuthServer.Dialects;

/// <summary>An old API that is answered as its clients expect. It translates and nothing else: who may do what, what a token is worth and what is stored, the engine decides.</summary>
internal interface IDialect
{
    /// <summary>As in the settings: <c>Kamiwaza</c>.</summary>
    string Name { get; }

    /// <summary>Names every route of the API, each at all the paths at which its clients look for it.</summary>
    void Map(DialectRoutes routes);

    /// <summary>What is said where the API itself says nothing: an unknown path (404), a method the path does not take (405; the Allow header is set already), a bridge that is closed (410), too many requests (429), a body too large (413).</summary>
    IResult Plain(DialectRequest request, int status);
}

/// <summary>Answers one request.</summary>
internal delegate Task<IResult> DialectHandler(DialectRequest request, CancellationToken ct);

/// <summary>A route of one dialect.</summary>
/// <param name="Path">A route template without its trailing slash; slashes at the end make no difference to any of them.</param>
internal sealed record DialectRoute(IDialect Dialect, string Method, string Path, DialectHandler Handler);

/// <summary>Collects the routes of a dialect.</summary>
internal sealed class DialectRoutes(IDialect dialect)
{
    private readonly List<DialectRoute> _all = [];

    public IReadOnlyList<DialectRoute> All => _all;

    public void Get(DialectHandler handler, params IReadOnlyList<string> paths) => Add("GET", handler, paths);

    public void Post(DialectHandler handler, params IReadOnlyList<string> paths) => Add("POST", handler, paths);

    public void Put(DialectHandler handler, params IReadOnlyList<string> paths) => Add("PUT", handler, paths);

    public void Patch(DialectHandler handler, params IReadOnlyList<string> paths) => Add("PATCH", handler, paths);

    public void Delete(DialectHandler handler, params IReadOnlyList<string> paths) => Add("DELETE", handler, paths);

    public void Options(DialectHandler handler, params IReadOnlyList<string> paths) => Add("OPTIONS", handler, paths);

    private void Add(string method, DialectHandler handler, IReadOnlyList<string> paths)
    {
        foreach (var path in paths) _all.Add(new DialectRoute(dialect, method, path.Length > 1 ? path.TrimEnd('/') : path, handler));
    }
}
