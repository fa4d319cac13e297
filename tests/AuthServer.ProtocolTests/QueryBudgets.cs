using AuthServer.ProtocolTests.Rfc8628;
using AuthServer.ProtocolTests.Security;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests;

/// <summary>How many commands each endpoint may send to the database (docs/architecture.md §7).</summary>
public abstract class QueryBudgets(AttackedServer shared)
{
    private TestServer Server => shared.Server;

    [Theory]
    [InlineData("/.well-known/openid-configuration"), InlineData("/.well-known/oauth-authorization-server"), InlineData("/.well-known/jwks.json")]
    public Task What_everybody_reads_costs_nothing(string path) => HoldAsync(0, () => Server.Http.GetAsync(path));

    [Fact]
    public async Task A_client_s_own_JWT_costs_nothing()
    {
        await Server.AddClientAsync(AttackedServer.ClientOf("worker") with { ResponseTypes = [], RedirectUris = [], GrantTypes = ["client_credentials"] }, AttackedServer.Secret);
        await HoldAsync(0, () => Server.TokenAsync([("grant_type", "client_credentials"), ("scope", "api")], ("worker", AttackedServer.Secret)));
    }

    [Theory]
    [InlineData("web"), InlineData("opaque")]
    public async Task Asking_about_a_token_costs_one_command(string clientId)
    {
        var flow = await Server.SignInAsync(clientId, AttackedServer.Secret, AttackedServer.Callback, shared.Alice, "openid profile email");
        await HoldAsync(1, () => Server.GetAsync("/connect/userinfo", flow.AccessToken));
        await HoldAsync(1, () => Server.PostAsync("/connect/introspect", [("token", flow.AccessToken)], (clientId, AttackedServer.Secret)));
        await HoldAsync(1, () => Server.PostAsync("/connect/introspect", [("token", flow.RefreshToken)], (clientId, AttackedServer.Secret)));
    }

    [Fact]
    public async Task A_refresh_costs_two_commands()
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        await HoldAsync(2, () => Server.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken!));
    }

    [Fact]
    public async Task A_code_exchange_costs_three_commands()
    {
        var verifier = TestFlows.NewVerifier();
        var page = await Server.NewBrowser().AuthorizeAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid profile"),
            ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256")), shared.Alice);
        await HoldAsync(3, () => Server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, page["code"]!, verifier));
    }

    [Fact, Spec("RFC 8628 §3.5")]
    public async Task A_device_that_waits_costs_one_command_a_question_and_four_when_it_is_over()
    {
        await Server.AddClientAsync(DeviceServer.Television("tv"));
        var codes = await Server.AskAsync();
        await HoldAsync(1, () => Server.PollAsync(codes), waits: true);
        await HoldAsync(1, () => Server.PollAsync(codes), waits: true);
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);
        await HoldAsync(4, () => Server.PollAsync(codes));
    }

    private async Task HoldAsync(int budget, Func<Task<HttpResponseMessage>> ask, bool waits = false)
    {
        var texts = Server.Services.GetRequiredService<CommandCounter>().Texts = new();
        using var response = await ask();
        Assert.True(response.IsSuccessStatusCode || waits, response.StatusCode.ToString());
        // The audit trail is written in batches beside the requests, and belongs to none of them.
        var counted = texts.Where(t => !t.Contains("audit_events", StringComparison.Ordinal)).ToList();
        Assert.True(counted.Count <= budget, $"{counted.Count} commands:\n{string.Join('\n', counted)}");
    }
}

public sealed class QueryBudgetsOnSqlite(OnSqlite shared) : QueryBudgets(shared), IClassFixture<OnSqlite>;

public sealed class QueryBudgetsOnPostgreSql(OnPostgreSql shared) : QueryBudgets(shared), IClassFixture<OnPostgreSql>;
