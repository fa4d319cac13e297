using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests;

/// <summary>The samples as they are shipped, against the demo clients as they are shipped.</summary>
[Collection(Peers.Name)]
public sealed class SampleTests(PeerServer peers)
{
    [Fact, Spec("RFC 6749 §4.4"), Spec("RFC 9068 §4")]
    public async Task The_worker_gets_its_token_and_the_API_takes_it()
    {
        await using var api = await peers.StartApiAsync();
        var notes = JsonNode.Parse(await NodePeers.RunSampleAsync("Worker", "worker.mjs", peers.Environment()))!;

        Assert.Equal("Buy milk", (string?)notes["notes"]![0]);
        Assert.Equal("demo-worker", (string?)notes["through"]);
    }

    [Fact, Spec("OIDC Core §3.1"), Spec("RFC 9126 §2")]
    public async Task The_web_app_signs_a_person_in_shows_notes_and_signs_out()
    {
        await using var api = await peers.StartApiAsync();
        await using var app = await peers.StartWebAppAsync();
        var seen = await NodePeers.RunAsync("webapp.mjs", peers.Input(("app", peers.WebApp)));

        Assert.Contains("Signed in as Alice Adams.", (string?)seen["signedIn"], StringComparison.Ordinal);
        Assert.Contains(peers.Alice.Id, (string?)seen["notes"], StringComparison.Ordinal);
        Assert.Contains("Signed out.", (string?)seen["signedOut"], StringComparison.Ordinal);
        Assert.Equal("/login", (string?)seen["signInAgain"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.1"), Spec("RFC 6749 §6"), Spec("OIDC RP-Initiated Logout §2")]
    public async Task The_single_page_app_works_in_a_real_browser()
    {
        await using var api = await peers.StartApiAsync();
        await using var app = await peers.StartSpaAsync();
        var seen = await NodePeers.RunAsync("spa.mjs", peers.Input(("app", peers.Spa)));

        Assert.Equal("Signed in as Alice Adams.", (string?)seen["signedIn"]);
        Assert.Equal("demo-spa", (string?)seen["notes"]!["through"]);
        Assert.True((bool?)seen["refreshed"]!["renewed"]);
        Assert.True((bool?)seen["framed"]!["renewed"]);
        Assert.Equal("demo-spa", (string?)seen["notesAfterwards"]!["through"]);
        Assert.Equal(["refresh_token"], seen["refreshedBy"]!.AsArray().Select(g => (string?)g));
        Assert.Equal(["authorization_code"], seen["framedBy"]!.AsArray().Select(g => (string?)g));
        Assert.Equal("Signed out.", (string?)seen["signedOut"]);
        Assert.Equal("/login", (string?)seen["signInAgain"]);
        Assert.Empty(seen["complaints"]!.AsArray().Select(c => (string?)c));
    }

    [Fact, Spec("RFC 8628 §3.5")]
    public async Task The_device_shows_a_code_and_gets_what_its_person_allows_elsewhere()
    {
        await using var api = await peers.StartApiAsync();
        var seen = await RunDeviceAsync("allow");

        Assert.Contains((string)seen["code"]!, (string?)seen["asked"], StringComparison.Ordinal);
        Assert.Contains("Demo device", (string?)seen["asked"], StringComparison.Ordinal);
        Assert.Contains("You can go back to your device.", (string?)seen["done"], StringComparison.Ordinal);
        Assert.Contains("Signed in as Alice Adams.", (string?)seen["said"], StringComparison.Ordinal);
        Assert.Contains("\"through\":\"demo-device\"", (string?)seen["said"], StringComparison.Ordinal);
        Assert.Equal(0, (int?)seen["status"]);
    }

    [Fact, Spec("RFC 8628 §3.5")]
    public async Task The_device_hears_of_a_refusal()
    {
        var seen = await RunDeviceAsync("deny");

        Assert.Contains("You refused.", (string?)seen["said"], StringComparison.Ordinal);
        Assert.Equal(1, (int?)seen["status"]);
    }

    private async Task<JsonNode> RunDeviceAsync(string decision)
    {
        var input = peers.Input(("device", await NodePeers.InstallSampleAsync("Device")), ("decision", decision));
        input["environment"] = new JsonObject([.. peers.Environment().Select(static v => KeyValuePair.Create<string, JsonNode?>(v.Key, v.Value))]);
        return await NodePeers.RunAsync("device.mjs", input);
    }

    [Fact, Spec("RFC 9068 §4"), Spec("RFC 7662 §2.2"), Spec("RFC 6750 §3.1")]
    public async Task The_API_takes_the_tokens_that_are_meant_for_it_and_no_others()
    {
        await using var api = await peers.StartApiAsync();
        var web = (PeerServer.WebClient, PeerServer.WebSecret);
        var flow = await SignInAsync("openid notes");
        var other = await SignInAsync("openid email");

        Assert.Equal(HttpStatusCode.OK, (await CallAsync("/notes", flow.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("/introspected-notes", flow.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync("/notes", other.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync("/introspected-notes", other.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync("/notes", flow.IdToken!)).StatusCode);

        await peers.Server.PostAsync("/connect/revoke", [("token", flow.AccessToken)], web);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("/notes", flow.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync("/introspected-notes", flow.AccessToken)).StatusCode);
    }

    private Task<TestFlow> SignInAsync(string scope) => peers.Server.SignInAsync(PeerServer.WebClient, PeerServer.WebSecret, peers.WebApp + "/callback", peers.Alice, scope);

    private async Task<HttpResponseMessage> CallAsync(string path, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, peers.Api + path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        return await http.SendAsync(request);
    }
}
