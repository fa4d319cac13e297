using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>
/// What happened to the person, the client or the grant × every place that takes what was given before: refused at once, before any job runs. A new state is a row, a new
/// place a line in <see cref="Held.PlacesAsync"/>.
/// </summary>
[Spec("ASVS 7.4.1"), Spec("ASVS 7.4.2")]
public abstract class StateMatrix(AttackedServer shared)
{
    private TestServer Server => shared.Server;

    private T Get<T>() where T : notnull => Server.Services.GetRequiredService<T>();

    private DateTimeOffset Now => Server.Clock.GetUtcNow();

    /// <summary>The states, and the places that go on being open in them: none means all are shut.</summary>
    public static TheoryData<string, string> States => new()
    {
        { "nothing", "*" },
        { "user disabled", "" },
        { "user locked", "" },
        { "user deleted", "" },
        { "password reset", "" },
        { "client disabled", "" },
        { "client removed", "" },
        { "consent revoked", "" },
        { "grants revoked", "session;waiting request;pushed request" },
        { "session ended", "" },
        { "all sessions ended", "" },
    };

    [Theory, MemberData(nameof(States))]
    public async Task What_was_given_before_is_refused_at_once(string state, string open)
    {
        await using var held = await HoldAsync("openid profile");
        await ApplyAsync(state, held);

        List<string> wrong = [];
        foreach (var (place, isOpen) in await held.PlacesAsync())
        {
            var expected = open == "*" || open.Split(';').Contains(place);
            if (isOpen != expected) wrong.Add($"{place} is {(isOpen ? "open" : "shut")}");
        }

        Assert.True(wrong.Count == 0, $"{state}: {string.Join(", ", wrong)}");
    }

    [Theory, Spec("OIDC Core §11")]
    [InlineData("session ended", true), InlineData("user disabled", false), InlineData("consent revoked", false), InlineData("client disabled", false), InlineData("password reset", false)]
    public async Task Offline_access_outlives_the_session_and_nothing_else(string state, bool open)
    {
        await using var held = await HoldAsync("openid offline_access");
        await ApplyAsync(state, held);
        Assert.Equal(open, (await Server.RefreshAsync(held.Client.ClientId, AttackedServer.Secret, held.Flow.RefreshToken!)).IsSuccessStatusCode);
    }

    [Fact, Spec("RFC 6749 §3.3")]
    public async Task A_scope_that_was_taken_from_the_client_is_in_nothing_any_more()
    {
        await using var held = await HoldAsync("openid profile");
        await UpdateAsync(held.Client with { Scope = ScopeSet.Parse("openid") });
        await UpdateAsync(held.Opaque with { Scope = ScopeSet.Parse("openid") });

        foreach (var flow in new[] { held.Flow, held.OpaqueFlow })
            Assert.False((await TestServer.JsonAsync(await Server.GetAsync("/connect/userinfo", flow.AccessToken))).TryGetProperty("given_name", out _));
        Assert.Equal("openid", (await Server.IntrospectAsync(held.Flow.AccessToken, (held.Client.ClientId, AttackedServer.Secret))).GetProperty("scope").GetString());
        Assert.Equal("openid", (await Server.IntrospectAsync(held.OpaqueFlow.AccessToken, (held.Opaque.ClientId, AttackedServer.Secret))).GetProperty("scope").GetString());

        var redeemed = await TestServer.JsonAsync(await Server.RedeemAsync(held.Client.ClientId, AttackedServer.Secret, AttackedServer.Callback, held.Code, held.Verifier));
        Assert.Equal("openid", redeemed.GetProperty("scope").GetString());
        Assert.Equal("openid", TestFlow.Claims(redeemed.GetProperty("access_token").GetString()!).GetProperty("scope").GetString());
        var refreshed = await TestServer.JsonAsync(await Server.RefreshAsync(held.Client.ClientId, AttackedServer.Secret, held.Flow.RefreshToken!));
        Assert.Equal("openid", refreshed.GetProperty("scope").GetString());
        Assert.Equal("invalid_scope", (await held.SilentAsync())["error"]);
        Assert.Equal("invalid_scope", (await held.GoOnAsync())["error"]);
    }

