using System.Net;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;
using static AuthServer.ProtocolTests.Scim.ScimServer;

namespace AuthServer.ProtocolTests.Scim;

/// <summary>Groups over SCIM, and who is in them.</summary>
public abstract class ScimGroupTests(ScimServer scim)
{
    public sealed class OnSqlite(ScimServer.OnSqlite scim) : ScimGroupTests(scim), IClassFixture<ScimServer.OnSqlite>;

    public sealed class OnPostgreSql(ScimServer.OnPostgreSql scim) : ScimGroupTests(scim), IClassFixture<ScimServer.OnPostgreSql>;

    private async Task<string[]> PeopleAsync(int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++) ids.Add(await scim.NewUserAsync(Unique("member")));
        return [.. ids.Order(StringComparer.Ordinal)];
    }

    private async Task PatchAsync(string group, string operations) => Assert.Equal(HttpStatusCode.NoContent, (await scim.SendAsync(HttpMethod.Patch, "/Groups/" + group, Patch(operations))).StatusCode);

    [Fact, Spec("RFC 7643 §4.2"), Spec("RFC 7644 §3.3")]
    public async Task A_group_is_created_with_its_members_and_shown_at_them()
    {
        var (people, name) = (await PeopleAsync(2), Unique("Tour Guides"));

        var made = await scim.SendAsync(HttpMethod.Post, "/Groups", $$"""{"schemas":["{{GroupSchema}}"],"displayName":"{{name}}","externalId":"g-1","members":[{"value":"{{people[0]}}"},{"value":"{{people[1]}}","type":"User"}]}""");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var group = await TestServer.JsonAsync(made);
        var id = group.GetProperty("id").GetString();
        Assert.Equal((name, "g-1", "Group"), (group.GetProperty("displayName").GetString(), group.GetProperty("externalId").GetString(), group.GetProperty("meta").GetProperty("resourceType").GetString()));
        Assert.Equal(people, group.GetProperty("members").EnumerateArray().Select(static m => m.GetProperty("value").GetString()!));
        var shown = Assert.Single((await scim.AskAsync(HttpMethod.Get, "/Users/" + people[0])).GetProperty("groups").EnumerateArray());
        Assert.Equal((id, name, $"{scim.Server.Issuer}/scim/v2/Groups/{id}"), (shown.GetProperty("value").GetString(), shown.GetProperty("display").GetString(), shown.GetProperty("$ref").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "uniqueness"), await scim.FaultAsync(HttpMethod.Post, "/Groups", $$"""{"displayName":"{{name.ToUpperInvariant()}}"}"""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Post, "/Groups", """{"externalId":"no name"}"""));
    }

    [Fact, Spec("RFC 7644 §3.4.2.2")]
    public async Task Groups_are_found_by_name_external_id_and_member()
    {
        var (people, name) = (await PeopleAsync(1), Unique("Found"));
        var id = await scim.NewGroupAsync(name, people[0]);
        await scim.PatchUserAsync(people[0], """{"op":"add","path":"nickName","value":"x"}""");
        await scim.AskAsync(HttpMethod.Put, "/Groups/" + id, $$"""{"displayName":"{{name}}","externalId":"E-{{name}}"}""");
        foreach (var filter in new[] { $"displayName eq \"{name.ToUpperInvariant()}\"", $"externalId eq \"E-{name}\"", $"members.value eq \"{people[0]}\"", $"members[value eq \"{people[0]}\"]", $"id eq \"{id}\" and members pr and meta.created pr", $"displayName sw \"{name[..8]}\" and members eq \"{people[0]}\"" })
        {
            var list = await scim.AskAsync(HttpMethod.Get, $"/Groups?excludedAttributes=members&filter={Uri.EscapeDataString(filter)}");
            var only = Assert.Single(list.GetProperty("Resources").EnumerateArray());
            Assert.Equal((id, false), (only.GetProperty("id").GetString(), only.TryGetProperty("members", out _)));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalidFilter"), await scim.FaultAsync(HttpMethod.Get, "/Groups?filter=" + Uri.EscapeDataString("members.display eq \"x\"")));
    }

    [Fact, Spec("RFC 7644 §3.5.2.1"), Spec("RFC 7644 §3.5.2.2"), Spec("RFC 7644 §3.5.2.3")]
    public async Task Members_are_added_removed_and_replaced_in_every_way_they_are_written()
    {
        var p = await PeopleAsync(4);
        var id = await scim.NewGroupAsync(Unique("Changing"), p[0]);

        await PatchAsync(id, $$"""{"op":"add","path":"members","value":[{"display":"Babs","$ref":"https://example.com/v2/Users/x","value":"{{p[1]}}"}]}""");
        Assert.Equal([p[0], p[1]], await scim.MembersAsync(id));
        await PatchAsync(id, $$"""{"op":"Add","path":"members","value":{"value":"{{p[1]}}"} },{"op":"add","value":{"members":[{"value":"{{p[2]}}"}]} }""");
        Assert.Equal([p[0], p[1], p[2]], await scim.MembersAsync(id));
        await PatchAsync(id, $$"""{"op":"remove","path":"members[value eq \"{{p[0]}}\"]"}""");
        Assert.Equal([p[1], p[2]], await scim.MembersAsync(id));
        await PatchAsync(id, $$"""{"op":"Remove","path":"members","value":[{"value":"{{p[1]}}"},{"value":"{{p[3]}}"}]}""");
        Assert.Equal([p[2]], await scim.MembersAsync(id));
        await PatchAsync(id, $$"""{"op":"remove","path":"members[value eq \"{{p[2]}}\"]"},{"op":"add","path":"members","value":[{"value":"{{p[3]}}"}]}""");
        Assert.Equal([p[3]], await scim.MembersAsync(id));
        await PatchAsync(id, $$"""{"op":"replace","path":"members","value":[{"value":"{{p[0]}}"},{"value":"{{p[3]}}"}]}""");
        Assert.Equal([p[0], p[3]], await scim.MembersAsync(id));
        await PatchAsync(id, """{"op":"remove","path":"members[display sw \"member\" and not (value pr and display ew \"nobody\")]"}""");
        Assert.Empty(await scim.MembersAsync(id));
        await PatchAsync(id, $$"""{"op":"replace","value":{"members":[{"value":"{{p[0]}}"}],"displayName":"{{Unique("Renamed")}}","id":"{{id}}"} }""");
        await PatchAsync(id, """{"op":"remove","path":"members"}""");
        Assert.Empty(await scim.MembersAsync(id));
    }

    [Fact, Spec("RFC 7644 §3.5.2")]
    public async Task A_patch_with_one_wrong_member_changes_nothing()
    {
        var (people, name) = (await PeopleAsync(2), Unique("Whole"));
        var id = await scim.NewGroupAsync(name, people[0]);
        foreach (var (operation, type) in new[]
        {
            ($$"""{"op":"add","path":"members","value":[{"value":"{{Guid.NewGuid()}}"}]}""", "invalidValue"), ($$"""{"op":"add","path":"members","value":[{"value":"{{id}}","type":"Group"}]}""", "invalidValue"), ("""{"op":"add","path":"members","value":["x"]}""", "invalidValue"),
            ("""{"op":"replace","path":"members[value eq \"x\"].value","value":"y"}""", "mutability"), ("""{"op":"replace","path":"displayName","value":""}""", "invalidValue"), ("""{"op":"remove","path":"displayName"}""", "mutability"), ("""{"op":"add","path":"members.nothing","value":"x"}""", "invalidPath"),
        })
        {
            Assert.Equal((HttpStatusCode.BadRequest, type), await scim.FaultAsync(HttpMethod.Patch, "/Groups/" + id, Patch($$"""{"op":"replace","path":"externalId","value":"new"},{"op":"add","path":"members","value":[{"value":"{{people[1]}}"}]},{{operation}}""")));
            Assert.False((await scim.AskAsync(HttpMethod.Get, "/Groups/" + id)).TryGetProperty("externalId", out _), operation);
            Assert.Equal([people[0]], await scim.MembersAsync(id));
        }
    }

    [Fact, Spec("RFC 7644 §3.5.1")]
    public async Task A_replacement_sets_the_members_it_names_and_keeps_those_it_does_not_mention()
    {
        var people = await PeopleAsync(2);
        var (id, name) = (await scim.NewGroupAsync(Unique("Put"), people[0]), Unique("Put2"));

        await scim.AskAsync(HttpMethod.Put, "/Groups/" + id, $$"""{"schemas":["{{GroupSchema}}"],"displayName":"{{name}}"}""");
        Assert.Equal([people[0]], await scim.MembersAsync(id));
        await scim.AskAsync(HttpMethod.Put, "/Groups/" + id, $$"""{"displayName":"{{name}}","members":[{"value":"{{people[1]}}"}]}""");
        Assert.Equal([people[1]], await scim.MembersAsync(id));
        await scim.AskAsync(HttpMethod.Put, "/Groups/" + id, $$"""{"displayName":"{{name}}","members":[]}""");
        Assert.Empty(await scim.MembersAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, (await scim.SendAsync(HttpMethod.Delete, "/Groups/" + id)).StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, null), await scim.FaultAsync(HttpMethod.Get, "/Groups/" + id));
    }

    [Fact, Spec("RFC 7644 §3.14")]
    public async Task Who_is_in_it_is_part_of_a_groups_version()
    {
        var people = await PeopleAsync(2);
        var id = await scim.NewGroupAsync(Unique("Version"), people[0]);
        var old = (await scim.SendAsync(HttpMethod.Get, "/Groups/" + id)).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, (await scim.SendAsync(HttpMethod.Get, "/Groups/" + id, null, ("If-None-Match", old))).StatusCode);

        await PatchAsync(id, $$"""{"op":"replace","path":"members","value":[{"value":"{{people[1]}}"}]}""");

        Assert.Equal(HttpStatusCode.OK, (await scim.SendAsync(HttpMethod.Get, "/Groups/" + id, null, ("If-None-Match", old))).StatusCode);
        foreach (var (method, body) in new[] { (HttpMethod.Patch, Patch("""{"op":"remove","path":"members"}""")), (HttpMethod.Put, """{"displayName":"x"}"""), (HttpMethod.Delete, null) })
            Assert.Equal((HttpStatusCode.PreconditionFailed, null), await scim.FaultAsync(method, "/Groups/" + id, body, ("If-Match", old)));
        Assert.Equal([people[1]], await scim.MembersAsync(id));
        var now = (await scim.SendAsync(HttpMethod.Get, "/Groups/" + id)).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NoContent, (await scim.SendAsync(HttpMethod.Delete, "/Groups/" + id, null, ("If-Match", now))).StatusCode);
    }

    [Fact, Spec("ASVS 15.2.2")]
    public async Task One_request_changes_a_thousand_members_at_most()
    {
        var id = await scim.NewGroupAsync(Unique("Large"));
        Assert.Equal((HttpStatusCode.BadRequest, "tooMany"), await scim.FaultAsync(HttpMethod.Patch, "/Groups/" + id, Patch($$"""{"op":"add","path":"members","value":[{{string.Join(',', Enumerable.Range(0, 1_001).Select(static i => $$"""{"value":"{{i}}"}"""))}}]}""")));
    }
}
