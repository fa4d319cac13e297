using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("zq8#Lm2vT!xw")]
    [InlineData("ninelettersandmore")]
    [InlineData("only lower case letters")]
    [InlineData("8375920174638")]
    [InlineData("пароль из нескольких слов")]
    [InlineData("            spaces            in            it x y z")]
    [InlineData("dragon-7392-kettle-5518")]
    [Spec("ASVS 6.2.5")]
    public void Any_characters_make_a_password(string password) => Assert.Null(Objection(password));

    [Theory]
    [InlineData("elevenchars", 12)]
    [InlineData("\U0001F600\U0001F601\U0001F602\U0001F603\U0001F604\U0001F605", 12)]
    [InlineData("", 12)]
    [Spec("ASVS 6.2.1")]
    public void Too_short_counts_characters_not_their_encoding(string password, int least) => Assert.Equal(new FieldFault("Password", AccountFault.PasswordTooShort, least), Objection(password));

    [Fact]
    [Spec("ASVS 6.2.9")]
    public void The_longest_password_is_taken_and_one_more_character_is_refused_not_cut()
    {
        var longest = string.Concat(Enumerable.Range(1000, 64));
        Assert.Equal(256, longest.Length);
        Assert.Null(Objection(longest));
        Assert.Equal(new FieldFault("Password", AccountFault.PasswordTooLong, 256), Objection(longest + "x"));
    }

    [Theory]
    [InlineData("password1234")]
    [InlineData("Password1234!")]
    [InlineData("PASSWORDPASSWORD")]
    [InlineData("P@ssw0rd1234")]
    [InlineData("administrator")]
    [InlineData("Administrator1")]
    [InlineData("qwertyuiop12")]
    [InlineData("1234567890qwerty")]
    [InlineData("1234qwerasdfzxcv")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("123456789012")]
    [InlineData("987654321098")]
    [InlineData("abcdefghijkl")]
    [InlineData("zyxwvutsrqpo")]
    [InlineData("111111111111")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("abcdabcdabcda")]
    [InlineData("loveyou1loveyou1")]
    [InlineData("aaaabbbbcccc")]
    [InlineData("!!!football!!!")]
    [InlineData("iloveyou2024")]
    [Spec("ASVS 6.2.4")]
    public void What_everybody_tries_first_is_refused(string password) => Assert.Equal(AccountFault.PasswordTooEasy, Objection(password)?.Fault);

    [Theory]
    [InlineData("password")]
    [InlineData("sunshine")]
    [InlineData("iloveyou")]
    [InlineData("football1")]
    [InlineData("abcd1234")]
    [Spec("ASVS 6.2.4")]
    public void With_the_shortest_length_allowed_the_bare_words_are_refused(string password) =>
        Assert.Equal(AccountFault.PasswordTooEasy, Objection(password, new AccountOptions { MinimumPasswordLength = 8 })?.Fault);

    [Fact]
    [Spec("ASVS 6.2.4")]
    public void The_list_holds_more_than_three_thousand_that_are_long_enough()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("AuthServer.Engine.Accounts.common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToList();
        Assert.True(lines.Count(l => l.Length >= 12) > 3000);
        Assert.Equal(lines.Count, lines.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("elizabeth.bennet")]
    [InlineData("Elizabeth.Bennet!")]
    [InlineData("elizabeth.bennet@example.com")]
    [InlineData("1-Wonderland")]
    [InlineData("WONDERLANDwonderland")]
    [Spec("ASVS 6.2.11")]
    public async Task A_password_is_not_the_persons_name_or_address_or_the_deployments_word(string password)
    {
        var rules = new PasswordRules(Options.Create(new AccountOptions { ForbiddenPasswordWords = { "wonderland" } }), new BreachedInMemory());
        var user = new User { UserName = "lizzy", Email = "elizabeth.bennet@example.com" };
        Assert.False((await rules.ValidateAsync(null!, user, password)).Succeeded);
        Assert.True((await rules.ValidateAsync(null!, user, "wonderland is where " + password + " lives")).Succeeded);
    }

    [Fact]
    [Spec("ASVS 6.2.12")]
    public async Task A_stolen_password_is_refused_and_looked_up_once()
    {
        var breached = new BreachedInMemory { Passwords = { "stolen from somewhere else" } };
        var rules = new PasswordRules(Options.Create(new AccountOptions()), breached);
        for (var i = 0; i < 2; i++)
        {
            var result = await rules.ValidateAsync(null!, new User { UserName = "lizzy" }, "stolen from somewhere else");
            Assert.Equal(AccountFault.PasswordBreached, FieldFault.Of(Assert.Single(result.Errors)).Fault);
        }

        Assert.Equal(1, breached.Asked);
        Assert.True((await rules.ValidateAsync(null!, new User { UserName = "lizzy" }, "never stolen from anybody")).Succeeded);
    }

    [Fact]
    public async Task What_the_rules_refuse_is_not_looked_up()
    {
        var breached = new BreachedInMemory();
        await new PasswordRules(Options.Create(new AccountOptions()), breached).ValidateAsync(null!, new User { UserName = "lizzy" }, "short");

        Assert.Equal(0, breached.Asked);
    }

    private static FieldFault? Objection(string password, AccountOptions? options = null) => new PasswordRules(Options.Create(options ?? new AccountOptions()), new BreachedInMemory()).Objection(password, []);
}
