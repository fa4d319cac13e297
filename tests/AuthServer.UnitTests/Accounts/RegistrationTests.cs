using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_person_registers_with_names_and_an_unverified_address()
    {
        using var bench = new AccountsBench();
        var form = AccountsBench.Form("alice", email: "alice@example.com") with { GivenName = "Zoë", FamilyName = "O'Hara" };
        var user = Assert.IsType<RegistrationOutcome.Registered>(await bench.Registration.RegisterAsync(form, "192.0.2.1", CancellationToken.None)).User;
        Assert.Equal(("alice", "alice@example.com", false, false), (user.UserName, user.Email, user.EmailConfirmed, user.IsAdministrator));
        Assert.Equal("""{"name":"Zo\u00EB O\u0027Hara","given_name":"Zo\u00EB","family_name":"O\u0027Hara"}""", user.Profile);
        Assert.Equal(new AuditEvent(AuditKind.Registered, Subject: user.Id, Address: "192.0.2.1"), Assert.Single(bench.Audit.Events));
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice"));
    }

    [Fact]
    public async Task No_address_is_no_address()
    {
        using var bench = new AccountsBench();
        Assert.Null(Assert.IsType<RegistrationOutcome.Registered>(await RegisterAsync(bench, AccountsBench.Form("alice", email: ""))).User.Email);
    }

    [Theory]
    [InlineData("al")]
    [InlineData("ali ce")]
    [InlineData("alice\n")]
    [InlineData("al\u0456ce")]
    [InlineData("")]
    public async Task A_user_name_outside_the_rules_is_refused(string name)
    {
        using var bench = new AccountsBench();
        Assert.Contains(await FaultsAsync(bench, AccountsBench.Form(name)), f => f.Field == nameof(RegistrationForm.UserName));
        Assert.Empty(bench.Users.All);
    }

    [Theory]
    [InlineData("alice@example.com\r\nBcc: victim@example.com")]
    [InlineData("alice@example.com,victim@example.com")]
    [InlineData("alice@example.com;victim@example.com")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("<alice@example.com>")]
    [InlineData("alice@example.com ")]
    [InlineData("alice")]
    [InlineData("alice@localhost")]
    [InlineData("@example.com")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("alice@exa\u0000mple.com")]
    [Spec("ASVS 1.3.11")]
    public async Task What_a_mail_program_could_read_as_more_than_one_address_is_refused(string email)
    {
        using var bench = new AccountsBench();
        Assert.Equal([nameof(RegistrationForm.Email)], (await FaultsAsync(bench, AccountsBench.Form("alice", email: email))).Select(f => f.Field));
    }

    [Fact]
    public async Task A_taken_name_is_told_and_a_taken_address_is_not()
    {
        using var bench = new AccountsBench();
        bench.Add("alice", "alice@example.com", emailConfirmed: true);
        Assert.Equal([nameof(RegistrationForm.UserName)], (await FaultsAsync(bench, AccountsBench.Form("ALICE"))).Select(f => f.Field));
        Assert.IsType<RegistrationOutcome.Registered>(await RegisterAsync(bench, AccountsBench.Form("mallory", email: "alice@example.com")));
    }

    [Fact]
    public async Task Of_two_who_want_a_name_at_the_same_moment_the_later_is_told_so()
    {
        using var bench = new AccountsBench();
        bench.Users.BeforeCreate = () =>
        {
            bench.Users.BeforeCreate = static () => { };
            bench.Add("alice");
        };
        Assert.Equal([nameof(RegistrationForm.UserName)], (await FaultsAsync(bench, AccountsBench.Form("alice"))).Select(f => f.Field));
    }

    [Fact]
    public async Task Where_registration_is_closed_nobody_registers_but_the_first_administrator_is_made()
    {
        using var bench = new AccountsBench(settings: [("RegistrationEnabled", "false")]);
        await FaultsAsync(bench, AccountsBench.Form("alice"));
        Assert.Empty(bench.Users.All);
        var code = await bench.FirstAdministrator.NewCodeAsync(CancellationToken.None);
        Assert.IsType<RegistrationOutcome.Registered>(await bench.FirstAdministrator.CreateAsync(code!, AccountsBench.Form("root"), null, CancellationToken.None));
    }

    [Fact]
    public async Task Control_characters_in_a_persons_name_are_refused()
    {
        using var bench = new AccountsBench();
        Assert.Equal([nameof(RegistrationForm.GivenName)], (await FaultsAsync(bench, AccountsBench.Form("alice") with { GivenName = "Al\u0007ice" })).Select(f => f.Field));
    }

    private static Task<RegistrationOutcome> RegisterAsync(AccountsBench bench, RegistrationForm form) => bench.Registration.RegisterAsync(form, null, CancellationToken.None);

    private static async Task<IReadOnlyList<FieldFault>> FaultsAsync(AccountsBench bench, RegistrationForm form) => Assert.IsType<RegistrationOutcome.Invalid>(await RegisterAsync(bench, form)).Faults;
}
