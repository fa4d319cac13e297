using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.ProtocolTests.Authorization;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Cli;

/// <summary>The commands, as a script uses them, beside a server that runs.</summary>
public sealed class CommandTests(CommandTests.Fixture shared) : IClassFixture<CommandTests.Fixture>
{
    private const string NewPassword = "a different horse altogether";

    /// <summary>On the real clock, because the commands are.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync(new TestServerSettings { Kestrel = true });
            await Server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }

    private TestServer Server => shared.Server;

    private Task<Answer> RunAsync(params string[] arguments) => Command.RunAsync(Server, arguments);

    private string FileWith(string json)
    {
        var file = Path.Combine(Server.Home, Guid.NewGuid().ToString("N") + ".json");
        File.WriteAllText(file, json);
        return file;
    }

    private async Task<HttpStatusCode> AskAsync(string clientId, string secret)
    {
        // What the server does every two seconds.
        await Server.Services.GetRequiredService<ClientRegistry>().ReloadIfChangedAsync(CancellationToken.None);
        return (await Server.TokenAsync([("grant_type", "client_credentials")], (clientId, secret))).StatusCode;
    }

    private async Task<bool> CanSignInAsync(string userName, string password)
    {
        using var browser = Server.NewBrowser();
        return (await browser.SignInAsync(await browser.GetAsync(Ask.Url("web")), userName, password))["code"] is not null;
    }

    [Fact]
    public async Task An_API_key_is_made_listed_and_revoked_while_the_server_runs()
    {
        await Server.AddUserAsync("keyed");
        Assert.NotEqual(0, (await RunAsync("api-key", "create", "--name", "nobody's", "--scope", "openid")).Code);
        Assert.NotEqual(0, (await RunAsync("api-key", "create", "--user", "keyed", "--name", "n", "--scope", "no-such")).Code);

        var made = (await RunAsync("api-key", "create", "--user", "keyed", "--name", "Build", "--scope", "openid profile", "--days", "7", "--json")).Json();
        var (key, id) = (made.GetProperty("key").GetString()!, made.GetProperty("api_key").GetProperty("id").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", key)).StatusCode);
        var listed = (await RunAsync("api-key", "list", "--user", "keyed", "--json")).Json();
        Assert.Equal((1, id, "openid profile", key[..12]), (listed.GetArrayLength(), listed[0].GetProperty("id").GetString(), listed[0].GetProperty("scopes").GetString(), listed[0].GetProperty("start").GetString()));

        Assert.Equal(0, (await RunAsync("api-key", "revoke", id)).Code);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", key)).StatusCode);
        Assert.Equal(0, (await RunAsync("api-key", "list", "--user", "keyed", "--json")).Json().GetArrayLength());
        Assert.NotEqual(0, (await RunAsync("api-key", "revoke", id)).Code);
    }

    [Fact, Spec("ASVS 7.4.5")]
    public async Task One_person_or_everybody_is_signed_out_while_the_server_runs()
    {
        var (dora, emil) = (await Server.AddUserAsync("dora"), await Server.AddUserAsync("emil"));
        using var first = await Ask.SignedInAsync(Server, dora);
        using var second = await Ask.SignedInAsync(Server, emil);
        Assert.NotEqual(0, (await RunAsync("user", "sign-out")).Code);
        Assert.Equal(1, (await RunAsync("user", "sign-out", "dora", "--json")).Json().GetProperty("signed_out").GetInt32());
        Assert.Equal("/login", (await first.GetAsync("/account")).Url.AbsolutePath);
        Assert.Equal("/account", (await second.GetAsync("/account")).Url.AbsolutePath);
        Assert.True((await RunAsync("user", "sign-out", "--everybody", "--json")).Json().GetProperty("signed_out").GetInt32() >= 1);
        Assert.Equal("/login", (await second.GetAsync("/account")).Url.AbsolutePath);
    }

    [Fact, Spec("ASVS 6.4.6")]
    public async Task Whoever_lost_every_factor_is_helped_and_signed_out()
    {
        var gerd = await Server.AddUserAsync("gerd");
        await TestAuthenticator.SetUpAsync(Server, gerd.Id);
        Assert.False(await CanSignInAsync("gerd", gerd.Password));
        Assert.Equal("gerd", (await RunAsync("user", "reset-factors", "gerd", "--json")).Json().GetProperty("user_name").GetString());
        Assert.True(await CanSignInAsync("gerd", gerd.Password));
    }

    [Fact]
    public async Task A_client_is_added_gets_a_new_secret_and_is_removed_while_the_server_runs()
    {
        var added = (await RunAsync("client", "add", "--file", FileWith("""{"client_id":"robot","client_name":"Robot","grant_types":["client_credentials"]}"""), "--json")).Json();
        Assert.Equal("robot", added.GetProperty("client_id").GetString());
        var secret = added.GetProperty("client_secret").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await AskAsync("robot", secret));

        var rotated = (await RunAsync("client", "rotate-secret", "robot", "--keep-old", "1", "--json")).Json().GetProperty("client_secret").GetString()!;
        Assert.NotEqual(secret, rotated);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("robot", rotated));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("robot", secret));

        var list = await RunAsync("client", "list", "--json");
        Assert.Contains(list.Json().EnumerateArray(), c => c.GetProperty("client_id").GetString() == "robot" && c.GetProperty("client_name").GetString() == "Robot");
        Assert.DoesNotContain(rotated, list.Out, StringComparison.Ordinal);

        Assert.True((await RunAsync("client", "remove", "robot", "--json")).Json().GetProperty("removed").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("robot", rotated));
    }

    [Fact]
    public async Task A_person_is_added_gets_a_new_password_and_is_shut_out_while_the_server_runs()
    {
        var claims = FileWith("""{"given_name":"Grace","family_name":"Hopper"}""");
        var added = (await RunAsync("user", "add", "--username", "grace", "--email", "grace@example.com", "--password", TestServer.Password, "--claims", claims, "--json")).Json();
        var grace = new TestUser(added.GetProperty("id").GetString()!, "grace", TestServer.Password);
        var flow = await Server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, grace, "openid profile");
        var userInfo = await TestServer.JsonAsync(await Server.GetAsync("/connect/userinfo", flow.AccessToken));
        Assert.Equal(("Grace", grace.Id), (userInfo.GetProperty("given_name").GetString(), userInfo.GetProperty("sub").GetString()));

        (await RunAsync("user", "set-password", "grace", "--password", NewPassword, "--json")).Json();
        Assert.False(await CanSignInAsync("grace", TestServer.Password));
        Assert.True(await CanSignInAsync("grace", NewPassword));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
        Assert.Null((await flow.Browser.GetAsync(Ask.Url("web", ("prompt", "none"))))["code"]);

        (await RunAsync("user", "disable", "grace", "--json")).Json();
        Assert.False(await CanSignInAsync("grace", NewPassword));

        var listed = Assert.Single((await RunAsync("user", "list", "--search", "GRACE@", "--json")).Json().EnumerateArray());
        Assert.True(listed.GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task Keys_are_rotated_while_the_server_runs_and_the_doctor_finds_all_well()
    {
        var keys = (await RunAsync("keys", "rotate", "--json")).Json();
        await Server.Services.GetRequiredService<KeyRing>().ReloadIfChangedAsync(CancellationToken.None);
        var jwks = await TestServer.JsonAsync(await Server.GetAsync("/.well-known/jwks.json"));
        Assert.Equal(4, keys.GetArrayLength());
        Assert.Equal(2, keys.EnumerateArray().Count(k => k.GetProperty("state").GetString() == "announced"));
        Assert.Equal(
            keys.EnumerateArray().Select(k => k.GetProperty("kid").GetString()).Order(StringComparer.Ordinal),
            jwks.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()).Order(StringComparer.Ordinal));

        var findings = (await RunAsync("doctor", "--json")).Json();
        Assert.All(findings.EnumerateArray(), f => Assert.Equal(("ok", f.GetProperty("check").GetString()), (f.GetProperty("state").GetString(), f.GetProperty("check").GetString())));
    }

    [Fact]
    public async Task What_cannot_be_done_ends_with_1_and_a_sentence_that_gives_no_secret_away()
    {
        const string Secret = "a secret that must not be shown";
        var answers = new[]
        {
            await RunAsync("client", "add", "--file", FileWith($$"""{"client_id":"broken","client_secret":"{{Secret}}","redirect_uris":["http://app.example.com/cb"]}"""), "--json"),
            await RunAsync("user", "add", "--username", "weak", "--password", "weak", "--json"),
        };
        foreach (var answer in answers)
        {
            Assert.Equal(1, answer.Code);
            Assert.Equal("", answer.Out);
            Assert.NotEmpty(Answer.Parse(answer.Error).GetProperty("error").GetString()!);
            Assert.DoesNotContain(Secret, answer.Error, StringComparison.Ordinal);
        }
    }
}
