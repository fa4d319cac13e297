using AuthServer.Engine.Sessions;
using AuthServer.Testing;
using AuthServer.UnitTests.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthServer.UnitTests.Sessions;

public sealed class SessionAuthenticationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_is_told_who_is_signed_in_and_whether_they_administer(bool administrator)
    {
        using var bench = new AccountsBench();
        if (administrator) bench.Sessions.Administrators.Add("alice");
        var signIn = bench.Request();
        var session = await bench.Cookie.SignInAsync(signIn, AccountsBench.SignedIn("alice"), "Alice", persistent: false, CancellationToken.None);

        var http = bench.Request(signIn.Response.Headers.SetCookie.ToString().Split(';')[0]);
        var person = (await http.AuthenticateAsync()).Principal!;
        Assert.Equal(("alice", "name of alice", session.Id), (person.FindFirst("sub")!.Value, person.Identity!.Name, person.FindFirst("sid")!.Value));
        Assert.Equal("1772366400", person.FindFirst("auth_time")!.Value);
        Assert.Equal(administrator, person.IsInRole(SessionAuthentication.AdministratorRole));
    }

    [Fact]
    public async Task Without_a_session_a_page_is_told_of_nobody()
    {
        using var bench = new AccountsBench();
        Assert.False((await bench.Request().AuthenticateAsync()).Succeeded);
    }

    [Theory]
    [InlineData("", "/login")]
    [InlineData("/id", "/id/login")]
    [Spec("ASVS 10.1.1")]
    public async Task A_challenge_leads_to_the_sign_in_page_without_a_way_back_to_tamper_with(string pathBase, string location)
    {
        using var bench = new AccountsBench();
        var http = bench.Request();
        (http.Request.PathBase, http.Request.Path, http.Request.QueryString) = (pathBase, "/account", new QueryString("?next=https://evil.example"));
        await http.ChallengeAsync();
        Assert.Equal((302, location), (http.Response.StatusCode, http.Response.Headers.Location.ToString()));
    }

    [Fact]
    public async Task A_page_for_others_is_forbidden_not_a_reason_to_sign_in()
    {
        using var bench = new AccountsBench();
        var http = bench.Request();
        await http.ForbidAsync();
        Assert.Equal(403, http.Response.StatusCode);
    }
}
