using System.Net;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;

namespace AuthServer.ProtocolTests.Scim;

/// <summary>Which people and which part of them.</summary>
[Spec("RFC 7644 §3.4.2")]
public abstract class ScimFilterTests(ScimServer scim)
{
    public sealed class OnSqlite(ScimServer.OnSqlite scim) : ScimFilterTests(scim), IClassFixture<ScimServer.OnSqlite>;

    public sealed class OnPostgreSql(ScimServer.OnPostgreSql scim) : ScimFilterTests(scim), IClassFixture<ScimServer.OnPostgreSql>;

    private string _mark = "";

    /// <summary>Three people: anna with everything, bert without an address and switched off, čenek with next to nothing.</summary>
    private async Task<(string Anna, string Bert, string Group)> ThreeAsync()
    {
        _mark = "f" + Guid.NewGuid().ToString("N")[..8];
        var anna = await scim.NewUserAsync(_mark + ".anna", $$""","externalId":"X-{{_mark}}","displayName":"Anna \"A\" {{_mark}}","name":{"givenName":"Anna","familyName":"O'Malley {{_mark}}"},"emails":[{"value":"{{_mark}}@Example.com"}],"phoneNumbers":[{"value":"+49 30 1"}]""");
        var bert = await scim.NewUserAsync(_mark + ".bert", $$""","externalId":"x-{{_mark}}","active":false,"name":{"familyName":"Bauer {{_mark}}"},"locale":"de" """);
        await scim.NewUserAsync(_mark + ".cenek");
        return (anna, bert, await scim.NewGroupAsync(Unique("filtered"), bert));
    }