    [Fact]
    public async Task A_person_who_is_disabled_during_a_sign_in_gets_no_code()
    {
        await using var held = await HoldAsync("openid profile");
        var consent = await held.Flow.Browser.GetAsync(held.Url("consent"));
        Assert.Equal("/consent", consent.Url.AbsolutePath);
        await ApplyAsync("user disabled", held);
        var answer = await held.Flow.Browser.SubmitAsync(consent, new Dictionary<string, string>(), "allow");
        Assert.Null(answer.Callback);
        Assert.True((int)answer.Status is >= 400 and < 500 || answer.Url.AbsolutePath == "/login", $"{answer.Status} at {answer.Url}");
    }

    private async Task ApplyAsync(string state, Held held)
    {
        var ct = CancellationToken.None;
        await using var scope = Server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByIdAsync(held.User.Id))!;
        switch (state)
        {
            case "nothing": break;
            case "user disabled": user.Disabled = true; await users.UpdateAsync(user); break;
            case "user locked": user.LockoutEnd = Now.AddHours(1); await users.UpdateAsync(user); break;
            case "user deleted": await users.DeleteAsync(user); break;
            case "password reset":
                user.PasswordHash = users.PasswordHasher.HashPassword(user, Held.NewPassword);
                await users.UpdateSecurityStampAsync(user);
                await Get<ISessionStore>().EndAllAsync(user.Id, null, Now, ct);
                await Get<ITokenStore>().RevokeGrantsOfUserAsync(user.Id, Now, ct);
                break;
            case "client disabled":
                await UpdateAsync(held.Client with { Enabled = false });
                await UpdateAsync(held.Opaque with { Enabled = false });
                break;
            case "client removed":
                await Get<ClientStore>().RemoveAsync(held.Client.ClientId, ct);
                await Get<ClientStore>().RemoveAsync(held.Opaque.ClientId, ct);
                await shared.ReloadAsync();
                break;
            case "consent revoked":
                await Get<IConsentStore>().TryRevokeAsync(user.Id, held.Client.ClientId, Now, ct);
                await Get<IConsentStore>().TryRevokeAsync(user.Id, held.Opaque.ClientId, Now, ct);
                break;
            case "grants revoked": await Get<ITokenStore>().RevokeGrantsOfUserAsync(user.Id, Now, ct); break;
            case "session ended": await Get<ISessionStore>().TryEndAsync(TestFlow.Claims(held.Flow.IdToken!).GetProperty("sid").GetString()!, Now, ct); break;
            case "all sessions ended": await Get<ISessionStore>().EndAllAsync(user.Id, null, Now, ct); break;
            default: throw new ArgumentOutOfRangeException(nameof(state), state, null);
        }
    }

    private async Task UpdateAsync(Client client)
    {
        await Get<ClientStore>().UpsertAsync(client, null, CancellationToken.None);
        await shared.ReloadAsync();
    }

    private async Task<Held> HoldAsync(string scope)
    {
        var name = "m" + Handle.New().Reveal()[..10].Replace('_', 'x').Replace('-', 'x');
        var client = await Server.AddClientAsync(AttackedServer.ClientOf(name) with { ConsentType = ConsentTypes.Explicit }, AttackedServer.Secret);
        var opaque = await Server.AddClientAsync(AttackedServer.ClientOf(name + "-o") with { ConsentType = ConsentTypes.Explicit, AccessTokenFormat = AccessTokenFormats.Opaque }, AttackedServer.Secret);
        var user = await Server.AddUserAsync(name, """{"given_name":"M"}""");
        var flow = await Server.SignInAsync(client.ClientId, AttackedServer.Secret, AttackedServer.Callback, user, scope);
        var opaqueFlow = await Server.SignInAsync(opaque.ClientId, AttackedServer.Secret, AttackedServer.Callback, user, scope, flow.Browser);
        var held = new Held(Server, client, opaque, user, flow, opaqueFlow, scope);
        await held.AskAsync();
        return held;
    }
}

/// <summary>One of everything that a person and a client can hold.</summary>
internal sealed class Held(TestServer server, Client client, Client opaque, TestUser user, TestFlow flow, TestFlow opaqueFlow, string scope) : IAsyncDisposable
{
    public const string NewPassword = "another long pass phrase";

