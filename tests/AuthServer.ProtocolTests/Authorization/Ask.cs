using AuthServer.Testing;

namespace AuthServer.ProtocolTests.Authorization;

/// <summary>An authorization request that is good, but for what a test changes in it.</summary>
internal static class Ask
{
    /// <param name="clientId">Who asks.</param>
    /// <param name="changes">Null leaves a parameter out.</param>
    public static Dictionary<string, string> Form(string clientId, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = clientId, ["response_type"] = "code", ["redirect_uri"] = SharedServer.Callback, ["scope"] = "openid", ["state"] = "st", ["nonce"] = "no",
            ["code_challenge"] = TestFlows.ChallengeOf(TestFlows.NewVerifier()), ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null) form.Remove(name);
            else form[name] = value;
        }

        return form;
    }

    public static string Url(string clientId, params (string Name, string? Value)[] changes) =>
        TestFlows.AuthorizeUrl([.. Form(clientId, changes).Select(p => (p.Key, (string?)p.Value))]);

    /// <summary>A browser in which this person is signed in.</summary>
    public static async Task<TestBrowser> SignedInAsync(TestServer server, TestUser user, string clientId = "web")
    {
        var browser = server.NewBrowser();
        var page = await browser.AuthorizeAsync(Url(clientId), user);
        if (page["code"] is null) throw new InvalidOperationException($"{page.Status} {page.Url} {page["error"]}");
        // The clock stands still otherwise, and a sign-in in the very moment of the next request would count as one for it.
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        return browser;
    }

    /// <summary>Whose answer it is, asked of the token that comes without a page.</summary>
    public static async Task<string?> WhoIsSignedInAsync(TestServer server, TestBrowser browser)
    {
        var verifier = TestFlows.NewVerifier();
        var page = await browser.GetAsync(Url("web", ("prompt", "none"), ("code_challenge", TestFlows.ChallengeOf(verifier))));
        return page["code"] is { } code ? await SubjectAsync(server, code, verifier) : null;
    }

    public static async Task<string> SubjectAsync(TestServer server, string code, string verifier, string clientId = "web")
    {
        var tokens = await TestServer.JsonAsync(await server.RedeemAsync(clientId, SharedServer.Secret, SharedServer.Callback, code, verifier));
        return TestFlow.Claims(tokens.GetProperty("id_token").GetString()!).GetProperty("sub").GetString()!;
    }
}
