using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Guessing passwords: parallel guesses all count, only the guesser waits, and nothing tells which names exist.</summary>
[Spec("ASVS 6.3.1"), Spec("ASVS 6.3.8")]
public abstract partial class Guessing(AttackedServer shared)
{
    private const int Tries = 200;

    private TestServer Server => shared.Server;

    [Fact]
    public async Task Of_many_parallel_guesses_on_the_page_five_are_tried()
    {
        var victim = await Server.AddUserAsync("victim-page");
        var browser = Server.NewBrowser();
        var page = await browser.GetAsync("/login");
        var fields = FieldsOf(page);
        var cookies = browser.Cookies.GetCookieHeader(new Uri(Server.Issuer));

        async Task<HttpStatusCode> GuessAsync(TestServer node, string password)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new FormUrlEncodedContent(new Dictionary<string, string>(fields) { [NameField(page)] = victim.UserName, [SecretField(page)] = password }) };
            request.Headers.Add("Cookie", cookies);
            using var response = await node.Http.SendAsync(request);
            return response.StatusCode;
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, Tries).Select(i => Task.Run(() => GuessAsync(shared.Nodes[i % shared.Nodes.Count], $"wrong password number {i}"))));
        Assert.InRange(answers.Count(a => a == HttpStatusCode.UnprocessableEntity), 1, 6);
        Assert.Equal(Tries, answers.Count(a => a is HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests));

        // Even the right one has to wait now, or the wait would tell nothing but "wrong".
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(Server, victim.Password));
        // The longest wait there is: many guesses in one moment may have earned it.
        foreach (var node in shared.Nodes) node.Clock.Advance(TimeSpan.FromSeconds(901));
        Assert.Equal(HttpStatusCode.Found, await GuessAsync(Server, victim.Password));
    }

    [Theory]
    [InlineData("203.0.113.7", "198.51.100.1"), InlineData("2001:db8:1:1::5", "2001:db8:1:2::5")]
    public async Task Only_the_guessing_source_waits(string guesser, string owner)
    {
        var victim = await Server.AddUserAsync("victim-" + guesser.Replace(':', '-'));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Tries).Select(i => Task.Run(() => TryAsync(shared.Nodes[i % shared.Nodes.Count], victim.UserName, $"wrong password number {i}", guesser))));
        Assert.InRange(outcomes.Count(o => o is SignInOutcome.Refused), 1, 6);
        Assert.Equal(Tries, outcomes.Count(o => o is SignInOutcome.Refused or SignInOutcome.LockedOut));

        Assert.IsType<SignInOutcome.LockedOut>(await TryAsync(Server, victim.UserName, victim.Password, guesser));
        // Another spelling of the name and another address of the same source are no new set of guesses.
        Assert.IsType<SignInOutcome.LockedOut>(await TryAsync(Server, victim.UserName.ToUpperInvariant(), victim.Password, guesser));
        if (guesser.Contains(':', StringComparison.Ordinal)) Assert.IsType<SignInOutcome.LockedOut>(await TryAsync(Server, victim.UserName, victim.Password, "2001:db8:1:1:ffff::1"));
        else Assert.IsType<SignInOutcome.LockedOut>(await TryAsync(Server, victim.UserName, victim.Password, "::ffff:" + guesser));
        Assert.IsType<SignInOutcome.Right>(await TryAsync(Server, victim.UserName, victim.Password, owner));
    }

    [Fact]
    public async Task The_wait_grows_with_each_further_guess()
    {
        var victim = await Server.AddUserAsync("victim-slow");
        for (var i = 0; i < 5; i++) Assert.IsType<SignInOutcome.Refused>(await TryAsync(Server, victim.UserName, "wrong password", "203.0.113.9"));
        var before = TimeSpan.Zero;
        for (var i = 0; i < 4; i++)
        {
            var locked = Assert.IsType<SignInOutcome.LockedOut>(await TryAsync(Server, victim.UserName, "wrong password", "203.0.113.9"));
            var wait = locked.Until - Server.Clock.GetUtcNow();
            Assert.True(wait > before, $"{wait} after {before}");
            before = wait;
            Server.Clock.Advance(wait);
            Assert.IsType<SignInOutcome.Refused>(await TryAsync(Server, victim.UserName, "wrong password", "203.0.113.9"));
        }
    }

    [Fact, Spec("ASVS 6.3.8")]
    public async Task The_page_does_not_tell_which_names_exist()
    {
        var known = await Server.AddUserAsync("known-one");
        var disabled = await Server.AddUserAsync("known-off");
        await using (var scope = Server.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<User>>();
            var user = (await users.FindByIdAsync(disabled.Id))!;
            user.Disabled = true;
            await users.UpdateAsync(user);
        }

        for (var attempt = 0; attempt < 7; attempt++)
        {
            var expected = await AnswerAsync("nobody-at", "wrong password");
            Assert.Equal(expected, await AnswerAsync(known.UserName, "wrong password"));
            Assert.Equal(expected, await AnswerAsync(disabled.UserName, disabled.Password));
            if (attempt > 5) Assert.StartsWith("429", expected, StringComparison.Ordinal);
        }
    }

    /// <summary>Status and page, without what differs from one visit to the next and without the name that was typed.</summary>
    private async Task<string> AnswerAsync(string userName, string password)
    {
        var browser = Server.NewBrowser();
        var answer = await browser.SignInAsync(await browser.GetAsync("/login"), userName, password);
        var html = PasskeyChallenge().Replace(AntiforgeryToken().Replace(answer.Html, "token"), "challenge").Replace(userName, "name", StringComparison.Ordinal);
        var headers = string.Join('\n', answer.Response.Headers.Where(h => h.Key is not "Set-Cookie" and not "Content-Security-Policy").Select(h => h.Key + ": " + string.Join(',', h.Value)));
        return $"{(int)answer.Status}\n{headers}\n{html}";
    }

    private static Task<SignInOutcome> TryAsync(TestServer node, string userName, string password, string address) =>
        node.Services.GetRequiredService<PasswordSignIn>().AttemptAsync(userName, password, address, CancellationToken.None);

    private static Dictionary<string, string> FieldsOf(BrowserPage page) =>
        page.Document.QuerySelector("input[type=password]")!.Closest("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "", StringComparer.Ordinal);

    private static string NameField(BrowserPage page) => page.Document.QuerySelector("input[autocomplete~=username]")!.GetAttribute("name")!;

    private static string SecretField(BrowserPage page) => page.Document.QuerySelector("input[type=password]")!.GetAttribute("name")!;

    [GeneratedRegex("challenge&quot;:&quot;[A-Za-z0-9_-]+")]
    private static partial Regex PasskeyChallenge();

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex AntiforgeryToken();
}

public sealed class GuessingOnSqlite(OnSqlite shared) : Guessing(shared), IClassFixture<OnSqlite>;

public sealed class GuessingOnPostgreSql(OnPostgreSql shared) : Guessing(shared), IClassFixture<OnPostgreSql>;

public sealed class GuessingOnTwoNodes(OnTwoNodes shared) : Guessing(shared), IClassFixture<OnTwoNodes>;