    public Client Client => client;

    public Client Opaque => opaque;

    public TestUser User => user;

    public TestFlow Flow => flow;

    public TestFlow OpaqueFlow => opaqueFlow;

    public string Verifier { get; } = TestFlows.NewVerifier();

    public string Code { get; private set; } = "";

    private string _waiting = "";
    private string _pushed = "";

    public string Url(string? prompt) => TestFlows.AuthorizeUrl([("client_id", client.ClientId), .. Request(), ("prompt", prompt)]);

    /// <summary>A code that nobody redeemed, a request that waits on a page, and one that was pushed.</summary>
    public async Task AskAsync()
    {
        Code = (await SilentAsync())["code"]!;
        // A sign-in in this very second would count as one for the request.
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        _waiting = (await flow.Browser.GetAsync(Url("select_account"))).Url.Query["?request=".Length..];
        var pushed = await server.PostAsync("/connect/par", [.. Request()], (client.ClientId, AttackedServer.Secret));
        _pushed = (await TestServer.JsonAsync(pushed)).GetProperty("request_uri").GetString()!;
    }

    public Task<BrowserPage> SilentAsync() => flow.Browser.GetAsync(Url("none"));

    /// <summary>The page of the waiting request is answered.</summary>
    public async Task<BrowserPage> GoOnAsync()
    {
        var page = await flow.Browser.GetAsync("/select-account?request=" + _waiting);
        return page.Url.AbsolutePath == "/select-account" && page.Status == HttpStatusCode.OK ? await flow.Browser.SubmitAsync(page, new Dictionary<string, string>(), "current") : page;
    }

    public async Task<IReadOnlyList<(string Place, bool Open)>> PlacesAsync()
    {
        var basic = (client.ClientId, AttackedServer.Secret);
        List<(string, bool)> places =
        [
            ("userinfo, JWT", (await server.GetAsync("/connect/userinfo", flow.AccessToken)).IsSuccessStatusCode),
            ("userinfo, opaque", (await server.GetAsync("/connect/userinfo", opaqueFlow.AccessToken)).IsSuccessStatusCode),
            ("introspection, JWT", await ActiveAsync(flow.AccessToken, basic)),
            ("introspection, opaque", await ActiveAsync(opaqueFlow.AccessToken, (opaque.ClientId, AttackedServer.Secret))),
            ("introspection, refresh token", await ActiveAsync(flow.RefreshToken!, basic)),
            ("session", (await SilentAsync())["code"] is not null),
            ("waiting request", (await GoOnAsync())["code"] is not null),
            ("pushed request", (await flow.Browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", client.ClientId), ("request_uri", _pushed))))["code"] is not null),
            ("authorization_code", (await server.RedeemAsync(client.ClientId, AttackedServer.Secret, AttackedServer.Callback, Code, Verifier)).IsSuccessStatusCode),
            ("refresh_token", (await server.RefreshAsync(client.ClientId, AttackedServer.Secret, flow.RefreshToken!)).IsSuccessStatusCode),
            ("refresh_token, opaque", (await server.RefreshAsync(opaque.ClientId, AttackedServer.Secret, opaqueFlow.RefreshToken!)).IsSuccessStatusCode),
        ];
        return places;
    }

    private async Task<bool> ActiveAsync(string token, (string, string) basic)
    {
        using var response = await server.PostAsync("/connect/introspect", [("token", token)], basic);
        return response.IsSuccessStatusCode && (await TestServer.JsonAsync(response)).GetProperty("active").GetBoolean();
    }

    private (string, string?)[] Request() =>
        [("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", scope), ("code_challenge", TestFlows.ChallengeOf(Verifier)), ("code_challenge_method", "S256")];

    public ValueTask DisposeAsync()
    {
        flow.Browser.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class StateMatrixOnSqlite(OnSqlite shared) : StateMatrix(shared), IClassFixture<OnSqlite>;

public sealed class StateMatrixOnPostgreSql(OnPostgreSql shared) : StateMatrix(shared), IClassFixture<OnPostgreSql>;
