using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.RagModulo;

/// <summary>The device flow of the command line, on a clock of its own.</summary>
public sealed class RagModuloDeviceTranscripts(RagModuloDeviceTranscripts.WithClient server) : IClassFixture<RagModuloDeviceTranscripts.WithClient>
{
    public sealed class WithClient : RagModuloServer, IAsyncLifetime
    {
        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await AddClientAsync();
        }
    }

    private const string Waiting = """{"status":"pending","access_token":null,"user":null,"error":"authorization_pending","error_description":"The user has not finished signing in yet"}""";
    private const string Unknown = """{"status":"error","access_token":null,"user":null,"error":"invalid_grant","error_description":"Device code not found or expired"}""";

    private Task<WireAnswer> StartAsync() => server.SendAsync("POST", "/api/auth/device/start", Json(new { provider = "ibm" }));

    private async Task<WireAnswer> PollAsync(WireAnswer started, bool inTime = true)
    {
        if (inTime) server.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        return await server.SendAsync("POST", "/api/auth/device/poll", Json(new { device_code = started["device_code"] }));
    }

    /// <summary>What the person does in a browser.</summary>
    private async Task DecideAsync(WireAnswer started, TestUser user, string decision)
    {
        using var browser = server.Server.NewBrowser();
        var typed = await browser.SubmitAsync(await browser.GetAsync("/device"), new Dictionary<string, string> { ["user_code"] = started["user_code"]! });
        await browser.SubmitAsync(await browser.WalkAsync(typed, user), new Dictionary<string, string>(), decision);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/device/start", "200 with the codes and the page of this server")]
    [Contract("RagModulo", "POST /api/auth/device/poll", "pending, then success with a token and the user, once")]
    public async Task A_device_gets_a_token_once_its_person_agreed()
    {
        var user = await server.Server.AddUserAsync(NewName(), """{"name":"Ann Example","email":"ann@example.com"}""");
        var started = await StartAsync();
        var page = server.Server.Issuer + "/device";
        started.Is(200, $$"""{"device_code":"{{started["device_code"]}}","user_code":"{{started["user_code"]}}","verification_uri":"{{page}}","verification_uri_complete":"{{page}}?user_code={{started["user_code"]}}","expires_in":{{started.Json["expires_in"]}},"interval":5}""");
        (await PollAsync(started)).Is(200, Waiting);

        await DecideAsync(started, user, "allow");
        var given = await PollAsync(started);

        given.Is(200, $$"""{"status":"success","access_token":"{{given["access_token"]}}","user":{"id":"{{user.Id}}","email":"ann@example.com","username":"Ann Example"},"error":null,"error_description":null}""");
        Assert.Equal(user.Id, (await server.SendAsync("GET", "/api/auth/me", null, Bearer(given["access_token"]!)))["id"]);
        (await PollAsync(started)).Is(200, Unknown);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/device/poll", "asked too often, pending with slow_down")]
    public async Task A_device_that_asks_too_often_is_told_to_wait()
    {
        var started = await StartAsync();
        (await PollAsync(started)).Is(200, Waiting);

        (await PollAsync(started, inTime: false)).Is(200, """{"status":"pending","access_token":null,"user":null,"error":"slow_down","error_description":"Ask less often: the interval is five seconds longer now"}""");
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/device/poll", "refused, error access_denied")]
    public async Task A_device_whose_person_refused_is_told_so()
    {
        var started = await StartAsync();
        await DecideAsync(started, await server.Server.AddUserAsync(NewName()), "deny");

        (await PollAsync(started)).Is(200, """{"status":"error","access_token":null,"user":null,"error":"access_denied","error_description":"The user refused"}""");
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/device/poll", "expired, error expired_token; unknown, error invalid_grant; no code, 422")]
    public async Task A_code_that_is_over_or_none_is_named()
    {
        var started = await StartAsync();
        server.Server.Clock.Advance(TimeSpan.FromSeconds((int)started.Json["expires_in"]!));

        (await PollAsync(started)).Is(200, """{"status":"error","access_token":null,"user":null,"error":"expired_token","error_description":"Device code has expired"}""");
        (await server.SendAsync("POST", "/api/auth/device/poll", Json(new { device_code = "none" }))).Is(200, Unknown);
        Assert.Equal(422, (await server.SendAsync("POST", "/api/auth/device/poll", Json("{}"))).Status);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/device/start", "another provider, 400")]
    public async Task Another_provider_is_refused() =>
        (await server.SendAsync("POST", "/api/auth/device/start", Json(new { provider = "other" }))).Is(400, """{"detail":"Only IBM provider is currently supported"}""");
}

/// <summary>Where no client may use the device grant.</summary>
public sealed class RagModuloDeviceWithoutAClient(RagModuloServer server) : IClassFixture<RagModuloServer>
{
    [Fact]
    [Contract("RagModulo", "POST /api/auth/device/start", "no client is registered, 503")]
    public async Task Nothing_can_be_started() =>
        (await server.SendAsync("POST", "/api/auth/device/start", Json("{}"))).Is(503, """{"detail":"Failed to contact authorization server"}""");
}
