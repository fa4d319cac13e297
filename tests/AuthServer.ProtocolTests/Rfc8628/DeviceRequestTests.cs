using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.Security;
using AuthServer.Storage.Sql;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc8628;

/// <summary>What a device asks and what it is told.</summary>
public abstract partial class DeviceRequestTests(DeviceServer shared)
{
    private TestServer Server => shared.Server;

    private Task<HttpResponseMessage> PostAsync((string, string?)[] form, (string, string)? basic = null) => Server.PostAsync("/connect/deviceauthorization", form, basic);

    [Fact, Spec("RFC 8628 §3.2"), Spec("RFC 8628 §6.1")]
    public async Task A_device_gets_a_code_for_itself_and_one_for_its_person()
    {
        var answer = await PostAsync([("client_id", "tv"), ("scope", "openid profile")]);
        var json = await TestServer.JsonAsync(answer);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(43, json.GetProperty("device_code").GetString()!.Length);
        Assert.Matches(UserCode(), json.GetProperty("user_code").GetString());
        Assert.Equal(Server.Issuer + "/device", json.GetProperty("verification_uri").GetString());
        Assert.Equal(Server.Issuer + "/device?user_code=" + json.GetProperty("user_code").GetString(), json.GetProperty("verification_uri_complete").GetString());
        Assert.Equal((600, 5), (json.GetProperty("expires_in").GetInt32(), json.GetProperty("interval").GetInt32()));
    }

    [Fact, Spec("RFC 8628 §3.1"), Spec("RFC 6749 §2.3")]
    public async Task A_client_with_a_secret_says_it()
    {
        Assert.Equal("invalid_client", await PostAsync([("client_id", "box"), ("scope", "openid")]).ErrorAsync());
        Assert.Equal("invalid_client", await PostAsync([("scope", "openid")], ("box", "wrong")).ErrorAsync());
        Assert.Equal("invalid_client", await PostAsync([("client_id", "nobody")]).ErrorAsync());
        Assert.Null(await PostAsync([("scope", "openid")], ("box", AttackedServer.Secret)).ErrorAsync());
    }

    [Fact, Spec("RFC 8628 §3.1"), Spec("RFC 6749 §5.2")]
    public async Task What_is_asked_for_is_checked_as_everywhere()
    {
        Assert.Equal("unauthorized_client", await PostAsync([("scope", "openid")], AttackedServer.Web).ErrorAsync());
        Assert.Equal("invalid_scope", await PostAsync([("client_id", "tv"), ("scope", "openid no-such-scope")]).ErrorAsync());
        Assert.Equal("invalid_scope", await PostAsync([("client_id", "plain-tv"), ("scope", "openid email")]).ErrorAsync());
        Assert.Equal("invalid_target", await PostAsync([("client_id", "tv"), ("scope", "openid"), ("resource", "https://elsewhere.test/")]).ErrorAsync());
        Assert.Equal("invalid_request", await PostAsync([("client_id", "tv"), ("prompt", "none")]).ErrorAsync());
        Assert.Equal("invalid_request", await PostAsync([("client_id", "tv"), ("max_age", "soon")]).ErrorAsync());
        Assert.Equal("unmet_authentication_requirements", await PostAsync([("client_id", "tv"), ("claims", """{"id_token":{"acr":{"essential":true,"value":"urn:elsewhere"}}}""")]).ErrorAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Server.GetAsync("/connect/deviceauthorization?client_id=tv")).StatusCode);
    }

    [Fact, Spec("RFC 8628 §4"), Spec("RFC 8414 §2")]
    public async Task Discovery_says_where_to_ask()
    {
        var document = await TestServer.JsonAsync(await Server.GetAsync("/.well-known/oauth-authorization-server"));

        Assert.Equal(Server.Issuer + "/connect/deviceauthorization", document.GetProperty("device_authorization_endpoint").GetString());
        Assert.Contains(GrantTypes.DeviceCode, document.GetProperty("grant_types_supported").EnumerateArray().Select(static g => g.GetString()));
    }

    [Fact, Spec("RFC 8628 §5.2"), Spec("ASVS 11.4.1")]
    public async Task The_database_says_nothing_of_either_code()
    {
        var codes = await Server.AskAsync();
        using var browser = Server.NewBrowser();
        await browser.TypeAsync(codes.UserCode);

        var letters = codes.UserCode.Replace("-", "", StringComparison.Ordinal);
        var database = Server.Services.GetRequiredService<SqlDatabase>();
        var kept = (await database.ListAsync("SELECT hash, user_code_hash, parameters FROM device_codes", static row => (row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetString(2)), CancellationToken.None)).ToList();
        var waiting = await database.ListAsync("SELECT parameters FROM pending_authorizations", static row => row.GetString(0), CancellationToken.None);

        // Twenty letters, eight times: whoever has the table could try them all. So it is no plain hash either.
        Assert.DoesNotContain(kept, row => row.Item2.AsSpan().SequenceEqual(Handle.HashOf(letters)) || row.Item2.AsSpan().SequenceEqual(Handle.HashOf(codes.UserCode)) || row.Item2.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(letters)));
        Assert.Contains(kept, row => row.Item1.AsSpan().SequenceEqual(Handle.HashOf(codes.DeviceCode)));
        Assert.NotEmpty(waiting);
        Assert.DoesNotContain(kept.Select(static row => row.Item3).Concat(waiting), text => text.Contains(codes.DeviceCode, StringComparison.Ordinal) || text.Contains(letters, StringComparison.OrdinalIgnoreCase) || text.Contains(codes.UserCode, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"\A[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\z")]
    private static partial Regex UserCode();
}

public sealed class DeviceRequestTestsOnSqlite(DevicesOnSqlite shared) : DeviceRequestTests(shared), IClassFixture<DevicesOnSqlite>;

public sealed class DeviceRequestTestsOnPostgreSql(DevicesOnPostgreSql shared) : DeviceRequestTests(shared), IClassFixture<DevicesOnPostgreSql>;
