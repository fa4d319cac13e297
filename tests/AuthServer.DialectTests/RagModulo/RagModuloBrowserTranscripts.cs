using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.RagModulo;

/// <summary>The calls that lead a browser to this server's sign-in and back to the web page.</summary>
public sealed class RagModuloBrowserTranscripts(RagModuloBrowserTranscripts.WithClient server) : IClassFixture<RagModuloBrowserTranscripts.WithClient>
{
    public sealed class WithClient : RagModuloServer, IAsyncLifetime
    {
        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await AddClientAsync();
        }
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/oidc-config", "200 with this server's metadata for the web page's library")]
    public async Task The_web_page_is_configured()
    {
        var issuer = server.Server.Issuer;

        (await server.SendAsync("GET", "/api/auth/oidc-config")).Is(200,
            $$"""
            {"authority":"{{issuer}}","client_id":"rag-modulo","redirect_uri":"https://rag.test/api/auth/callback","response_type":"code","scope":"openid profile email","loadUserInfo":true,
             "metadata":{"issuer":"{{issuer}}","authorization_endpoint":"{{issuer}}/connect/authorize","token_endpoint":"{{issuer}}/connect/token","userinfo_endpoint":"{{issuer}}/connect/userinfo",
             "end_session_endpoint":"{{issuer}}/connect/endsession","jwks_uri":"{{issuer}}/.well-known/jwks.json"} }
            """);
        var discovery = (await server.SendAsync("GET", "/.well-known/openid-configuration")).Json;
        foreach (var (name, value) in (await server.SendAsync("GET", "/api/auth/oidc-config")).Json["metadata"]!.AsObject()) Assert.Equal((string)discovery[name]!, (string)value!);
    }

    [Theory]
    [InlineData("web", "https://rag.test/auth/callback"), InlineData("cli", "https://rag.test/callback")]
    [Contract("RagModulo", "GET /api/auth/login", "302 to this server's sign-in, as the registered client")]
    [Contract("RagModulo", "GET /api/auth/callback", "307 to the web page with a token, for the command line at its own page")]
    public async Task A_browser_signs_in_and_comes_back_with_a_token(string source, string page)
    {
        var user = await server.Server.AddUserAsync(NewName(), """{"name":"Ann Example","email":"ann@example.com"}""");
        using var browser = server.Server.NewBrowser();

        var answer = await browser.AuthorizeAsync("/api/auth/login?source=" + source, user);
        Assert.Equal(RagModuloServer.Callback, answer.Callback!.GetLeftPart(UriPartial.Path));
        Assert.StartsWith("source=" + source, answer["state"], StringComparison.Ordinal);
        // The web page's proxy hands /api on to this server.
        var back = await browser.GetAsync(answer.Callback.PathAndQuery);

        Assert.Equal(page, back.Callback!.GetLeftPart(UriPartial.Path));
        var token = QueryHelpers.ParseQuery(back.Callback.Query)["token"].ToString();
        (await server.SendAsync("GET", "/api/auth/userinfo", null, Bearer(token))).Is(200,
            $$"""{"sub":"{{user.Id}}","name":"Ann Example","email":"ann@example.com","uuid":"{{user.Id}}","role":"user"}""");

        // A code is good once.
        Assert.Equal("https://rag.test/signin?error=authentication_failed", (await browser.GetAsync(answer.Callback.PathAndQuery)).Callback!.ToString());
    }

    [Fact]
    [Contract("RagModulo", "GET /.well-known/openid_configuration", "the service as a client of its own: code flow with client_secret_post, and the ID token has email and name")]
    public async Task The_service_itself_finds_email_and_name_in_the_id_token()
    {
        var user = await server.Server.AddUserAsync(NewName(), """{"name":"Ann Example","email":"ann@example.com"}""");
        using var browser = server.Server.NewBrowser();
        const string verifier = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJK";
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var asked = $"/connect/authorize?response_type=code&client_id=rag-modulo&redirect_uri={Uri.EscapeDataString(RagModuloServer.Callback)}&scope=openid+profile+email&state=source%3Dweb&code_challenge={challenge}&code_challenge_method=S256";
        var code = (await browser.AuthorizeAsync(asked, user))["code"]!;

        var answer = await server.SendAsync("POST", "/connect/token", Form(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RagModuloServer.Callback), ("code_verifier", verifier),
            ("client_id", RagModuloServer.ClientId), ("client_secret", RagModuloServer.ClientKey)));

