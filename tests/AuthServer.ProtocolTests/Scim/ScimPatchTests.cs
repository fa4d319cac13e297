using System.Net;
using System.Text.Json;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;
using static AuthServer.ProtocolTests.Scim.ScimServer;

namespace AuthServer.ProtocolTests.Scim;

/// <summary>Changes of people, as the specification and the great directories write them.</summary>
[Spec("RFC 7644 §3.5.2")]
public abstract class ScimPatchTests(ScimServer scim)
{
    public sealed class OnSqlite(ScimServer.OnSqlite scim) : ScimPatchTests(scim), IClassFixture<ScimServer.OnSqlite>;

    public sealed class OnPostgreSql(ScimServer.OnPostgreSql scim) : ScimPatchTests(scim), IClassFixture<ScimServer.OnPostgreSql>;

    private const string Good = "a long pass phrase of theirs";

    private Task<string> BabsAsync(string name) => scim.NewUserAsync(name, $$""","displayName":"Babs Jensen","name":{"givenName":"Barbara","familyName":"Jensen"},"nickName":"Babs","emails":[{"value":"{{name}}@example.com","type":"work","primary":true}],"phoneNumbers":[{"value":"+1 555 1","type":"work"}]""");

    /// <summary>What the person is after the operations, member by member.</summary>
    private async Task<string> AfterAsync(string operations, params string[] members)
    {
        var (name, shown) = (Unique("babs"), new List<string>());
        var person = await scim.PatchUserAsync(await BabsAsync(name), operations.Replace("NAME", name, StringComparison.Ordinal));
        foreach (var member in members)
        {
            var value = person;
            foreach (var part in member.Split('.'))
                value = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0].GetProperty(part) : value.ValueKind == JsonValueKind.Object && value.TryGetProperty(part, out var inner) ? inner : default;
            shown.Add(value.ValueKind == JsonValueKind.Undefined ? "-" : value.ToString().Replace(name, "NAME", StringComparison.Ordinal));
        }

