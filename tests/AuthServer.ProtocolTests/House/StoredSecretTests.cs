using AuthServer.Engine.Accounts;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>No answer of any test contains what the server keeps. Every test server looks for it when it ends; here it is shown that it would find it.</summary>
[Spec("ASVS 14.2.6"), Spec("ASVS 8.2.3")]
public sealed class StoredSecretTests
{
    [Theory, InlineData("hash"), InlineData("password"), InlineData("client"), InlineData("key")]
    public async Task A_server_that_shows_one_does_not_end_in_peace(string which)
    {
        var server = await TestServer.StartAsync(new TestServerSettings { Services = services => services.AddSingleton<IStartupFilter>(new Loose(which)) });
        await server.AddUserAsync("alice");
        await server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        await server.GetAsync("/.well-known/jwks.json");
        await server.GetAsync("/loose");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.DisposeAsync());

        Assert.Contains("GET /loose 200", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Password, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_that_makes_a_secret_may_show_it_and_no_other()
    {
        var server = await TestServer.StartAsync();
        var token = await server.AdminTokenAsync();
        var made = await TestServer.JsonAsync(await server.AdminAsync(HttpMethod.Post, "/clients", token, """{"client_id":"made","grant_types":["client_credentials"],"response_types":[]}"""));
        Assert.True(made.TryGetProperty("client_secret", out var secret));
        await server.AdminAsync(HttpMethod.Get, "/clients/made", token);
        Assert.Empty(server.Responses.Leaks);

        await server.AdminAsync(HttpMethod.Get, "/nothing?" + secret.GetString(), token);
        server.Responses.Look(new HttpResponseMessage(), $$"""{"again":"{{secret.GetString()}}"}""");

        Assert.Single(server.Responses.Leaks);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.DisposeAsync());
    }

    /// <summary>An endpoint that tells.</summary>
    private sealed class Loose(string which) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map("/loose", loose => loose.Run(async http =>
            {
                var db = http.RequestServices.GetRequiredService<AuthDbContext>();
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(which switch
                {
                    "hash" => (await db.Set<User>().Select(static u => u.PasswordHash!).FirstAsync())[20..],
                    "password" => TestServer.Password,
                    "client" => (await db.Clients.Where(static c => c.ClientId == "web").Select(static c => c.Secrets).FirstAsync()).Replace("sha256$", "", StringComparison.Ordinal),
                    _ => Convert.ToBase64String(await db.SigningKeys.Select(static k => k.Wrapped).FirstAsync()),
                });
            }));
            next(app);
        };
    }
}
