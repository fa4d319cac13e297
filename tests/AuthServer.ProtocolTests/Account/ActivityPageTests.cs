using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>A person reads what happened at their account, and nothing of anybody else's.</summary>
[Spec("ASVS 16.3.1")]
public abstract class ActivityPageTests(AccountServer shared)
{
    private const string Path = "/account/activity";

    private void Record(TestUser user, AuditKind kind, string? address = null) =>
        shared.Server.Services.GetRequiredService<IAuditTrail>().Record(new AuditEvent(kind, Subject: user.Id, Address: address));

    private static List<string> Lines(BrowserPage page) => [.. page.Document.QuerySelectorAll("main li").Select(li => string.Join(' ', li.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    [Fact]
    public async Task What_was_done_is_told_in_words_the_newest_first()
    {
        var user = await shared.NewUserAsync();
        using var stranger = shared.Server.NewBrowser();
        await stranger.SignInAsync(await stranger.GetAsync("/login"), user.UserName, "a wrong password");
        using var browser = await shared.SignedInAsync(user);
        await browser.SubmitAsync(await browser.GetAsync("/account/profile"), new Dictionary<string, string> { ["nickname"] = "al" });
        var elsewhere = await shared.OpenAppAsync(user);
        await AccountServer.PostAsync(browser, await browser.GetAsync("/account/sessions"), "/account/sessions?handler=EndOthers");
        await AccountServer.PostAsync(elsewhere.Browser, await elsewhere.Browser.GetAsync("/login"), "/login");
        await shared.FlushAuditAsync();

        var lines = Lines(await browser.GetAsync(Path));

        Assert.StartsWith("Signed out on another device", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("Profile changed", StringComparison.Ordinal));
        Assert.Contains("The password was wrong", lines[^1], StringComparison.Ordinal);
        Assert.True(lines.FindIndex(l => l.StartsWith("Profile changed", StringComparison.Ordinal)) < lines.FindLastIndex(l => l.StartsWith("Signed in", StringComparison.Ordinal)));
    }

    [Fact, Spec("ASVS 8.2.2")]
    public async Task Only_own_events_are_shown()
    {
        var (me, other) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        Record(other, AuditKind.RecoveryCodeUsed, "198.51.100.77");
        Record(me, AuditKind.EmailConfirmed, "198.51.100.78");
        await shared.FlushAuditAsync();
        using var browser = await shared.SignedInAsync(me);

        var page = await browser.GetAsync(Path);

        Assert.Contains("198.51.100.78", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("198.51.100.77", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("recovery code", page.Document.QuerySelector("main")!.TextContent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Paging_tells_every_event_once_also_where_many_happened_in_one_moment()
    {
        var user = await shared.NewUserAsync();
        for (var i = 0; i < 60; i++) Record(user, AuditKind.EmailConfirmed, "address-" + i + "-");
        using var browser = await shared.SignedInAsync(user);
        await shared.FlushAuditAsync();

        var all = new List<string>();
        var page = await browser.GetAsync(Path);
        for (var pages = 0; pages < 5; pages++)
        {
            all.AddRange(Lines(page));
            if (page.Document.QuerySelector("a[rel=next]")?.GetAttribute("href") is not { } next) break;
            page = await browser.GetAsync(next);
        }

        for (var i = 0; i < 60; i++) Assert.Single(all, l => l.Contains("address-" + i + "-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x"), InlineData("-1-1"), InlineData("99999999999999999999-1"), InlineData("253402300800000-1"), InlineData("1-2-3")]
    public async Task A_made_up_place_in_the_list_is_the_beginning(string before)
    {
        var user = await shared.NewUserAsync();
        using var browser = await shared.SignedInAsync(user);
        await shared.FlushAuditAsync();

        Assert.Contains("Signed in", (await browser.GetAsync(Path + "?before=" + before)).Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_from_outside_is_shown_as_text()
    {
        var user = await shared.NewUserAsync();
        Record(user, AuditKind.SignInRefused, "<script>alert(1)</script>");
        await shared.FlushAuditAsync();
        using var browser = await shared.SignedInAsync(user);

        Assert.DoesNotContain("<script>alert", (await browser.GetAsync(Path)).Html, StringComparison.Ordinal);
    }
}

public sealed class ActivityPageOnSqlite(SqliteAccounts shared) : ActivityPageTests(shared), IClassFixture<SqliteAccounts>;

public sealed class ActivityPageOnPostgreSql(PostgreSqlAccounts shared) : ActivityPageTests(shared), IClassFixture<PostgreSqlAccounts>;
