using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.ProtocolTests.Authorization;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Keys;

/// <summary>Two nodes behind one name, on one database.</summary>
public sealed class TwoNodeTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("authserver").FullName;
    private string _database = "";
    private TestServer _one = null!;
    private TestServer _two = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgreSqlCluster.CreateDatabaseAsync();
        var settings = new TestServerSettings { Provider = TestStorage.PostgreSql, ConnectionString = _database, Home = _home };
        // Both at once, on a database that is still empty.
        var started = await Task.WhenAll(Task.Run(() => TestServer.StartAsync(settings)), Task.Run(() => TestServer.StartAsync(settings)));
        (_one, _two) = (started[0], started[1]);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await PostgreSqlCluster.DropDatabaseAsync(_database);
        Directory.Delete(_home, recursive: true);
    }

    private static Task PollAsync(TestServer node) => node.Services.GetRequiredService<ClientRegistry>().ReloadIfChangedAsync(CancellationToken.None);

    [Fact, Spec("OIDC Core §10.1.1")]
    public async Task Nodes_that_start_together_and_rotate_together_have_the_same_keys()
    {
        var kids = await KeyRotationTests.KidsAsync(_one);
        Assert.Equal(2, kids.Length);
        Assert.Equal(kids, await KeyRotationTests.KidsAsync(_two));

        foreach (var node in new[] { _one, _two }) node.Clock.Advance(TimeSpan.FromDays(85));
        await Task.WhenAll(new[] { _one, _two }.Select(n => Task.Run(() => n.Services.GetRequiredService<KeyRotation>().EnsureAsync(CancellationToken.None))));
        foreach (var node in new[] { _one, _two }) await node.Services.GetRequiredService<KeyRing>().ReloadIfChangedAsync(CancellationToken.None);

        kids = await KeyRotationTests.KidsAsync(_one);
        Assert.Equal(4, kids.Length);
        Assert.Equal(kids, await KeyRotationTests.KidsAsync(_two));
    }

    [Fact]
    public async Task A_change_on_one_node_reaches_the_other_with_its_next_look()
    {
        await _one.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        (string, string?)[] refresh = [("grant_type", "refresh_token"), ("refresh_token", "x")];
        await PollAsync(_two);
        Assert.Equal(HttpStatusCode.BadRequest, (await _two.TokenAsync(refresh, ("web", SharedServer.Secret))).StatusCode);

        await _one.AddClientAsync(SharedServer.Web("web") with { Enabled = false }, SharedServer.Secret);
        await PollAsync(_two);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _two.TokenAsync(refresh, ("web", SharedServer.Secret))).StatusCode);
    }

    [Fact]
    public async Task A_person_signed_in_at_one_node_is_signed_in_at_the_other()
    {
        await _one.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        await PollAsync(_two);
        var alice = await _one.AddUserAsync("alice");
        var flow = await _one.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, alice);
        using var browser = _two.NewBrowser();
        foreach (Cookie cookie in flow.Browser.Cookies.GetAllCookies()) browser.Cookies.Add(cookie);

        Assert.Equal(alice.Id, await Ask.WhoIsSignedInAsync(_two, browser));
        Assert.Equal(HttpStatusCode.OK, (await _two.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _two.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!)).StatusCode);
    }
}
