using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.RagModulo;

/// <summary>What the original did not have: second factors, and people who may not sign in.</summary>
public sealed class RagModuloSecurity(RagModuloServer server) : IClassFixture<RagModuloServer>
{
    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "an account with a second factor, 401 until the code comes with it")]
    public async Task A_password_alone_does_not_sign_in_who_has_a_second_factor()
    {
        var user = await server.Server.AddUserAsync(NewName());
        var (app, _) = await TestAuthenticator.SetUpAsync(server.Server, user.Id);

        var alone = await server.SignInAsync(user.UserName);
        var wrong = await server.SendAsync("POST", "/api/auth/login", Json(new { username = user.UserName, password = Password, code = app.WrongCode() }));
        var right = await server.SendAsync("POST", "/api/auth/login", Json(new { username = user.UserName, password = Password, code = app.Code(1) }));

        const string needed = "This account needs a second factor: send it as code, or sign in with a browser";
        alone.Is(401, $$"""{"detail":"{{needed}}","error":"{{needed}}"}""");
        wrong.Is(401, """{"detail":"The code is wrong","error":"The code is wrong"}""");
        Assert.Equal(200, right.Status);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "a disabled account, 401 as with a wrong password; its token is over at once")]
    public async Task Who_is_disabled_is_refused_everywhere()
    {
        var user = await server.Server.AddUserAsync(NewName());
        var token = await server.TokenAsync(user.UserName);
        await using (var scope = server.Server.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
            var found = (await users.FindByIdAsync(user.Id))!;
            found.Disabled = true;
            Assert.True((await users.UpdateAsync(found)).Succeeded);
        }

        (await server.SignInAsync(user.UserName)).Is(401, """{"detail":"Invalid credentials","error":"Invalid credentials"}""");
        (await server.SendAsync("GET", "/api/auth/me", null, Bearer(token))).Is(401, """{"detail":"Invalid authentication credentials"}""");
        (await server.SendAsync("GET", "/api/auth/session", null, Bearer(token))).Is(200, """{"authenticated":false,"user":null,"error":"Invalid token"}""");
    }
}
