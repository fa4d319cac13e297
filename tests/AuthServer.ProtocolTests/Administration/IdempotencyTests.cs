using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>A create whose answer was lost is sent again and makes nothing new.</summary>
[Spec("draft-ietf-httpapi-idempotency-key-header §2")]
public sealed class IdempotencyTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly string _key = Guid.NewGuid().ToString();
    private readonly string _id = "i-" + Guid.NewGuid().ToString("N")[..10];

    private string Body => $$"""{"kind":"service","client_name":"{{_id}}"}""";

    private Task<string> WriterAsync() => shared.Server.AdminTokenAsync(AdminRights.ClientsRead, AdminRights.ClientsWrite);

    private Task<HttpResponseMessage> CreateAsync(string token, string body, string? key = null) => shared.Server.AdminAsync(HttpMethod.Post, "/clients", token, body, ("Idempotency-Key", key ?? _key));

    private async Task<int> CountAsync(string token) => (await TestServer.JsonAsync(await shared.Server.AdminAsync(HttpMethod.Get, "/clients?search=" + _id, token))).GetProperty("items").GetArrayLength();

    [Fact]
    public async Task The_same_again_finds_what_was_made_without_its_secret()
    {
        var token = await WriterAsync();
        var (first, second) = (await CreateAsync(token, Body), await CreateAsync(token, Body));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        var (made, found) = (await TestServer.JsonAsync(first), await TestServer.JsonAsync(second));
        Assert.True(made.TryGetProperty("client_secret", out _));
        Assert.False(found.TryGetProperty("client_secret", out _));
        Assert.Equal(made.EnumerateObject().Where(m => m.Name != "client_secret").Select(m => m.Value.GetRawText()), found.EnumerateObject().Select(m => m.Value.GetRawText()));
        Assert.Equal(1, await CountAsync(token));
    }

    [Fact]
    public async Task Another_body_is_refused()
    {
        var token = await WriterAsync();
        await CreateAsync(token, Body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await CreateAsync(token, Body.Replace("service", "device", StringComparison.Ordinal))).StatusCode);
        Assert.Equal(1, await CountAsync(token));
    }

    [Fact]
    public async Task Of_many_at_once_one_is_made()
    {
        var token = await WriterAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(token, Body)));
        Assert.All(answers, static a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, a.StatusCode.ToString()));
        Assert.Equal(1, await CountAsync(token));
    }

    [Fact]
    public async Task A_refused_request_may_be_mended_and_sent_again()
    {
        var token = await WriterAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await CreateAsync(token, """{"kind":"robot"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(token, Body)).StatusCode);
    }

    [Fact]
    public async Task A_key_is_its_senders_own()
    {
        var (one, other) = (await WriterAsync(), await WriterAsync());
        await CreateAsync(one, Body);
        var answer = await CreateAsync(other, Body);
        Assert.True((await TestServer.JsonAsync(answer)).TryGetProperty("client_secret", out _));
        Assert.Equal(2, await CountAsync(one));
    }

    [Fact]
    public async Task Whoever_may_not_read_learns_where_it_is_and_no_more()
    {
        var token = await shared.Server.AdminTokenAsync(AdminRights.ClientsWrite);
        var first = await CreateAsync(token, Body);
        var second = await CreateAsync(token, Body);
        Assert.Equal((HttpStatusCode.Forbidden, first.Headers.Location), (second.StatusCode, second.Headers.Location));
        Assert.DoesNotContain(_id, await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_day_a_key_is_new_and_one_that_is_too_long_is_none()
    {
        await using var server = await TestServer.StartAsync();
        Task<HttpResponseMessage> AgainAsync(string token, string key) => server.AdminAsync(HttpMethod.Post, "/clients", token, Body, ("Idempotency-Key", key));
        var token = await server.AdminTokenAsync(AdminRights.ClientsWrite, AdminRights.ClientsRead);
        var first = await AgainAsync(token, _key);
        Assert.Equal(HttpStatusCode.BadRequest, (await AgainAsync(token, new string('k', 256))).StatusCode);
        server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(first.Headers.Location, (await AgainAsync(await server.AdminTokenAsync(AdminRights.ClientsWrite, AdminRights.ClientsRead), _key)).Headers.Location);
    }
}
