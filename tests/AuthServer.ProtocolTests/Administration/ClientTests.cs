using System.Net;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary><c>/clients</c>, by those who may.</summary>
public sealed class ClientTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private TestServer Server => shared.Server;

    private static string NewId() => "c-" + Guid.NewGuid().ToString("N")[..10];

    private Task<string> WriterAsync() => Server.AdminTokenAsync(AdminRights.ClientsRead, AdminRights.ClientsWrite);

    private async Task<JsonElement> CreateAsync(string token, string json, HttpStatusCode status = HttpStatusCode.Created)
    {
        var answer = await Server.AdminAsync(HttpMethod.Post, "/clients", token, json);
        Assert.True(status == answer.StatusCode, await answer.Content.ReadAsStringAsync());
        return await TestServer.JsonAsync(answer);
    }

    private async Task<JsonElement> ReadAsync(string token, string id) => await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, "/clients/" + id, token));

    private static string[] Fields(JsonElement problem) => [.. problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString() + " " + e.GetProperty("code").GetString())];

    private Task<HttpResponseMessage> AskAsync(string id, string secret) => Server.TokenAsync([("grant_type", "client_credentials")], (id, secret));

    [Theory, Spec("RFC 9700 §2.1"), Spec("RFC 8252 §8.4")]
    [InlineData("spa", "none", "authorization_code refresh_token", false, "https://spa.example/cb")]
    [InlineData("web", "client_secret_basic", "authorization_code refresh_token", true, "https://web.example/cb")]
    [InlineData("native", "none", "authorization_code refresh_token", false, "com.example.app:/cb")]
    [InlineData("service", "client_secret_basic", "client_credentials", true, null)]
    [InlineData("device", "none", "urn:ietf:params:oauth:grant-type:device_code refresh_token", false, null)]
    public async Task A_client_of_a_kind_gets_what_fits_it(string kind, string method, string grants, bool secret, string? redirect)
    {
        var client = await CreateAsync(await WriterAsync(), JsonSerializer.Serialize(new { kind, client_name = "New", redirect_uris = redirect is null ? [] : new[] { redirect } }));

        Assert.Equal((kind, method), (client.GetProperty("kind").GetString(), client.GetProperty("token_endpoint_auth_method").GetString()));
        Assert.Equal(grants.Split(' '), client.GetProperty("grant_types").EnumerateArray().Select(g => g.GetString()));
        Assert.True(client.GetProperty("require_pkce").GetBoolean());
        Assert.Equal(secret, client.TryGetProperty("client_secret", out _));
        Assert.Equal(secret ? 1 : 0, client.GetProperty("secrets").GetArrayLength());
    }

    [Fact]
    public async Task A_new_client_works_at_once_and_its_secret_is_shown_once()
    {
        var token = await WriterAsync();
        var answer = await Server.AdminAsync(HttpMethod.Post, "/clients", token, """{"kind":"service","client_name":"Mailer"}""");
        var client = await TestServer.JsonAsync(answer);
        var (id, secret) = (client.GetProperty("client_id").GetString()!, client.GetProperty("client_secret").GetString()!);

        Assert.Equal($"{TestAdmin.Api}/clients/{id}", answer.Headers.Location!.ToString());
        Assert.Equal("\"1\"", answer.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(id, secret)).StatusCode);
        foreach (var (method, path, body) in new[] { (HttpMethod.Get, "/clients/" + id, null), (HttpMethod.Get, "/clients?search=" + id, null), (HttpMethod.Patch, "/clients/" + id, """{"client_name":"Post"}""") })
        {
            var text = await (await Server.AdminAsync(method, path, token, body)).Content.ReadAsStringAsync();
            Assert.Contains(id, text, StringComparison.Ordinal);
            Assert.DoesNotContain("client_secret\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("sha256", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_new_secret_stops_the_old_one_or_lets_it_live_for_a_while()
    {
        await using var server = await TestServer.StartAsync();
        var token = await server.AdminTokenAsync(AdminRights.ClientsWrite);
        Task<HttpResponseMessage> Ask(string secret) => server.TokenAsync([("grant_type", "client_credentials")], ("worker", secret));
        async Task<string> RotateAsync(string? body) => (await TestServer.JsonAsync(await server.AdminAsync(HttpMethod.Post, "/clients/worker/secret", token, body))).GetProperty("client_secret").GetString()!;

        var first = (await TestServer.JsonAsync(await server.AdminAsync(HttpMethod.Post, "/clients", token, """{"kind":"service","client_id":"worker"}"""))).GetProperty("client_secret").GetString()!;
        var second = await RotateAsync(null);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await Ask(first)).StatusCode, (await Ask(second)).StatusCode));

        var third = await RotateAsync("""{"keep_hours":2}""");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await Ask(second)).StatusCode, (await Ask(third)).StatusCode));
        server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await Ask(second)).StatusCode, (await Ask(third)).StatusCode));
    }

    [Fact]
    public async Task A_client_without_a_secret_cannot_be_given_a_new_one_and_keeps_none_when_it_stops_using_it()
    {
        var token = await WriterAsync();
        var id = NewId();
        var secret = (await CreateAsync(token, $$"""{"kind":"web","client_id":"{{id}}","redirect_uris":["https://x.test/cb"],"grant_types":["authorization_code","client_credentials"]}""")).GetProperty("client_secret").GetString()!;
        await Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, """{"token_endpoint_auth_method":"none","grant_types":["authorization_code"]}""");
        Assert.Equal(HttpStatusCode.Conflict, (await Server.AdminAsync(HttpMethod.Post, $"/clients/{id}/secret", token, "{}")).StatusCode);
        await Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, """{"token_endpoint_auth_method":"client_secret_basic","grant_types":["authorization_code","client_credentials"]}""");

        Assert.Equal(0, (await ReadAsync(token, id)).GetProperty("secrets").GetArrayLength());
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(id, secret)).StatusCode);
    }

    [Fact, Spec("RFC 9110 §13.1.1")]
    public async Task Nobody_overwrites_what_they_have_not_seen()
    {
        var token = await WriterAsync();
        var id = NewId();
        await CreateAsync(token, $$"""{"kind":"service","client_id":"{{id}}"}""");

        var first = await Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, """{"client_name":"One"}""", ("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (first.StatusCode, first.Headers.ETag!.Tag));
        foreach (var tag in new[] { "\"1\"", "W/\"2\"", "2", "\"x\"" })
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, """{"client_name":"Two"}""", ("If-Match", tag))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Server.AdminAsync(HttpMethod.Post, $"/clients/{id}/secret", token, "{}", ("If-Match", "\"1\""))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Server.AdminAsync(HttpMethod.Delete, "/clients/" + id, token, null, ("If-Match", "\"1\""))).StatusCode);

        var crowd = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, $$"""{"client_name":"{{i}}"}""", ("If-Match", "\"2\""))));
        Assert.Single(crowd, static a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Delete, "/clients/" + id, token, null, ("If-Match", "\"3\""))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Get, "/clients/" + id, token)).StatusCode);
    }

    [Theory]
    [InlineData("""{"client_secret":"chosen by somebody"}""", "client_secret not_allowed")]
    [InlineData("""{"requirePkce":false}""", "requirePkce unknown")]
    [InlineData("""{"kind":"robot"}""", "kind unknown")]
    [InlineData("""{"kind":7}""", "kind unknown")]
    [InlineData("""{"kind":"spa","token_endpoint_auth_method":"client_secret_basic","redirect_uris":["https://x.test/cb"]}""", "kind not_allowed")]
    [InlineData("""{"kind":"spa"}""", "redirect_uris malformed")]
    [InlineData("""{"kind":"service","redirect_uris":["https://x.test/cb", null]}""", "redirect_uris malformed")]
    [InlineData("""{"kind":"service","scope":5}""", "scope malformed")]
    [InlineData("""{"kind":"service","version":5}""", "version not_allowed")]
    [InlineData("""{"kind":"service","development":true}""", "development not_allowed")]
    [InlineData("""{"kind":"service","access_token_lifetime":0}""", "access_token_lifetime malformed")]
    [InlineData("[]", " malformed")]
    public async Task Metadata_that_is_not_good_is_named_member_by_member(string json, string objection) =>
        Assert.Contains(objection, Fields(await CreateAsync(await WriterAsync(), json, HttpStatusCode.UnprocessableEntity)));

    [Theory]
    [InlineData("""{"kind":"service" """), InlineData(""), InlineData("""{"kind":"service","kind":"web"}"""), InlineData("null")]
    public async Task What_is_no_json_is_refused(string json) =>
        Assert.InRange((int)(await Server.AdminAsync(HttpMethod.Post, "/clients", await WriterAsync(), json)).StatusCode, 400, 422);

    [Fact, Spec("RFC 9110 §15.5.16")]
    public async Task What_is_not_said_to_be_json_is_refused_once_it_is_known_who_sent_it()
    {
        async Task<HttpResponseMessage> SendAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, TestAdmin.Api + "/clients") { Content = new StringContent("kind=service", null, "application/x-www-form-urlencoded") };
            if (token is not null) request.Headers.Authorization = new("Bearer", token);
            return await Server.Http.SendAsync(request);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(null)).StatusCode);
        var answer = await SendAsync(await WriterAsync());
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_client_keeps_its_id_and_an_id_is_given_once()
    {
        var token = await WriterAsync();
        var id = NewId();
        await CreateAsync(token, $$"""{"kind":"service","client_id":"{{id}}"}""");

        Assert.Contains("client_id taken", Fields(await CreateAsync(token, $$"""{"kind":"service","client_id":"{{id}}"}""", HttpStatusCode.Conflict)));
        Assert.Contains("client_id not_allowed", Fields(await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, """{"client_id":"other"}"""))));
        Assert.Equal(HttpStatusCode.NotFound, (await Server.AdminAsync(HttpMethod.Patch, "/clients/nobody", token, "{}")).StatusCode);
    }

    [Fact]
    public async Task A_disabled_client_gets_nothing_and_a_removed_one_leaves_nothing_behind()
    {
        var token = await WriterAsync();
        await Server.AddClientAsync(SharedServer.Web("leaving"), SharedServer.Secret);
        var flow = await shared.SignInAsync("openid", "leaving");
        async Task<HttpStatusCode> UserInfoAsync() => (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode;
        Assert.Equal(HttpStatusCode.OK, await UserInfoAsync());

        Assert.False((await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Post, "/clients/leaving/disable", token))).GetProperty("enabled").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, await UserInfoAsync());
        await Server.AdminAsync(HttpMethod.Post, "/clients/leaving/enable", token);
        Assert.Equal(HttpStatusCode.OK, await UserInfoAsync());

        await Server.AdminAsync(HttpMethod.Delete, "/clients/leaving", token);
        await Server.AddClientAsync(SharedServer.Web("leaving"), SharedServer.Secret);
        Assert.Equal(HttpStatusCode.Unauthorized, await UserInfoAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("leaving", SharedServer.Secret, flow.RefreshToken!)).StatusCode);
    }

    [Fact]
    public async Task Clients_are_found_filtered_sorted_and_read_part_by_part()
    {
        var token = await WriterAsync();
        var mark = NewId();
        foreach (var (suffix, kind, name) in new[] { ("a", "service", "Zebra"), ("b", "service", "apple"), ("c", "device", "Mango"), ("d", "service", "banana") })
            await CreateAsync(token, $$"""{"kind":"{{kind}}","client_id":"{{mark}}-{{suffix}}","client_name":"{{name}} {{mark}}"}""");
        await Server.AdminAsync(HttpMethod.Post, $"/clients/{mark}-d/disable", token);
        async Task<(string Ids, string? Next)> ListAsync(string query)
        {
            var page = await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, $"/clients?search={mark.ToUpperInvariant()}&{query}", token));
            return (string.Concat(page.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("client_id").GetString()![^1])), page.GetProperty("next").GetString());
        }

        Assert.Equal("abcd", (await ListAsync("")).Ids);
        Assert.Equal("dcba", (await ListAsync("sort=-client_id")).Ids);
        Assert.Equal("bdca", (await ListAsync("sort=client_name")).Ids);
        Assert.Equal("c", (await ListAsync("kind=device")).Ids);
        Assert.Equal("d", (await ListAsync("enabled=false")).Ids);
        Assert.Equal("b", (await ListAsync("limit=1&sort=client_name")).Ids);

        var first = await ListAsync("sort=client_name&limit=2");
        // What happens in between neither repeats nor hides another.
        await Server.AdminAsync(HttpMethod.Delete, $"/clients/{mark}-b", token);
        Assert.Equal(("ca", null), await ListAsync("sort=client_name&limit=2&cursor=" + first.Next));
        foreach (var bad in new[] { "sort=secret", "kind=robot", "enabled=maybe" })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Server.AdminAsync(HttpMethod.Get, "/clients?" + bad, token)).StatusCode);
    }

    [Fact]
    public async Task An_id_that_is_an_address_is_a_client_like_any_other()
    {
        var token = await WriterAsync();
        var created = await Server.AdminAsync(HttpMethod.Post, "/clients", token, """{"kind":"service","client_id":"https://app.example/client?a=b"}""");

        var found = await Server.AdminAsync(HttpMethod.Get, created.Headers.Location!.ToString()[TestAdmin.Api.Length..], token);

        Assert.Equal("https://app.example/client?a=b", (await TestServer.JsonAsync(found)).GetProperty("client_id").GetString());
    }
}
