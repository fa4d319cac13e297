namespace AuthServer.Hosting;

/// <summary>Where database, keys and certificates live: <c>AUTHSERVER_HOME</c>, or <c>data</c> below the working directory.</summary>
public sealed record HomeFolder(string Path)
{
    public static HomeFolder Of(IConfiguration configuration) =>
        new(System.IO.Path.GetFullPath(configuration["AUTHSERVER_HOME"] is { Length: > 0 } set ? set : "data"));

    public string File(string name) => System.IO.Path.Combine(Path, name);
}