    [Theory, Spec("RFC 7644 §3.4.2.2")]
    [InlineData("userName eq \"M.ANNA\"", "anna"), InlineData("userName Eq \"m.anna\"", "anna"), InlineData("userName sw \"m.b\"", "bert"), InlineData("userName co \"m.c\"", "cenek"), InlineData("userName ew \".bert\" and userName sw \"m\"", "bert")]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"m\"", "anna bert cenek"), InlineData("userName sw \"m\" and userName ne \"m.anna\"", "bert cenek"), InlineData("userName gt \"m.anna\" and userName lt \"m.c\"", "bert")]
    [InlineData("userName ge \"m.anna\" and userName le \"m.bert\"", "anna bert"), InlineData("externalId eq \"X-m\"", "anna"), InlineData("externalId eq \"x-m\"", "bert"), InlineData("externalId ew \"-m\"", "anna bert")]
    [InlineData("emails eq \"m@example.COM\"", "anna"), InlineData("emails.value eq \"m@example.com\"", "anna"), InlineData("emails[type eq \"work\" and value co \"m@\"]", "anna"), InlineData("emails[type eq \"home\"] and userName sw \"m\"", "")]
    [InlineData("emails[not (type eq \"home\")] and userName sw \"m\"", "anna bert cenek"), InlineData("emails.primary eq true and userName sw \"m\"", "anna"), InlineData("userName sw \"m\" and not (emails pr)", "bert cenek")]
    [InlineData("displayName eq \"anna \\\"a\\\" m\"", "anna"), InlineData("displayName sw \"anna\" and userName sw \"m\"", "anna"), InlineData("name.familyName eq \"O'Malley m\"", "anna"), InlineData("name.familyName co \"bauer m\"", "bert")]
    [InlineData("userName sw \"m\" and name.familyName gt \"c\"", "anna"), InlineData("userName sw \"m\" and not (name.familyName gt \"c\")", "bert cenek"), InlineData("userName sw \"m\" and displayName ne \"x\"", "anna bert cenek")]
    [InlineData("userName sw \"m\" and active eq true", "anna cenek"), InlineData("userName sw \"m\" and active eq \"False\"", "bert"), InlineData("userName sw \"m\" and active ne true", "bert"), InlineData("userName sw \"m\" and externalId eq null", "cenek")]
    [InlineData("userName sw \"m\" and (active eq false or emails pr)", "anna bert"), InlineData("userName sw \"m\" and active eq true and emails pr or externalId eq \"x-m\"", "anna bert"), InlineData("userName sw \"m\" and locale eq \"DE\"", "bert")]
    [InlineData("userName sw \"m\" and meta.created ge \"2026-01-01T00:00:00Z\"", "anna bert cenek"), InlineData("userName sw \"m\" and meta.lastModified lt \"2026-01-01T00:00:00+02:00\"", ""), InlineData("meta.resourceType eq \"User\" and userName sw \"m\"", "anna bert cenek")]
    [InlineData("groups.value eq \"GROUP\"", "bert"), InlineData("groups eq \"GROUP\" or id eq \"ID\"", "anna bert"), InlineData("userName sw \"m\" and not (groups pr)", "anna cenek"), InlineData("phoneNumbers[value eq \"+49 30 1\"] and userName sw \"m\"", "anna")]
    public async Task A_filter_finds_whom_it_means(string filter, string found)
    {
        var (anna, _, group) = await ThreeAsync();

        var names = await scim.FindAsync(filter.Replace("\"m", "\"" + _mark, StringComparison.Ordinal).Replace("\"M.", "\"" + _mark.ToUpperInvariant() + ".", StringComparison.Ordinal).Replace("-m\"", "-" + _mark + "\"", StringComparison.Ordinal)
            .Replace(" m\"", " " + _mark + "\"", StringComparison.Ordinal).Replace("GROUP", group, StringComparison.Ordinal).Replace("\"ID\"", $"\"{anna}\"", StringComparison.Ordinal));

        Assert.Equal(found, string.Join(' ', names.Select(n => n[(_mark.Length + 1)..])));
    }

    [Theory, Spec("RFC 7644 §3.4.2.2")]
    [InlineData("userName"), InlineData("userName eq"), InlineData("userName eq bob"), InlineData("userName is \"x\""), InlineData("userName eq \"x"), InlineData("(userName pr"), InlineData("userName pr)"), InlineData("userName pr and"), InlineData("not userName pr")]
    [InlineData("nothing eq \"x\""), InlineData("password eq \"x\""), InlineData("password pr"), InlineData("active gt true"), InlineData("active eq \"perhaps\""), InlineData("userName eq 7"), InlineData("meta.created eq \"soon\""), InlineData("meta.created co \"2026\"")]
    [InlineData("emails[value pr"), InlineData("emails[emails[value pr]]"), InlineData("name[givenName pr]"), InlineData("userName gt null"), InlineData("groups co \"x\""), InlineData("urn:other:userName pr"), InlineData("userName eq \"\\ud800\""), InlineData("a.b.c pr")]
    public async Task What_is_no_filter_of_ours_is_said(string filter) =>
        Assert.Equal((HttpStatusCode.BadRequest, "invalidFilter"), await scim.FaultAsync(HttpMethod.Get, "/Users?filter=" + Uri.EscapeDataString(filter)));

    [Fact, Spec("ASVS 15.2.2")]
    public async Task A_filter_has_limits_of_depth_terms_and_length()
    {
        static string Deep(int n) => string.Concat(Enumerable.Repeat("(", n)) + "userName eq \"nobody\"" + string.Concat(Enumerable.Repeat(")", n));
        static string Wide(int n) => string.Join(" or ", Enumerable.Repeat("userName eq \"nobody\"", n));

        Assert.Empty(await scim.FindAsync(Deep(11)));
        Assert.Empty(await scim.FindAsync(Wide(50)));
        foreach (var filter in new[] { Deep(12), Deep(1500), Wide(51), $"userName eq \"{new string('x', 4096)}\"" })
            Assert.Equal((HttpStatusCode.BadRequest, "invalidFilter"), await scim.FaultAsync(HttpMethod.Get, "/Users?filter=" + Uri.EscapeDataString(filter)));
    }

    [Fact, Spec("RFC 7644 §3.4.2.4"), Spec("RFC 7644 §3.4.2.3")]
    public async Task A_list_comes_in_parts_by_position_and_in_the_order_asked_for()
    {
        await ThreeAsync();
        async Task<(int Total, int Start, int Items, string Names)> PartAsync(string query)
        {
            var list = await scim.AskAsync(HttpMethod.Get, $"/Users?filter={Uri.EscapeDataString($"userName sw \"{_mark}\"")}&{query}");
            Assert.Equal("urn:ietf:params:scim:api:messages:2.0:ListResponse", list.GetProperty("schemas")[0].GetString());
            return (list.GetProperty("totalResults").GetInt32(), list.GetProperty("startIndex").GetInt32(), list.GetProperty("itemsPerPage").GetInt32(),
                string.Join(' ', list.GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("userName").GetString()![(_mark.Length + 1)..])));
        }

        Assert.Equal((3, 1, 2, "anna bert"), await PartAsync("count=2"));
        Assert.Equal((3, 3, 1, "cenek"), await PartAsync("startIndex=3&count=2"));
        Assert.Equal((3, 1, 0, ""), await PartAsync("count=0"));
        Assert.Equal((3, 1, 0, ""), await PartAsync("count=-4"));
        Assert.Equal((3, 1, 3, "anna bert cenek"), await PartAsync("startIndex=-7&count=999999999999"));
        Assert.Equal((3, 90, 0, ""), await PartAsync("startIndex=90"));
        Assert.Equal((3, 1, 3, "cenek bert anna"), await PartAsync("sortOrder=descending"));
        Assert.Equal([_mark + ".bert", _mark + ".anna"], await scim.FindAsync($"userName sw \"{_mark}\" and name.familyName pr", "&sortBy=name.familyName&sortOrder=ascending"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Get, "/Users?count=many"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidPath"), await scim.FaultAsync(HttpMethod.Get, "/Users?sortBy=password"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidValue"), await scim.FaultAsync(HttpMethod.Get, "/Users?sortOrder=sideways"));
    }

    [Fact, Spec("RFC 7644 §3.4.3")]
    public async Task A_search_asks_in_its_body()
    {
        await ThreeAsync();

        var list = await scim.AskAsync(HttpMethod.Post, "/Users/.search", $$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["userName"],"filter":"userName sw \"{{_mark}}\"","sortBy":"userName","sortOrder":"descending","startIndex":2,"count":1}
            """);

        Assert.Equal((3, 2), (list.GetProperty("totalResults").GetInt32(), list.GetProperty("startIndex").GetInt32()));
        var only = Assert.Single(list.GetProperty("Resources").EnumerateArray());
        Assert.Equal(["schemas", "id", "userName"], only.EnumerateObject().Select(static m => m.Name));
        Assert.Equal(_mark + ".bert", only.GetProperty("userName").GetString());
    }
}
