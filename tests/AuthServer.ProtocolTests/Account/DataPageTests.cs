using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Storage;
using AuthServer.Storage.Tables;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>Everything about a person, to take along or to delete.</summary>
public abstract class DataPageTests(AccountServer shared)
{
    private const string Path = "/account/data";
    private const string DeletePath = "/account/delete";

    [Fact, Spec("GDPR Art. 15")]
    public async Task The_copy_holds_what_is_promised_and_no_secret()
    {
        var user = await shared.NewUserAsync("""{"name":"Zoë","email":"zoe@example.com","email_verified":true,"phone_number":"+49 30 1"}""");
        using var browser = await shared.SignedInAsync(user);
        var flow = await shared.OpenAppAsync(user, browser);
        await shared.FlushAuditAsync();

        var file = await browser.SubmitAsync(await browser.GetAsync(Path), new Dictionary<string, string>());

        Assert.Equal("application/json", file.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", file.Response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.True(file.Response.Headers.CacheControl!.NoStore);
        var document = await TestServer.JsonAsync(file.Response);
        Assert.Equal((user.Id, user.UserName), (document.GetProperty("account").GetProperty("id").GetString(), document.GetProperty("account").GetProperty("user_name").GetString()));
        Assert.Equal(("Zoë", "zoe@example.com", "+49 30 1"), (document.GetProperty("claims").GetProperty("name").GetString(), document.GetProperty("claims").GetProperty("email").GetString(), document.GetProperty("claims").GetProperty("phone_number").GetString()));
        Assert.True(document.GetProperty("sign_in").GetProperty("password").GetBoolean());
        Assert.Equal(1, document.GetProperty("sessions").GetArrayLength());
        Assert.Equal(1, document.GetProperty("devices").GetArrayLength());
        Assert.Equal("web", document.GetProperty("grants")[0].GetProperty("app").GetString());
        Assert.Contains(document.GetProperty("events").EnumerateArray(), e => e.GetProperty("event").GetString() == nameof(AuditKind.SignedIn));

        foreach (var secret in await SecretsOfAsync(user, flow)) Assert.DoesNotContain(secret, file.Html, StringComparison.OrdinalIgnoreCase);
        foreach (var word in new[] { "hash", "stamp", "secret", "argon2" }) Assert.DoesNotContain(word, file.Html, StringComparison.OrdinalIgnoreCase);
        await shared.FlushAuditAsync();
        Assert.Contains("Your data was downloaded", (await browser.GetAsync("/account/activity")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_copy_is_made_for_a_form_of_ours_only_and_holds_nobody_else()
    {
        var (me, other) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        using var browser = await shared.SignedInAsync(me);
        using var theirs = await shared.SignedInAsync(other);
        await shared.FlushAuditAsync();

        Assert.NotEqual("application/json", (await browser.PostCrossSiteAsync(Path, [])).Response.Content.Headers.ContentType?.MediaType);
        var file = await browser.SubmitAsync(await browser.GetAsync(Path), new Dictionary<string, string>());
        Assert.DoesNotContain(other.Id, file.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(other.UserName + "@", file.Html, StringComparison.Ordinal);
    }

    [Fact, Spec("GDPR Art. 17"), Spec("ASVS 7.4.2")]
    public async Task A_deleted_account_is_gone_from_every_table_and_nothing_of_it_works()
    {
        var user = await shared.NewUserAsync();
        var elsewhere = await shared.OpenAppAsync(user, scope: "openid offline_access");
        var opaque = await shared.OpenAppAsync(user, clientId: "opaque");
        using var browser = await shared.SignedInAsync(user);
        Assert.NotEqual(0, await RowsOfAsync(user.Id));

        var done = await browser.SubmitAsync(await browser.GetAsync(DeletePath), new Dictionary<string, string> { ["name"] = user.UserName.ToUpperInvariant() });

        Assert.Equal("/deleted", done.Url.AbsolutePath);
        Assert.Equal(0, await RowsOfAsync(user.Id));
        foreach (var flow in new[] { elsewhere, opaque }) Assert.True(await shared.IsAccessTokenRefusedAsync(flow));
        Assert.True(await shared.IsRefreshRefusedAsync(elsewhere));
        Assert.True(await shared.IsRefreshRefusedAsync(opaque, "opaque"));
        Assert.True(await AccountServer.IsSignedOutAsync(browser));
        Assert.True(await AccountServer.IsSignedOutAsync(elsewhere.Browser));
        using var next = shared.Server.NewBrowser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await next.SignInAsync(await next.GetAsync("/login"), user.UserName, user.Password)).Status);
    }

    [Theory]
    [InlineData(""), InlineData("somebody else")]
    public async Task Without_the_name_typed_out_nothing_is_deleted(string typed)
    {
        var user = await shared.NewUserAsync();
        using var browser = await shared.SignedInAsync(user);

        var refused = await browser.SubmitAsync(await browser.GetAsync(DeletePath), new Dictionary<string, string> { ["name"] = typed });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotNull(refused.Document.QuerySelector("#name-fault"));
        Assert.False(await AccountServer.IsSignedOutAsync(browser));
    }

    [Fact, Spec("ASVS 7.5.1")]
    public async Task A_sign_in_of_long_ago_is_not_enough_to_delete()
    {
        await using var server = await TestServer.StartAsync();
        var user = await server.AddUserAsync("alice");
        using var browser = await AccountServer.SignedInAsync(server, user);
        var page = await browser.GetAsync(DeletePath);
        server.Clock.Advance(TimeSpan.FromMinutes(25));

        Assert.Equal("/login", (await browser.SubmitAsync(page, new Dictionary<string, string> { ["name"] = "alice" })).Url.AbsolutePath);
        Assert.Equal("/login", (await browser.GetAsync(DeletePath)).Url.AbsolutePath);
        Assert.False(await AccountServer.IsSignedOutAsync(browser));
    }

    [Fact]
    public async Task The_last_administrator_stays_and_of_two_who_leave_at_once_one_stays()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Provider = Provider });
        var (first, second) = (await AdministratorAsync(server, "first"), await AdministratorAsync(server, "second"));
        using var one = await AccountServer.SignedInAsync(server, first);
        using var two = await AccountServer.SignedInAsync(server, second);
        var (formOne, formTwo) = (await one.GetAsync(DeletePath), await two.GetAsync(DeletePath));

        var answers = await Task.WhenAll(one.SubmitAsync(formOne, new Dictionary<string, string> { ["name"] = "first" }), two.SubmitAsync(formTwo, new Dictionary<string, string> { ["name"] = "second" }));

        var stays = Assert.Single(answers, a => a.Url.AbsolutePath == DeletePath);
        Assert.Contains("last administrator", stays.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var left = answers[0] == stays ? one : two;
        var form = await left.GetAsync(DeletePath);
        Assert.Null(form.Document.QuerySelector("form"));
        Assert.False(await AccountServer.IsSignedOutAsync(left));
    }

    private TestStorage Provider => shared.Server.ConnectionString.Contains("Data Source", StringComparison.Ordinal) ? TestStorage.Sqlite : TestStorage.PostgreSql;

    private static async Task<TestUser> AdministratorAsync(TestServer server, string name)
    {
        var user = await server.AddUserAsync(name);
        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.IsAdministrator, true));
        return user;
    }

    /// <summary>In each table that has a column for a user, found in the model: a table that comes later is asked as well. The audit trail stays, and says so on the page.</summary>
    private async Task<int> RowsOfAsync(string userId)
    {
        await using var scope = shared.Server.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var rows = await context.Users.CountAsync(u => u.Id == userId);
        foreach (var table in context.Model.GetEntityTypes().Where(t => t.FindProperty("UserId") is not null))
            rows += await CountAsync(context, table.GetTableName()!, userId);
        return rows;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "EF1002", Justification = "The name of a table of ours.")]
    private static Task<int> CountAsync(AuthDbContext context, string table, string userId) =>
        context.Database.SqlQueryRaw<int>($"SELECT COUNT(*) AS \"Value\" FROM {table} WHERE user_id = {{0}}", userId).SingleAsync();

    private async Task<List<string>> SecretsOfAsync(TestUser user, TestFlow flow)
    {
        await using var scope = shared.Server.Services.CreateAsyncScope();
        var row = (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(user.Id))!;
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var bytes = new List<byte[]>();
        foreach (var session in await context.Sessions.AsNoTracking().Where(s => s.UserId == user.Id).ToListAsync()) bytes.Add(session.KeyHash);
        foreach (var grant in await context.Grants.AsNoTracking().Where(g => g.UserId == user.Id).ToListAsync()) bytes.AddRange([grant.FamilyHash!, grant.SecretHash!]);
        bytes.AddRange(await context.Set<DeviceRow>().AsNoTracking().Where(d => d.UserId == user.Id).Select(d => d.Hash).ToListAsync());
        return [row.PasswordHash!, row.SecurityStamp!, row.ConcurrencyStamp!, flow.AccessToken, flow.RefreshToken!, flow.Code, .. bytes.Select(Convert.ToHexString), .. bytes.Select(Convert.ToBase64String)];
    }
}

public sealed class DataPageOnSqlite(SqliteAccounts shared) : DataPageTests(shared), IClassFixture<SqliteAccounts>;

public sealed class DataPageOnPostgreSql(PostgreSqlAccounts shared) : DataPageTests(shared), IClassFixture<PostgreSqlAccounts>;
