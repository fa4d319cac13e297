namespace AuthServer.Benchmarks.Load;

/// <summary>The cases, in the order of the table. Each does the same to both servers; where the floor stores nothing, it says so by being that much cheaper.</summary>
internal static class Cases
{
    private const string ConnectScope = "openid profile email";

    public static async Task<IReadOnlyList<Case>> PrepareAsync(Uri floor, ServerUnderTest server, string folder)
    {
        var ours = server.Process.Address;
        var signedIn = new CodeFlow(ours, "/connect/authorize", "/connect/token", ("web", server.Secrets["web"]));
        await signedIn.SignInAsync(ConnectScope, ServerUnderTest.UserName, ServerUnderTest.Password);
        var bare = new CodeFlow(floor, "/authorize", "/code", ("web", "web-secret"));

        var userToken = CodeFlow.Member(await signedIn.RunAsync(ConnectScope), "access_token");
        var token = await TokenAsync(ours, "/connect/token", Form("es256", server.Secrets["es256"]));
        var floorToken = await TokenAsync(floor, "/token", Form("es256"));

        return
        [
            Credentials("client credentials, JWT ES256", "es256"),
            Credentials("client credentials, JWT RS256", "rs256"),
            Credentials("client credentials, opaque", "opaque"),
            new("introspection of a JWT",
                new WrkLoad(folder, "introspect-floor", new Uri(floor, "/introspect"), Introspection("es256-secret", floorToken)),
                new WrkLoad(folder, "introspect", new Uri(ours, "/connect/introspect"), Introspection(server.Secrets["es256"], token))),
            new("userinfo",
                new WrkLoad(folder, "userinfo-floor", new Uri(floor, "/userinfo"), authorization: "Bearer " + floorToken),
                new WrkLoad(folder, "userinfo", new Uri(ours, "/connect/userinfo"), authorization: "Bearer " + userToken)),
            new("discovery", new WrkLoad(folder, "discovery-floor", new Uri(floor, "/discovery")), new WrkLoad(folder, "discovery", new Uri(ours, "/.well-known/openid-configuration"))),
            new("JWKS", new WrkLoad(folder, "jwks-floor", new Uri(floor, "/jwks")), new WrkLoad(folder, "jwks", new Uri(ours, await JwksPathAsync(ours)))),
            await RefreshAsync(floor, signedIn),
            new("code + PKCE with a session (2 requests)", new FlowLoad(_ => bare.RunAsync(ConnectScope)), new FlowLoad(_ => signedIn.RunAsync(ConnectScope))),
        ];

        Case Credentials(string name, string client) => new(name,
            new WrkLoad(folder, client + "-floor", new Uri(floor, "/token"), Form(client)),
            new WrkLoad(folder, client, new Uri(ours, "/connect/token"), Form(client, server.Secrets[client])));
    }

    /// <summary>One chain per worker: each answer's refresh token is the next request. Without <c>openid</c>, so that the RS256 signature of an ID token does not hide the rest.</summary>
    private static async Task<Case> RefreshAsync(Uri floor, CodeFlow signedIn)
    {
        var tokens = new string[WrkLoad.Connections];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = CodeFlow.Member(await signedIn.RunAsync("notes offline_access"), "refresh_token");
        var bare = new CodeFlow(floor, "/authorize", "/token", ("web", "web-secret"));
        return new("refresh (rotation), JWT ES256", new FlowLoad(_ => bare.RefreshAsync("x")), new FlowLoad(async worker => tokens[worker] = CodeFlow.Member(await signedIn.RefreshAsync(tokens[worker]), "refresh_token")));
    }

    private static string Form(string client, string? secret = null) => $"grant_type=client_credentials&scope=notes&client_id={client}&client_secret={secret ?? client + "-secret"}";

    private static string Introspection(string secret, string token) => $"client_id=es256&client_secret={secret}&token={token}";

    private static async Task<string> TokenAsync(Uri server, string path, string form)
    {
        using var http = new HttpClient();
        using var content = new StringContent(form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await http.PostAsync(new Uri(server, path), content);
        response.EnsureSuccessStatusCode();
        return CodeFlow.Member(await response.Content.ReadAsStringAsync(), "access_token");
    }

    private static async Task<string> JwksPathAsync(Uri server)
    {
        using var http = new HttpClient();
        return new Uri(CodeFlow.Member(await http.GetStringAsync(new Uri(server, "/.well-known/openid-configuration")), "jwks_uri")).AbsolutePath;
    }
}
