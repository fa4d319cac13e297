using System.Net;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;
using static AuthServer.ProtocolTests.Scim.ScimServer;

namespace AuthServer.ProtocolTests.Scim;

/// <summary>The service as a whole: what it says of itself, whom it lets in, what it takes in bulk.</summary>
public abstract class ScimServiceTests(ScimServer scim)
{
    public sealed class OnSqlite(ScimServer.OnSqlite scim) : ScimServiceTests(scim), IClassFixture<ScimServer.OnSqlite>;

    public sealed class OnPostgreSql(ScimServer.OnPostgreSql scim) : ScimServiceTests(scim), IClassFixture<ScimServer.OnPostgreSql>;

    private const string Bulk = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

    private async Task<JsonElement[]> BulkAsync(string operations, string more = "") =>
        [.. (await scim.AskAsync(HttpMethod.Post, "/Bulk", $$"""{"schemas":["{{Bulk}}"]{{more}},"Operations":[{{operations}}]}""")).GetProperty("Operations").EnumerateArray()];

    [Fact, Spec("RFC 7644 §4"), Spec("RFC 7643 §5"), Spec("RFC 7643 §6"), Spec("RFC 7643 §7")]
    public async Task What_it_can_do_is_said_to_everybody()
    {
        async Task<JsonElement> OpenAsync(string path) => await TestServer.JsonAsync(await scim.Server.GetAsync("/scim/v2" + path));

        var config = await OpenAsync("/ServiceProviderConfig");
        foreach (var feature in (string[])["patch", "bulk", "filter", "changePassword", "sort", "etag"]) Assert.True(config.GetProperty(feature).GetProperty("supported").GetBoolean());
        Assert.Equal("oauthbearertoken", config.GetProperty("authenticationSchemes")[0].GetProperty("type").GetString());
        Assert.Equal(["User", "Group"], (await OpenAsync("/ResourceTypes")).GetProperty("Resources").EnumerateArray().Select(static r => r.GetProperty("id").GetString()!));
        Assert.Equal("/Users", (await OpenAsync("/ResourceTypes/User")).GetProperty("endpoint").GetString());
        var schema = (await OpenAsync("/Schemas")).GetProperty("Resources")[0];
        Assert.Equal(schema.GetRawText(), (await OpenAsync("/Schemas/" + UserSchema)).GetRawText());
        var password = schema.GetProperty("attributes").EnumerateArray().Single(static a => a.GetProperty("name").GetString() == "password");
        Assert.Equal(("writeOnly", "never"), (password.GetProperty("mutability").GetString(), password.GetProperty("returned").GetString()));
        Assert.Equal((HttpStatusCode.NotFound, null), await scim.FaultAsync(HttpMethod.Get, "/Schemas/urn:other"));
        Assert.Equal((HttpStatusCode.Forbidden, null), await scim.FaultAsync(HttpMethod.Get, "/Schemas?filter=id%20pr"));
        Assert.Equal((HttpStatusCode.NotImplemented, null), await scim.FaultAsync(HttpMethod.Get, "/Me"));
        Assert.Equal((HttpStatusCode.NotFound, null), await scim.FaultAsync(HttpMethod.Get, "/Devices"));
    }

