using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary><c>/scopes</c> and <c>/resources</c>.</summary>
public sealed class ScopeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static string NewName() => "scope-" + Guid.NewGuid().ToString("N")[..10];

    private Task<string> WriterAsync() => shared.Server.AdminTokenAsync(AdminRights.ClientsRead, AdminRights.ClientsWrite);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, string? json = null, params (string, string)[] headers) => shared.Server.AdminAsync(method, path, token, json, headers);

    [Fact]
    public async Task A_new_scope_is_known_at_once_and_a_removed_one_is_not()
    {
        var (token, name) = (await WriterAsync(), NewName());
        var made = await SendAsync(HttpMethod.Post, "/scopes", token, $$"""{"name":"{{name}}","resources":["https://{{name}}.test"]}""");
        Assert.Equal((HttpStatusCode.Created, $"{TestAdmin.Api}/scopes/{name}"), (made.StatusCode, made.Headers.Location!.ToString()));
        Task<HttpResponseMessage> AskAsync() => shared.Server.TokenAsync([("grant_type", "client_credentials"), ("scope", name)], ("api", SharedServer.Secret));

        var tokens = await TestServer.JsonAsync(await AskAsync());
        Assert.Equal($"https://{name}.test", TestFlow.Claims(tokens.GetProperty("access_token").GetString()!).GetProperty("aud").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/scopes/" + name, token)).StatusCode);
        Assert.Equal("invalid_scope", (await TestServer.JsonAsync(await AskAsync())).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_scope_that_a_client_names_stays_until_it_does_not()
    {
        var (token, name) = (await WriterAsync(), NewName());
        await SendAsync(HttpMethod.Post, "/scopes", token, $$"""{"name":"{{name}}","reserved":true}""");
        await SendAsync(HttpMethod.Post, "/clients", token, $$"""{"kind":"service","client_id":"of-{{name}}","scope":"{{name}}"}""");

        var refused = await SendAsync(HttpMethod.Delete, "/scopes/" + name, token);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("of-" + name, (await TestServer.JsonAsync(refused)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await SendAsync(HttpMethod.Delete, "/clients/of-" + name, token);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/scopes/" + name, token)).StatusCode);
    }

    [Fact]
    public async Task Scopes_are_listed_with_the_servers_own_and_found_by_resource()
    {
        var (token, name) = (await WriterAsync(), NewName());
        await SendAsync(HttpMethod.Post, "/scopes", token, $$"""{"name":"{{name}}","resources":["https://{{name}}.test"],"description":"Looks at {{name}}"}""");
        async Task<string[]> NamesAsync(string query) =>
            [.. (await TestServer.JsonAsync(await SendAsync(HttpMethod.Get, "/scopes?limit=200&" + query, token))).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("name").GetString()!)];

        Assert.Equal([name], await NamesAsync("search=looks%20at%20" + name));
        Assert.Equal([name], await NamesAsync($"resource=https://{name}.test"));
        var own = await NamesAsync("built_in=true");
        Assert.Contains("openid", own);
        Assert.Contains("users:write", own);
        Assert.DoesNotContain(name, own);
        Assert.Contains(name, await NamesAsync("built_in=false"));

        var resources = await TestServer.JsonAsync(await SendAsync(HttpMethod.Get, "/resources", token));
        var mine = resources.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("resource").GetString() == $"https://{name}.test");
        Assert.Equal($"[\"{name}\"]", mine.GetProperty("scopes").GetRawText());
        Assert.Contains("api", resources.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("resource").GetString() == SharedServer.Api).GetProperty("clients").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact, Spec("RFC 9110 §13.1.1")]
    public async Task Nobody_overwrites_what_they_have_not_seen()
    {
        var (token, name) = (await WriterAsync(), NewName());
        await SendAsync(HttpMethod.Post, "/scopes", token, $$"""{"name":"{{name}}"}""");
        Assert.Equal("\"2\"", (await SendAsync(HttpMethod.Patch, "/scopes/" + name, token, """{"description":"d"}""", ("If-Match", "\"1\""))).Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Patch, "/scopes/" + name, token, """{"description":"e"}""", ("If-Match", "\"1\""))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Delete, "/scopes/" + name, token, null, ("If-Match", "\"1\""))).StatusCode);
    }

    [Theory]
    [InlineData("{}", "name"), InlineData("""{"name":""}""", "name"), InlineData("""{"name":"two words"}""", "name"), InlineData("""{"name":"x","claims":"sub"}""", "claims"), InlineData("""{"name":"x","claims":[null]}""", "claims"),
     InlineData("""{"name":"x","resources":["api"]}""", "resources"), InlineData("""{"name":"x","resources":["https://a.test/#b"]}""", "resources"), InlineData("""{"name":"x","of_this_server":true}""", "of_this_server"),
     InlineData("""{"name":"x","reserved":"yes"}""", "reserved"), InlineData("""{"name":"x","reserved":null,"claims":null,"advertise":1}""", "advertise")]
    public async Task A_scope_that_is_not_good_is_named_member_by_member(string json, string field)
    {
        var answer = await SendAsync(HttpMethod.Post, "/scopes", await WriterAsync(), json);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(field, (await TestServer.JsonAsync(answer)).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()));
    }
}