        return string.Join('|', shown);
    }

    [Theory, Spec("RFC 7644 §3.5.2.1")]
    [InlineData("""{"op":"add","value":{"emails":[{"value":"babs@jensen.org","type":"home"}],"nickName":"B"}}""", "emails.value|nickName", "NAME@example.com|B")]
    [InlineData("""{"op":"add","value":{"emails":[{"value":"NAME@jensen.org","type":"work","primary":true}]}}""", "emails.value|emails.primary", "NAME@jensen.org|True")]
    [InlineData("""{"op":"add","path":"emails","value":[{"value":"NAME@jensen.org","primary":true}]}""", "emails.value", "NAME@jensen.org")]
    [InlineData("""{"op":"add","path":"name","value":{"middleName":"Jane"}}""", "name.givenName|name.middleName", "Barbara|Jane")]
    [InlineData("""{"op":"add","path":"name.familyName","value":"Q"}""", "name.familyName|name.givenName", "Q|Barbara")]
    [InlineData("""{"op":"add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1 555 2"}""", "phoneNumbers.value", "+1 555 1")]
    [InlineData("""{"op":"remove","path":"phoneNumbers"},{"op":"add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1 555 2"}""", "phoneNumbers.value", "+1 555 2")]
    [InlineData("""{"op":"add","path":"addresses[type eq \"work\"].locality","value":"Hollywood"},{"op":"add","path":"addresses[type eq \"work\"].country","value":"US"}""", "addresses.locality|addresses.country", "Hollywood|US")]
    public async Task What_is_added_is_there(string operations, string members, string after) => Assert.Equal(after, await AfterAsync(operations, members.Split('|')));

    [Theory, Spec("RFC 7644 §3.5.2.2")]
    [InlineData("""{"op":"remove","path":"nickName"}""", "nickName|displayName", "-|Babs Jensen"), InlineData("""{"op":"remove","path":"name.givenName"}""", "name.givenName|name.familyName", "-|Jensen")]
    [InlineData("""{"op":"remove","path":"emails"}""", "emails", "-"), InlineData("""{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}""", "emails", "-"), InlineData("""{"op":"remove","path":"emails[type eq \"home\"]"}""", "emails.value", "NAME@example.com")]
    [InlineData("""{"op":"remove","path":"emails[type eq \"work\"].value"}""", "emails", "-"), InlineData("""{"op":"replace","path":"nickName","value":null}""", "nickName", "-")]
    public async Task What_is_removed_is_gone(string operations, string members, string after) => Assert.Equal(after, await AfterAsync(operations, members.Split('|')));

    [Theory, Spec("RFC 7644 §3.5.2.3")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"].value","value":"NAME@new.org"}""", "emails.value", "NAME@new.org"), InlineData("""{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"NAME@new.org"}}""", "emails.value", "NAME@new.org")]
    [InlineData("""{"op":"replace","path":"emails","value":[{"value":"a@b.org"},{"value":"NAME@new.org","type":"work"}]}""", "emails.value", "NAME@new.org"), InlineData("""{"op":"replace","path":"userName","value":"new.NAME"}""", "userName", "new.NAME")]
    [InlineData("""{"op":"replace","value":{"name":{"familyName":"Q"},"nickName":"X"}}""", "name.familyName|name.givenName|nickName", "Q|Barbara|X"), InlineData("""{"op":"replace","path":"name.formatted","value":"B. J."}""", "displayName|name.formatted", "B. J.|B. J.")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:name.familyName","value":"Q"}""", "name.familyName", "Q"), InlineData("""{"op":"replace","path":"emails.value","value":"NAME@new.org"}""", "emails.value", "NAME@new.org")]
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":{"nickName":"X"}}}""", "nickName", "X"), InlineData("""{"op":"REPLACE","path":"NickName","value":"X"}""", "nickName", "X")]
    public async Task What_is_replaced_is_another(string operations, string members, string after) => Assert.Equal(after, await AfterAsync(operations, members.Split('|')));

    [Theory]
    [InlineData("""{"op":"Replace","path":"active","value":"False"}""", "active", "False"), InlineData("""{"op":"Replace","path":"active","value":"False"},{"op":"Add","path":"active","value":"True"}""", "active", "True")]
    [InlineData("""{"op":"Replace","value":{"active":false,"id":"00000000-0000-0000-0000-000000000000"}}""", "active", "False"), InlineData("""{"op":"Add","path":"displayName","value":[{"$ref":null,"value":"X"}]}""", "displayName", "X")]
    [InlineData("""{"op":"Replace","value":{"name.givenName":"X","emails[type eq \"work\"].value":"NAME@new.org","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Sales"}}""", "name.givenName|emails.value", "X|NAME@new.org")]
    [InlineData("""{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"x"},{"op":"Add","path":"title","value":"Boss"},{"op":"Add","path":"name.honorificPrefix","value":"Dr."},{"op":"Add","path":"nickName","value":"X"}""", "nickName|title", "X|-")]
    public async Task The_ways_of_the_great_directories_are_understood(string operations, string members, string after) => Assert.Equal(after, await AfterAsync(operations, members.Split('|')));

    [Theory, Spec("RFC 7644 §3.12")]
    [InlineData("""{"op":"replace","path":"nothing","value":"x"}""", "invalidPath"), InlineData("""{"op":"replace","path":"name.nothing","value":"x"}""", "invalidPath"), InlineData("""{"op":"replace","path":"nickName.x","value":"x"}""", "invalidPath"), InlineData("""{"op":"replace","path":"name[givenName pr]","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"]value","value":"x"}""", "invalidPath"), InlineData("""{"op":"replace","path":"emails[type eq","value":"x"}""", "invalidFilter"), InlineData("""{"op":"replace","path":7,"value":"x"}""", "invalidPath"), InlineData("""{"op":"replace","path":"urn:other:User:nickName","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"home\"].value","value":"x@y.z"}""", "noTarget"), InlineData("""{"op":"remove"}""", "noTarget"), InlineData("""{"op":"add","path":"emails[type sw \"h\"].value","value":"x@y.z"}""", "noTarget")]
    [InlineData("""{"op":"replace","path":"id","value":"x"}""", "mutability"), InlineData("""{"op":"replace","path":"meta.created","value":"x"}""", "mutability"), InlineData("""{"op":"add","path":"groups","value":[{"value":"x"}]}""", "mutability"), InlineData("""{"op":"remove","path":"userName"}""", "mutability")]
    [InlineData("""{"op":"replace","path":"active","value":"perhaps"}""", "invalidValue"), InlineData("""{"op":"replace","path":"nickName","value":7}""", "invalidValue"), InlineData("""{"op":"replace","path":"emails","value":["x@y.z"]}""", "invalidValue"), InlineData("""{"op":"add","path":"nickName"}""", "invalidValue"), InlineData("""{"op":"add","value":"x"}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"].value","value":"no address"}""", "invalidValue"), InlineData("""{"op":"replace","path":"password","value":"short"}""", "invalidValue"), InlineData("""{"op":"replace","path":"locale","value":"not a tag!"}""", "invalidValue"), InlineData("""{"op":"move","path":"nickName","value":"x"}""", "invalidSyntax"), InlineData("""{"op":"1","path":"nickName","value":"x"}""", "invalidSyntax"), InlineData("7", "invalidSyntax"), InlineData("", "invalidSyntax")]
    public async Task What_cannot_be_done_is_said_and_nothing_of_the_patch_is_done(string operation, string type)
    {
        var id = await BabsAsync(Unique("babs"));
        var before = await scim.AskAsync(HttpMethod.Get, "/Users/" + id);

        var patch = Patch($$"""{"op":"replace","path":"nickName","value":"changed"}{{(operation.Length == 0 ? "" : "," + operation)}}""");
        if (operation.Length == 0) patch = Patch("");
        Assert.Equal((HttpStatusCode.BadRequest, type), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, patch));
        Assert.Equal(before.GetRawText(), (await scim.AskAsync(HttpMethod.Get, "/Users/" + id)).GetRawText());
    }

    [Fact]
    public async Task Whoever_is_switched_off_loses_everything_at_once()
    {
        var name = Unique("off");
        var id = await scim.NewUserAsync(name, $$""","password":"{{Good}}" """);
        var flow = await scim.Server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, new TestUser(id, name, Good), "openid");

        await scim.PatchUserAsync(id, """{"op":"Replace","path":"active","value":"False"}""");

        Assert.Equal(HttpStatusCode.Unauthorized, (await scim.Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
        await scim.PatchUserAsync(id, """{"op":"Replace","path":"active","value":true}""");
        using var browser = scim.Server.NewBrowser();
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, Good))).Url.AbsolutePath);
    }

    [Fact, Spec("RFC 7643 §4.1.1")]
    public async Task A_password_can_be_set_and_never_read()
    {
        var name = Unique("pass");
        var id = await scim.NewUserAsync(name, $$""","password":"{{Good}}" """);

        var answer = await scim.SendAsync(HttpMethod.Patch, "/Users/" + id, Patch("""{"op":"replace","path":"password","value":"another long pass phrase"}"""));

        Assert.DoesNotContain("pass phrase", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var browser = scim.Server.NewBrowser();
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, new TestUser(id, name, "another long pass phrase"))).Url.AbsolutePath);
        Assert.False((await scim.AskAsync(HttpMethod.Get, $"/Users/{id}?attributes=password")).TryGetProperty("password", out _));
    }

    [Fact, Spec("ASVS 15.2.2")]
    public async Task A_patch_has_limits()
    {
        var id = await scim.NewUserAsync(Unique("limit"));
        string Many(int n) => Patch(string.Join(',', Enumerable.Repeat("""{"op":"add","path":"nickName","value":"x"}""", n)));

        await scim.AskAsync(HttpMethod.Patch, "/Users/" + id, Many(1_000));
        Assert.Equal((HttpStatusCode.BadRequest, "tooMany"), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Many(1_001)));
        Assert.Equal((HttpStatusCode.BadRequest, "tooMany"), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Patch($$"""{"op":"add","path":"emails","value":[{{string.Join(',', Enumerable.Range(0, 101).Select(static i => $$"""{"value":"{{i}}@x.org"}"""))}}]}""")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Patch($$"""{"op":"add","path":"nickName","value":"{{new string('x', 257)}}"}""")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Patch($$"""{"op":"add","path":"externalId","value":"{{new string('x', 257)}}"}""")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidFilter"), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Patch($$"""{"op":"add","path":"emails[{{new string('(', 13)}}value pr{{new string(')', 13)}}].value","value":"x"}""")));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, null), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Patch($$"""{"op":"add","path":"nickName","value":"{{new string('x', 256 * 1024)}}"}""")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidSyntax"), await scim.FaultAsync(HttpMethod.Patch, "/Users/" + id, Patch($$"""{"op":"add","path":"nickName","value":{{new string('[', 40)}}{{new string(']', 40)}}}""")));
    }
}
