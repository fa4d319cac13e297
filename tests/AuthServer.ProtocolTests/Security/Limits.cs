using System.Net;
using System.Text;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>One more than each limit allows: an error of the sender's, never a fault of ours.</summary>
[Spec("ASVS 4.2"), Spec("RFC 6749 §10")]
public abstract class Limits(AttackedServer shared)
{
    private static readonly string[] Forms = ["/connect/token", "/connect/par", "/connect/introspect", "/connect/revoke", "/connect/userinfo", "/connect/authorize", "/connect/endsession"];
    private static readonly string[] Queries = ["/connect/authorize", "/connect/endsession"];
    private static readonly string[] Pages = ["/login", "/register", "/consent", "/select-account", "/setup", "/logout"];

    private TestServer Server => shared.Server;

    public static TheoryData<string> Parameters => [.. ParameterLimits.Table.Keys.Concat(["client_id", "client_secret", "grant_type", "code", "username", "prompt", "max_age", "login_hint", "ui_locales", "acr_values", "unknown"])];

    [Theory, MemberData(nameof(Parameters))]
    public async Task One_character_more_than_a_parameter_may_have(string name)
    {
        var limit = ParameterLimits.Of(name);
        foreach (var (place, response) in await SendAsync([KeyValuePair.Create(name, new string('a', limit + 1))]))
        {
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{place}: {response.StatusCode}");
            Assert.Contains(name + " is too long", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.OrdinalIgnoreCase);
        }

        foreach (var (place, response) in await SendAsync([KeyValuePair.Create(name, new string('a', limit))]))
        {
            Assert.True((int)response.StatusCode < 500, $"{place}: {response.StatusCode}");
            Assert.DoesNotContain("is too long", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, string> Bodies => new()
    {
        { "65 parameters", string.Join('&', Enumerable.Range(0, ParameterLimits.Count + 1).Select(i => $"p{i}=1")) },
        { "2000 parameters", string.Join('&', Enumerable.Range(0, 2000).Select(i => $"p{i}=1")) },
        { "one parameter twice", "client_id=web&client_id=web" },
        { "one parameter 2000 times", string.Join('&', Enumerable.Repeat("scope=openid", 2000)) },
        { "17 resources", string.Join('&', Enumerable.Repeat("resource=https%3A%2F%2Fapi.test%2F", 17)) },
        { "a name of 3000 characters", new string('n', 3000) + "=1" },
        { "a body of one byte more", "state=1&x=" + new string('a', ParameterLimits.Body - 9) },
        { "a zero in a value", "client_id=web%00" },
        { "a zero in a name", "client%00_id=web" },
        { "our own mark for pushed requests", "client_id=web&response_type=code&%0Apushed=!!!" },
        { "bytes that are no UTF-8", "client_id=%ff%fe&state=%c0%80" },
        { "half an escape", "client_id=%&state=%4&scope=%zz" },
        { "nothing but separators", "&&&&==&=&" },
    };

    [Theory, MemberData(nameof(Bodies))]
    public async Task A_body_that_is_wrong(string what, string body)
    {
        foreach (var path in Forms)
        {
            using var response = await Server.Http.PostAsync(path, new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded"));
            Assert.True((int)response.StatusCode is >= 400 and < 500 || (path == "/connect/endsession" && response.Headers.Location?.OriginalString.StartsWith("/connect/endsession", StringComparison.Ordinal) is true), $"{what} at {path}: {response.StatusCode}");
        }

        foreach (var path in Pages)
        {
            using var response = await Server.Http.PostAsync(path, new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded"));
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{what} at {path}: {response.StatusCode}");
        }

        foreach (var path in Queries.Concat(Pages).Where(_ => body.Length < 20_000))
        {
            using var response = await Server.Http.GetAsync($"{path}?{body}");
            Assert.True((int)response.StatusCode < 500, $"{what} at {path}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x"), InlineData("multipart/form-data"), InlineData("application/json"), InlineData("text/plain"), InlineData(";;;")]
    public async Task A_body_of_another_kind(string contentType)
    {
        foreach (var path in Forms.Concat(Pages))
        {
            using var content = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\nweb\r\n"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            using var response = await Server.Http.PostAsync(path, content);
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{contentType} at {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_parameter_of_ours_cannot_be_said_by_a_client()
    {
        var browser = (await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice)).Browser;
        foreach (var mark in new[] { "!!!", "AAAA", new string('A', 43) })
        {
            var page = await browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"),
                ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256")) + "&%0Apushed=" + mark);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Null(page.Callback);
        }
    }

    private async Task<List<(string, HttpResponseMessage)>> SendAsync(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        List<(string, HttpResponseMessage)> answers = [];
        foreach (var path in Forms) answers.Add(("POST " + path, await Server.Http.PostAsync(path, new FormUrlEncodedContent(parameters))));
        foreach (var path in Queries) answers.Add(("GET " + path, await Server.Http.GetAsync(path + "?" + string.Join('&', parameters.Select(p => p.Key + "=" + p.Value)))));
        return answers;
    }
}

public sealed class LimitsOnSqlite(OnSqlite shared) : Limits(shared), IClassFixture<OnSqlite>;

public sealed class LimitsOnPostgreSql(OnPostgreSql shared) : Limits(shared), IClassFixture<OnPostgreSql>;