    [Theory, Spec("RFC 9110 §15.5.6")]
    [InlineData("DELETE", "/Users", "GET, POST"), InlineData("POST", "/Groups/x", "DELETE, GET, PATCH, PUT"), InlineData("GET", "/Bulk", "POST"), InlineData("POST", "/Schemas", "GET")]
    public async Task A_method_that_a_path_does_not_take_is_answered_with_those_it_takes(string method, string path, string allowed)
    {
        var answer = await scim.SendAsync(new HttpMethod(method), path);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, null), await ErrorAsync(answer));
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }

    [Theory, Spec("RFC 7644 §3.1"), Spec("RFC 7644 §8.1")]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType), InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType), InlineData("application/json", HttpStatusCode.Created), InlineData("application/scim+json; charset=utf-8", HttpStatusCode.Created)]
    public async Task Bodies_are_JSON_by_either_name(string contentType, HttpStatusCode status)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/scim/v2/Users") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"userName":"{{Unique("ct")}}"}""")) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.Authorization = new("Bearer", scim.Token);
        Assert.Equal(status, (await scim.Server.Http.SendAsync(request)).StatusCode);
    }

    [Fact, Spec("RFC 7644 §2"), Spec("ASVS 8.2.1")]
    public async Task Each_route_needs_its_right()
    {
        var (user, group) = (await scim.NewUserAsync(Unique("right")), await scim.NewGroupAsync(Unique("right")));
        (HttpMethod Method, string Path, string? Body, string Right)[] routes =
        [
            (HttpMethod.Get, "/Users", null, AdminRights.UsersRead), (HttpMethod.Get, "/Users/" + user, null, AdminRights.UsersRead), (HttpMethod.Post, "/Users/.search", "{}", AdminRights.UsersRead), (HttpMethod.Post, "/Users", "{}", AdminRights.UsersWrite),
            (HttpMethod.Put, "/Users/" + user, "{}", AdminRights.UsersWrite), (HttpMethod.Patch, "/Users/" + user, "{}", AdminRights.UsersWrite), (HttpMethod.Delete, "/Users/" + Guid.NewGuid(), null, AdminRights.UsersWrite), (HttpMethod.Post, "/Bulk", "{}", AdminRights.UsersWrite),
            (HttpMethod.Get, "/Groups", null, AdminRights.DirectoryRead), (HttpMethod.Get, "/Groups/" + group, null, AdminRights.DirectoryRead), (HttpMethod.Post, "/Groups/.search", "{}", AdminRights.DirectoryRead), (HttpMethod.Post, "/Groups", "{}", AdminRights.DirectoryWrite),
            (HttpMethod.Put, "/Groups/" + group, "{}", AdminRights.DirectoryWrite), (HttpMethod.Patch, "/Groups/" + group, "{}", AdminRights.DirectoryWrite), (HttpMethod.Delete, "/Groups/" + Guid.NewGuid(), null, AdminRights.DirectoryWrite),
        ];
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var right in (string[])[AdminRights.UsersRead, AdminRights.UsersWrite, AdminRights.DirectoryRead, AdminRights.DirectoryWrite, AdminRights.Read, AdminRights.KeysWrite]) tokens[right] = await scim.Server.AdminTokenAsync(right);
        foreach (var (method, path, body, right) in routes)
        {
            var nobody = await ScimServer.SendAsync(scim.Server, null, method, path, body);
            Assert.Equal((HttpStatusCode.Unauthorized, null), await ErrorAsync(nobody));
            Assert.StartsWith("Bearer", nobody.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            foreach (var (held, token) in tokens)
            {
                var may = held == right || (held == AdminRights.Read && right.EndsWith(":read", StringComparison.Ordinal));
                var answer = await ScimServer.SendAsync(scim.Server, token, method, path, body);
                Assert.True(may == (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)), $"{method} {path} with {held}: {answer.StatusCode}");
            }
        }
    }

    [Fact, Spec("ASVS 8.2.2")]
    public async Task Nobody_reaches_further_by_SCIM_than_by_the_administration()
    {
        var provisioner = await scim.Server.AdminTokenAsync(AdminRights.UsersRead, AdminRights.UsersWrite, AdminRights.DirectoryRead, AdminRights.DirectoryWrite);
        var chief = await scim.Server.AddAdministratorAsync(Unique("chief"));
        var role = await scim.NewAsync("/roles", $$"""{"name":"{{Unique("keys")}}"}""");
        var right = (await scim.GetAsync("/rights?search=keys:write")).GetProperty("items")[0].GetProperty("id").GetString();
        await scim.PutAsync($"/roles/{role}/rights/{right}");
        var (group, person) = (await scim.NewGroupAsync(Unique("powerful")), await scim.NewUserAsync(Unique("plain")));
        await scim.PutAsync($"/groups/{group}/roles/{role}");
        async Task<HttpStatusCode> TryAsync(HttpMethod method, string path, string? body) => (await ErrorAsync(await ScimServer.SendAsync(scim.Server, provisioner, method, path, body))).Status;

        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Patch, "/Users/" + chief.Id, Patch("""{"op":"replace","path":"active","value":false}""")));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Patch, "/Users/" + chief.Id, Patch("""{"op":"replace","path":"password","value":"a long pass phrase of mine"}""")));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Put, "/Users/" + chief.Id, """{"userName":"mine"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Delete, "/Users/" + chief.Id, null));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Patch, "/Groups/" + group, Patch($$"""{"op":"add","path":"members","value":[{"value":"{{person}}"}]}""")));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Patch, "/Groups/" + group, Patch("""{"op":"replace","path":"displayName","value":"mine"}""")));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Delete, "/Groups/" + group, null));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync(HttpMethod.Post, "/Groups", $$"""{"displayName":"{{Unique("mine")}}","members":[{"value":"{{chief.Id}}"}]}"""));
        Assert.Empty(await scim.MembersAsync(group));
        Assert.True((await scim.AskAsync(HttpMethod.Get, "/Users/" + chief.Id)).GetProperty("active").GetBoolean());

        // Whoever may not see groups sees people without them.
        await scim.NewGroupAsync(Unique("seen"), person);
        var plain = await TestServer.JsonAsync(await ScimServer.SendAsync(scim.Server, await scim.Server.AdminTokenAsync(AdminRights.UsersRead), HttpMethod.Get, "/Users/" + person));
        Assert.False(plain.TryGetProperty("groups", out _));
    }

    [Fact, Spec("RFC 7644 §3.7"), Spec("RFC 7644 §3.7.2")]
    public async Task Many_operations_in_one_request_refer_to_one_another()
    {
        var (name, groupName) = (Unique("bulk"), Unique("Bulk"));

        // The group comes before the person it refers to, as it may (§3.7.2).
        var done = await BulkAsync($$"""
            {"method":"POST","path":"/Groups","bulkId":"g","data":{"schemas":["{{GroupSchema}}"],"displayName":"{{groupName}}","members":[{"type":"User","value":"bulkId:u"}]} },
            {"method":"post","path":"/Users","bulkId":"u","data":{"schemas":["{{UserSchema}}"],"userName":"{{name}}"} },
            {"method":"PATCH","path":"/Users/bulkId:u","data":{"Operations":[{"op":"add","path":"nickName","value":"B"}]} }
            """);

        Assert.Equal(["POST 201 u", "POST 201 g", "PATCH 200 "], done.OrderBy(static o => o.GetProperty("method").GetString() == "PATCH").Select(static o => $"{o.GetProperty("method")} {o.GetProperty("status")} {(o.TryGetProperty("bulkId", out var id) ? id.GetString() : "")}").OrderBy(static l => l.StartsWith("PATCH", StringComparison.Ordinal)));
        var user = done.Single(static o => o.TryGetProperty("bulkId", out var id) && id.GetString() == "u").GetProperty("location").GetString()!.Split('/')[^1];
        var group = done.Single(static o => o.TryGetProperty("bulkId", out var id) && id.GetString() == "g").GetProperty("location").GetString()!.Split('/')[^1];
        Assert.Equal([user], await scim.MembersAsync(group));
        Assert.Equal("B", (await scim.AskAsync(HttpMethod.Get, "/Users/" + user)).GetProperty("nickName").GetString());
        var gone = await BulkAsync($$"""{"method":"DELETE","path":"/Users/{{user}}","version":"W/\"old\""},{"method":"DELETE","path":"/Users/{{user}}"},{"method":"GET","path":"/Users/{{user}}","data":{} },{"method":"DELETE","path":"/Nothing/x"}""");
        Assert.Equal(["412", "204", "400", "404"], gone.Select(static o => o.GetProperty("status").GetString()!));
        Assert.Equal("invalidSyntax", gone[2].GetProperty("response").GetProperty("scimType").GetString());
    }

    [Fact, Spec("RFC 7644 §3.7.3"), Spec("RFC 7644 §3.7.4")]
    public async Task Errors_stop_a_bulk_request_where_it_says_so_and_it_has_limits()
    {
        var name = Unique("stop");
        string Post(string id, string user) => $$"""{"method":"POST","path":"/Users","bulkId":"{{id}}","data":{"userName":"{{user}}"} }""";

        Assert.Equal(["400", "201"], (await BulkAsync(Post("1", "a b") + "," + Post("2", name))).Select(static o => o.GetProperty("status").GetString()!));
        Assert.Equal(["409"], (await BulkAsync(Post("1", name) + "," + Post("2", name + "2"), ",\"failOnErrors\":1")).Select(static o => o.GetProperty("status").GetString()!));
        Assert.Empty(await scim.FindAsync($"userName eq \"{name}2\""));
        Assert.Equal(["409"], (await BulkAsync($$"""{"method":"DELETE","path":"/Users/bulkId:nobody"}""")).Select(static o => o.GetProperty("status").GetString()!));
        foreach (var wrong in (string[])["", Post("", name), Post("1", "x") + "," + Post("1", "y"), """{"method":"PUT","path":"/Users/x"}""", """{"path":"/Users"}""", "7"])
            Assert.Equal((HttpStatusCode.BadRequest, "invalidSyntax"), await scim.FaultAsync(HttpMethod.Post, "/Bulk", $$"""{"Operations":[{{wrong}}]}"""));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, null), await scim.FaultAsync(HttpMethod.Post, "/Bulk", $$"""{"Operations":[{{string.Join(',', Enumerable.Range(0, 201).Select(static i => $$"""{"method":"DELETE","path":"/Users/{{i}}"}"""))}}]}"""));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, null), await scim.FaultAsync(HttpMethod.Post, "/Bulk", $$"""{"Operations":[{{Post("1", new string('x', 800_000))}}]}"""));
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var off = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Scim:Enabled"] = "false" } });
        Assert.Equal(HttpStatusCode.NotFound, (await off.GetAsync("/scim/v2/ServiceProviderConfig")).StatusCode);
    }
}