        var claims = RagModuloServer.Claims(answer["id_token"]!);
        Assert.Equal((user.Id, "Ann Example", "ann@example.com"), ((string)claims["sub"]!, (string)claims["name"]!, (string)claims["email"]!));
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/callback", "another browser's code, or none, 307 to the web page's sign-in with an error")]
    public async Task Another_browsers_code_is_no_sign_in()
    {
        var user = await server.Server.AddUserAsync(NewName());
        using var browser = server.Server.NewBrowser();
        var stolen = (await browser.AuthorizeAsync("/api/auth/login", user)).Callback!.PathAndQuery;

        var answer = await server.SendAsync("GET", stolen);

        Assert.Equal((307, "https://rag.test/signin?error=authentication_failed"), (answer.Status, answer.Header("Location")));
        Assert.Equal("https://rag.test/signin?error=authentication_failed", (await server.SendAsync("GET", "/api/auth/callback?error=access_denied")).Header("Location"));
    }

    [Theory]
    [InlineData("""{"provider":"ibm","callback_port":9001,"client_id":"rag-cli","scope":"openid"}""", 9001), InlineData("{}", 8080), InlineData("""{"provider":"ibm","callback_port":null}""", 8080)]
    [Contract("RagModulo", "POST /api/auth/cli/start", "200 with auth_url and state")]
    public async Task The_command_line_is_told_where_its_person_has_to_go(string body, int port)
    {
        var answer = await server.SendAsync("POST", "/api/auth/cli/start", Json(body));

        var url = new Uri(answer["auth_url"]!);
        answer.Is(200, $$"""{"auth_url":"{{url}}","state":"{{answer["state"]}}"}""");
        Assert.Equal(server.Server.Issuer + "/api/auth/login", url.GetLeftPart(UriPartial.Path));
        var query = QueryHelpers.ParseQuery(url.Query);
        Assert.Equal(($"http://localhost:{port}/callback", answer["state"], "cli"), (query["redirect_uri"].ToString(), query["state"].ToString(), query["source"].ToString()));
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/cli/start", "another provider, 400")]
    public async Task Another_provider_is_refused() =>
        (await server.SendAsync("POST", "/api/auth/cli/start", Json(new { provider = "other" }))).Is(400, """{"detail":"Only IBM provider is currently supported"}""");

    [Fact]
    [Contract("RagModulo", "POST /api/auth/cli/token", "410, as in the original")]
    public async Task The_old_exchange_is_gone() =>
        (await server.SendAsync("POST", "/api/auth/cli/token", Json(new { code = "a", state = "b" }))).Is(410,
            """{"detail":"This endpoint is deprecated. Please use the browser-based authentication flow and copy the JWT token from the callback page."}""");
}

/// <summary>Where no client is set up.</summary>
public sealed class RagModuloWithoutAClient(RagModuloServer server) : IClassFixture<RagModuloServer>
{
    [Theory]
    [InlineData("/api/auth/oidc-config", "OIDC discovery endpoint not configured"), InlineData("/api/auth/login?source=web", "Internal server error during login process"), InlineData("/api/auth/callback?code=a&state=b", "Internal server error during login process")]
    [Contract("RagModulo", "GET /api/auth/oidc-config", "no client is registered, 500")]
    [Contract("RagModulo", "GET /api/auth/login", "no client is registered, 500")]
    public async Task Nobody_is_led_anywhere(string path, string detail)
    {
        var answer = await server.SendAsync("GET", path);

        Assert.Equal((500, detail), (answer.Status, answer["detail"]));
    }
}
