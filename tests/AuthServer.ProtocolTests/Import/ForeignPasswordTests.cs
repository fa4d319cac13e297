using AuthServer.Engine.Accounts;
using AuthServer.ProtocolTests.Authorization;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

/// <summary>Whoever came with a password hash of another system signs in with their old password, and has a hash of this server afterwards.</summary>
public sealed class ForeignPasswordTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Own = "$argon2id$v=19$m=8192,t=1,p=1$";

    public static TheoryData<string> Formats => [.. KnownAnswers.Names];

    [Fact]
    public void There_are_known_answers_for_every_format() => Assert.Equal(
        ["argon2d", "argon2i", "argon2id", "aspnet-identity", "bcrypt", "django-pbkdf2", "hex-pair", "keycloak", "passlib-pbkdf2", "scrypt-phc", "sha512-crypt", "werkzeug"], KnownAnswers.Names);

    [Theory, MemberData(nameof(Formats))]
    [Spec("ASVS 11.4.2")]
    public async Task An_old_password_signs_in_a_wrong_one_does_not_and_the_hash_becomes_the_servers_own(string format)
    {
        foreach (var (password, hash) in KnownAnswers.Read(format))
        {
            var user = await shared.Server.AddUserAsync("p" + Guid.NewGuid().ToString("N")[..12]);
            await UsersAsync(people => people.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash)));

            foreach (var wrong in new[] { password + "x", password[..^1], password + "\0", "correct horse" }) Assert.False(await CanSignInAsync(user.UserName, wrong), hash);
            Assert.Equal(hash, await HashOfAsync(user));

            Assert.True(await CanSignInAsync(user.UserName, password), hash);
            var stored = await HashOfAsync(user);
            Assert.StartsWith(Own, stored, StringComparison.Ordinal);

            Assert.True(await CanSignInAsync(user.UserName, password), hash);
            Assert.False(await CanSignInAsync(user.UserName, password + "x"), hash);
            Assert.Equal(stored, await HashOfAsync(user));
        }
    }

    private async Task<bool> CanSignInAsync(string userName, string password)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.SignInAsync(await browser.GetAsync(Ask.Url("web")), userName, password);
        return page["code"] is not null;
    }

    private Task<string?> HashOfAsync(TestUser user) => UsersAsync(people => people.Where(u => u.Id == user.Id).Select(u => u.PasswordHash).SingleAsync());

    private async Task<T> UsersAsync<T>(Func<IQueryable<User>, Task<T>> ask)
    {
        await using var scope = shared.Server.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<AuthDbContext>().Users.AsNoTracking());
    }
}
