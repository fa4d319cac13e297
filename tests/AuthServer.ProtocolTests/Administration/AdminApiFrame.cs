using System.Net;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>What every route of the administration API has in common, and the audit trail through it.</summary>
public sealed class AdminApiFrame(SharedServer shared) : IClassFixture<SharedServer>
{
    private TestServer Server => shared.Server;

    private static async Task<string> TypeOfAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await TestServer.JsonAsync(answer);
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        return problem.GetProperty("type").GetString()!["urn:authserver:problem:".Length..];
    }

    [Fact, Spec("RFC 6750 §3")]
    public async Task Without_a_token_it_is_asked_for()
    {
        var answer = await Server.AdminAsync(HttpMethod.Get, "/audit", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("unauthorized", await TypeOfAsync(answer));
    }

    [Theory, Spec("RFC 6750 §3.1")]
    [InlineData("not-a-token"), InlineData("")]
    public async Task A_token_that_is_not_good_is_refused(string token)
    {
        var answer = await Server.AdminAsync(HttpMethod.Get, "/audit", token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact, Spec("RFC 6750 §3.1")]
    public async Task A_token_without_the_scope_is_told_which()
    {
        var answer = await Server.AdminAsync(HttpMethod.Get, "/audit", await Server.AdminTokenAsync(AdminRights.UsersWrite));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("scope=\"audit:read\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("insufficient-scope", await TypeOfAsync(answer));
    }

    [Fact]
    public async Task The_scope_alone_gives_a_person_nothing_that_they_have_no_right_to()
    {
        var token = await Server.AdminTokenAsync(await Server.AddUserAsync("nobody-special"));

        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Get, "/audit", token)).StatusCode);
    }

    [Fact]
    public async Task An_administrator_may_do_what_the_scopes_of_the_token_say()
    {
        var boss = await Server.AddAdministratorAsync("boss");

        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Get, "/audit", await Server.AdminTokenAsync(boss, AdminRights.Read))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Server.AdminAsync(HttpMethod.Get, "/audit", await Server.AdminTokenAsync(boss, AdminRights.UsersWrite))).StatusCode);
    }

    [Fact, Spec("RFC 9068 §4")]
    public async Task A_token_for_another_api_is_refused()
    {
        var client = SharedServer.Web("console") with { Scope = Engine.Protocol.ScopeSet.Parse("notes audit:read"), AllowedResources = [SharedServer.Api] };
        await Server.AddClientAsync(client, SharedServer.Secret);
        var boss = await Server.AddAdministratorAsync("boss2");
        var flow = await Server.SignInAsync("console", SharedServer.Secret, SharedServer.Callback, boss, "notes audit:read");
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Get, "/audit", flow.AccessToken)).StatusCode);

        var other = await Server.SignInAsync("console", SharedServer.Secret, SharedServer.Callback, boss, "notes");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.AdminAsync(HttpMethod.Get, "/audit", other.AccessToken)).StatusCode);
    }

    [Fact]
    public async Task A_page_session_is_no_credential_here()
    {
        var browser = (await shared.SignInAsync()).Browser;

        var answer = await browser.GetAsync("/api/admin/v1/audit");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem_and_not_a_page() =>
        Assert.Equal("not-found", await TypeOfAsync(await Server.AdminAsync(HttpMethod.Get, "/nothing/here", await Server.AdminTokenAsync())));

    [Fact]
    public async Task The_audit_trail_is_searched_and_read_page_by_page()
    {
        var trail = Server.Services.GetRequiredService<AuditTrail>();
        var subject = Guid.NewGuid().ToString();
        for (var i = 0; i < 5; i++) trail.Record(new AuditEvent(AuditKind.UserChanged, Subject: subject, Detail: $"change {i}", Actor: "user:boss", Target: "role:r"));
        trail.Record(new AuditEvent(AuditKind.SignedIn, Subject: subject));
        await trail.FlushAsync(CancellationToken.None);
        var token = await Server.AdminTokenAsync(AdminRights.AuditRead);

        var first = await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, $"/audit?subject={subject}&kind=user_changed&limit=3", token));
        var second = await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, $"/audit?subject={subject}&kind=user_changed&limit=3&cursor={first.GetProperty("next").GetString()}", token));
        var byActor = await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, $"/audit?actor=user:boss&target=role:r&subject={subject}", token));

        Assert.Equal(["change 4", "change 3", "change 2"], first.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("detail").GetString()));
        Assert.Equal(["change 1", "change 0"], second.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("detail").GetString()));
        Assert.Null(second.GetProperty("next").GetString());
        Assert.Equal(5, byActor.GetProperty("items").GetArrayLength());
        Assert.Equal(("user:boss", "role:r", "user_changed"), (byActor.GetProperty("items")[0].GetProperty("actor").GetString(), byActor.GetProperty("items")[0].GetProperty("target").GetString(), byActor.GetProperty("items")[0].GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("kind=nonsense", "kind"), InlineData("from=yesterday", "from"), InlineData("to=32", "to")]
    public async Task A_filter_that_means_nothing_is_named(string query, string field)
    {
        var answer = await Server.AdminAsync(HttpMethod.Get, "/audit?" + query, await Server.AdminTokenAsync(AdminRights.AuditRead));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(field, Assert.Single((await TestServer.JsonAsync(answer)).GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Fact]
    public async Task What_happened_is_counted_by_the_hour()
    {
        await shared.SignInAsync();
        await Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);

        var figures = await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, "/statistics?hours=24", await Server.AdminTokenAsync(AdminRights.AuditRead)));

        var names = figures.GetProperty("items").EnumerateArray().Where(f => f.GetProperty("value").GetInt64() > 0).Select(f => f.GetProperty("name").GetString()).ToList();
        Assert.Contains("sign_ins", names);
        Assert.Contains("tokens", names);
    }
}
