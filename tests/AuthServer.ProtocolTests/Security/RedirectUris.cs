using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Redirect URIs: what is accepted equals a registered value byte for byte, and nobody is ever sent anywhere else.</summary>
[Spec("RFC 9700 §2.1"), Spec("ASVS 10.4.1")]
public abstract class RedirectUris(AttackedServer shared)
{
    private static readonly string[] WebRegistered = [AttackedServer.Callback, AttackedServer.CallbackWithQuery];
    private static readonly string[] NativeRegistered = ["http://127.0.0.1/cb", "http://[::1]:4711/cb", "com.example.app:/cb"];
    private static readonly string Challenge = TestFlows.ChallengeOf(TestFlows.NewVerifier());

    private TestServer Server => shared.Server;

    [Fact]
    public void The_corpus_is_large() => Assert.True(HostileUris.ForWeb.Count >= 300, HostileUris.ForWeb.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory, Spec("OIDC Core §3.1.2.1")]
    [InlineData("web", "GET"), InlineData("web", "POST"), InlineData("native", "GET")]
    public async Task An_authorization_request_is_answered_at_a_registered_uri_and_nowhere_else(string clientId, string method)
    {
        var (corpus, registered, native) = Of(clientId);
        List<string> wrong = [];
        foreach (var uri in corpus)
        {
            (string, string?)[] request = [.. Request(clientId, uri), ("prompt", "none")];
            using var response = method == "GET" ? await Server.Http.GetAsync(TestFlows.AuthorizeUrl(request)) : await Server.PostAsync("/connect/authorize", [.. request]);
            var location = response.Headers.Location?.OriginalString;
            // A POST goes on by GET: the URI was accepted, and what follows is our own page.
            var answered = method == "GET" ? location is not null && location.StartsWith(uri + (uri.Contains('?', StringComparison.Ordinal) ? "&error=" : "?error="), StringComparison.Ordinal) : location?.StartsWith("/connect/authorize/continue?request=", StringComparison.Ordinal) is true;
            var fine = HostileUris.MayPass(uri, registered, native) ? answered : response.StatusCode == HttpStatusCode.BadRequest && location is null;
            if (!fine) wrong.Add($"{uri} → {(int)response.StatusCode} {location}");
        }

        Assert.Empty(wrong);
    }

    [Fact, Spec("RFC 9126 §2.1")]
    public async Task A_pushed_request_with_another_uri_is_refused()
    {
        List<string> wrong = [];
        foreach (var uri in HostileUris.ForWeb)
        {
            using var response = await Server.PostAsync("/connect/par", [.. Request("web", uri)], AttackedServer.Web);
            if (response.StatusCode != (HostileUris.MayPass(uri, WebRegistered, native: false) ? HttpStatusCode.Created : HttpStatusCode.BadRequest)) wrong.Add($"{uri} → {(int)response.StatusCode}");
        }

        Assert.Empty(wrong);
    }

    [Fact, Spec("RFC 6749 §4.1.3")]
    public async Task A_code_is_redeemed_only_with_the_very_uri_it_was_sent_to()
    {
        var verifier = TestFlows.NewVerifier();
        var page = await Server.NewBrowser().AuthorizeAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"),
            ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256")), shared.Alice);
        foreach (var uri in HostileUris.ForWeb.Where(u => u != AttackedServer.Callback))
        {
            using var refused = await Server.RedeemAsync("web", AttackedServer.Secret, uri, page["code"]!, verifier);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, uri);
        }

        using var redeemed = await Server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, page["code"]!, verifier);
        Assert.Equal(HttpStatusCode.OK, redeemed.StatusCode);
    }

    [Theory, Spec("OIDC RP-Initiated Logout §3")]
    [InlineData("web", false), InlineData("web", true), InlineData("native", false)]
    public async Task After_logout_the_browser_goes_to_a_registered_uri_and_nowhere_else(string clientId, bool withHint)
    {
        var hint = withHint ? (await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice)).IdToken : null;
        var registered = clientId == "web" ? new[] { AttackedServer.AfterLogout } : NativeRegistered;
        List<string> wrong = [];
        foreach (var uri in Of(clientId).Corpus.Append(AttackedServer.AfterLogout).Concat(HostileUris.ForWeb.Select(u => u.Replace("/cb", "/bye", StringComparison.Ordinal))).Distinct(StringComparer.Ordinal))
        {
            var query = $"/connect/endsession?client_id={clientId}&post_logout_redirect_uri={Uri.EscapeDataString(uri)}" + (hint is null ? "" : "&id_token_hint=" + hint);
            using var response = await Server.Http.GetAsync(query);
            var location = response.Headers.Location?.OriginalString;
            if (!withHint && location?.StartsWith("/logout?", StringComparison.Ordinal) is true)
            {
                // Nobody is signed in here, so the page that would ask sends the browser on.
                using var page = await Server.Http.GetAsync(location);
                location = page.Headers.Location?.OriginalString;
            }

            var fine = HostileUris.MayPass(uri, registered, clientId == "native") ? location == uri : response.StatusCode == HttpStatusCode.BadRequest && location is null;
            if (!fine) wrong.Add($"{uri} → {(int)response.StatusCode} {location}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("returnUrl"), InlineData("ReturnUrl"), InlineData("return_url"), InlineData("redirect_uri"), InlineData("next"), InlineData("rd")]
    public async Task No_page_takes_an_address_to_go_to(string name)
    {
        var browser = Server.NewBrowser();
        var login = await browser.GetAsync($"/login?{name}=https%3A%2F%2Fevil.test%2F");
        Assert.DoesNotContain("evil.test", login.Document.Body!.TextContent, StringComparison.Ordinal);
        var done = await browser.SignInAsync(login, shared.Alice.UserName, shared.Alice.Password);
        Assert.Null(done.Callback);
        Assert.Equal(("auth.test", "/account"), (done.Url.Host, done.Url.AbsolutePath));
        Assert.Null((await browser.GetAsync($"/logout?{name}=https%3A%2F%2Fevil.test%2F&request=https%3A%2F%2Fevil.test%2F")).Callback);
    }

    private static (IReadOnlyList<string> Corpus, string[] Registered, bool Native) Of(string clientId) =>
        clientId == "native" ? (HostileUris.ForNative, NativeRegistered, true) : (HostileUris.ForWeb, WebRegistered, false);

    private static (string, string?)[] Request(string clientId, string uri) =>
        [("client_id", clientId), ("response_type", "code"), ("redirect_uri", uri), ("scope", "openid"), ("code_challenge", Challenge), ("code_challenge_method", "S256")];
}

public sealed class RedirectUrisOnSqlite(OnSqlite shared) : RedirectUris(shared), IClassFixture<OnSqlite>;

public sealed class RedirectUrisOnPostgreSql(OnPostgreSql shared) : RedirectUris(shared), IClassFixture<OnPostgreSql>;
