using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.ProtocolTests.Security;
using AuthServer.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.SignIn;

/// <summary>Passkeys, answered by one in software that can say anything.</summary>
public sealed class PasskeyTests(OnSqlite shared) : IClassFixture<OnSqlite>
{
    private static int _people;

    private TestServer Server => shared.Server;

    private Passkeys Passkeys => Server.Services.GetRequiredService<Passkeys>();

    private static CancellationToken None => CancellationToken.None;

    private static DefaultHttpContext Http()
    {
        var http = new DefaultHttpContext();
        // Nothing of what the request calls itself counts.
        http.Request.Headers.Host = "evil.test";
        http.Request.Headers.Origin = "https://evil.test";
        http.Request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0";
        return http;
    }

    private Task<PasskeyOptions> AskAsync(User? user) => Passkeys.RequestOptionsAsync(user, Http(), None);

    private Task<PasskeyProof?> AnswerAsync(string ticket, string credential, string? expected = null) => Passkeys.TryAssertAsync(ticket, credential, expected, Http(), None);

    private async Task<(User User, TestPasskey Key)> NewPersonAsync(bool synced = false, string? email = null)
    {
        var name = "keys" + Interlocked.Increment(ref _people).ToString(CultureInfo.InvariantCulture);
        var added = await Server.AddUserAsync(name, email is null ? null : $$"""{"email":"{{email}}","email_verified":true}""");
        var user = await FindAsync(added.Id);
        var key = new TestPasskey(Server.Issuer) { Synced = synced };
        Assert.Equal(PasskeyEnrolment.Added, await RegisterAsync(user, key));
        return (user, key);
    }

    private async Task<PasskeyEnrolment> RegisterAsync(User user, TestPasskey key, string? name = null)
    {
        var question = await Passkeys.CreationOptionsAsync(user, Http(), None);
        return await Passkeys.TryRegisterAsync(user, question.Ticket, key.Create(question), name, Http(), None);
    }

    private async Task<User> FindAsync(string id)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(id))!;
    }

    private async Task ChangeAsync(string id, Action<User> change)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByIdAsync(id))!;
        change(user);
        Assert.True((await users.UpdateAsync(user)).Succeeded);
    }

    [Theory, Spec("Web Authentication Level 3 §7.2")]
    [InlineData(true), InlineData(false)]
    public async Task A_passkey_says_who_it_is(bool synced)
    {
        var (user, key) = await NewPersonAsync(synced);
        var question = await AskAsync(null);

        var proof = await AnswerAsync(question.Ticket, key.Get(question));

        Assert.Equal((user.Id, true, !synced), (proof!.User.Id, proof.UserVerified, proof.DeviceBound));
        var summary = Assert.Single(await Passkeys.ListAsync(user.Id, None));
        Assert.Equal(("Chrome on Linux", synced), (summary.Name, summary.Synced));
        Assert.NotNull(summary.LastUsedAt);
    }

    [Theory, Spec("ASVS 6.7.2")]
    [InlineData(true), InlineData(false)]
    public async Task An_answer_counts_once_even_from_a_passkey_that_does_not_count(bool known)
    {
        var (user, key) = await NewPersonAsync(synced: true);
        var question = await AskAsync(known ? user : null);
        var answer = key.Get(question);

        var proofs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AnswerAsync(question.Ticket, answer, known ? user.Id : null)));
        Assert.Single(proofs, proof => proof is not null);
        Assert.Null(await AnswerAsync(question.Ticket, answer, known ? user.Id : null));
    }

    [Fact]
    public async Task An_answered_question_is_known_again_however_it_is_spelt()
    {
        var (_, key) = await NewPersonAsync(synced: true);
        var question = await AskAsync(null);
        var answer = key.Get(question);
        Assert.NotNull(await AnswerAsync(question.Ticket, answer));

        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        string[] spellings = [.. alphabet.Select(last => question.Ticket[..^1] + last), question.Ticket + "=", question.Ticket + "==", " " + question.Ticket, question.Ticket.Insert(40, "\n")];
        foreach (var spelling in spellings) Assert.Null(await AnswerAsync(spelling, answer));
    }

    public static TheoryData<string, Action<TestPasskey>> Lies => new()
    {
        { "another site's origin", key => key.Origin = "https://evil.test" },
        { "plain http", key => key.Origin = "http://auth.test" },
        { "another port", key => key.Origin += ":8443" },
        { "a frame on another site", key => key.CrossOrigin = true },
        { "another domain", key => key.Domain = "evil.test" },
        { "another challenge", key => key.Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
        { "a wrong signature", key => key.SpoilSignature = true },
        { "nobody present", key => key.UserIsPresent = false },
        { "nobody verified", key => key.UserVerified = false },
        { "nobody's handle", key => key.UserHandle = "" },
        { "a stranger's handle", key => key.UserHandle = Guid.NewGuid().ToString() },
        { "a counter that stands", key => key.Counter = 5 },
    };

    [Theory, Spec("Web Authentication Level 3 §7.2")]
    [MemberData(nameof(Lies))]
    public async Task A_wrong_answer_is_refused(string lie, Action<TestPasskey> tell)
    {
        var (user, key) = await NewPersonAsync();
        key.Counter = 5;
        var question = await AskAsync(null);
        Assert.Equal(user.Id, (await AnswerAsync(question.Ticket, key.Get(question)))?.User.Id);

        key.Counter = 6;
        tell(key);
        question = await AskAsync(null);
        Assert.True(await AnswerAsync(question.Ticket, key.Get(question)) is null, lie);
    }

    [Fact]
    public async Task Beside_a_password_a_plain_security_key_will_do_and_says_that_it_verified_nobody()
    {
        var (user, key) = await NewPersonAsync();
        key.UserVerified = false;
        var question = await AskAsync(user);

        var proof = await AnswerAsync(question.Ticket, key.Get(question), user.Id);

        Assert.Equal((user.Id, false), (proof!.User.Id, proof.UserVerified));
    }

    [Fact]
    public async Task A_question_to_one_person_is_answered_by_that_person_only()
    {
        var (alice, aliceKey) = await NewPersonAsync();
        var (bob, bobKey) = await NewPersonAsync();

        foreach (var (asked, key, expected) in new[] { (alice, bobKey, alice.Id), (alice, bobKey, bob.Id), (alice, aliceKey, bob.Id), (alice, aliceKey, null), (null, bobKey, alice.Id) })
        {
            var question = await AskAsync(asked);
            Assert.Null(await AnswerAsync(question.Ticket, key.Get(question), expected));
        }

        var right = await AskAsync(alice);
        Assert.NotNull(await AnswerAsync(right.Ticket, aliceKey.Get(right), alice.Id));
    }

    [Fact]
    public async Task Whoever_may_not_sign_in_does_not_by_passkey_either()
    {
        foreach (var change in new Action<User>[] { user => user.Disabled = true, user => user.LockoutEnd = Server.Clock.GetUtcNow().AddHours(1) })
        {
            var (user, key) = await NewPersonAsync();
            await ChangeAsync(user.Id, change);
            var question = await AskAsync(null);
            Assert.Null(await AnswerAsync(question.Ticket, key.Get(question)));
            Assert.Equal(PasskeyEnrolment.Refused, await RegisterAsync(user, new TestPasskey(Server.Issuer)));
        }
    }

    [Theory]
    [InlineData(""), InlineData("null"), InlineData("{}"), InlineData("[]"), InlineData("{"), InlineData("{\"id\":1}"), InlineData("{\"id\":\"AA\",\"type\":\"public-key\",\"response\":{}}")]
    public async Task What_is_no_answer_is_refused_and_breaks_nothing(string text)
    {
        var (user, _) = await NewPersonAsync();
        foreach (var ticket in new[] { (await AskAsync(null)).Ticket, "", "x" }) Assert.Null(await AnswerAsync(ticket, text));
        Assert.Null(await AnswerAsync((await AskAsync(user)).Ticket, text, user.Id));
        var question = await Passkeys.CreationOptionsAsync(user, Http(), None);
        Assert.Equal(PasskeyEnrolment.Refused, await Passkeys.TryRegisterAsync(user, question.Ticket, text, null, Http(), None));
        Assert.Null(await AnswerAsync((await AskAsync(null)).Ticket, new string('x', 100_000)));
    }

    [Fact]
    public async Task A_question_has_an_end()
    {
        var (user, key) = await NewPersonAsync();
        var (open, known, creation) = (await AskAsync(null), await AskAsync(user), await Passkeys.CreationOptionsAsync(user, Http(), None));
        Server.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Null(await AnswerAsync(open.Ticket, key.Get(open)));
        Assert.Null(await AnswerAsync(known.Ticket, key.Get(known), user.Id));
        Assert.Equal(PasskeyEnrolment.Refused, await Passkeys.TryRegisterAsync(user, creation.Ticket, new TestPasskey(Server.Issuer).Create(creation), null, Http(), None));
    }

    [Fact, Spec("Web Authentication Level 3 §7.1")]
    public async Task A_passkey_is_added_once_by_whom_it_was_asked_from_and_told_about()
    {
        var (user, key) = await NewPersonAsync(email: "keys@example.org");
        var (other, _) = await NewPersonAsync();
        Assert.Contains("passkey was added", (await Server.Mail.LastAsync("keys@example.org")).Text, StringComparison.Ordinal);

        var question = await Passkeys.CreationOptionsAsync(user, Http(), None);
        var answer = new TestPasskey(Server.Issuer).Create(question);
        Assert.Equal(PasskeyEnrolment.Refused, await Passkeys.TryRegisterAsync(other, question.Ticket, answer, null, Http(), None));
        // The try of somebody else has used it up.
        Assert.Equal(PasskeyEnrolment.Refused, await Passkeys.TryRegisterAsync(user, question.Ticket, answer, null, Http(), None));

        Assert.Equal(PasskeyEnrolment.Refused, await RegisterAsync(user, key));
        using var copy = new TestPasskey(Server.Issuer) { Id = key.Id };
        Assert.Equal(PasskeyEnrolment.Refused, await RegisterAsync(other, copy));
        Assert.Equal(PasskeyEnrolment.Refused, await RegisterAsync(user, new TestPasskey("https://evil.test")));
        Assert.Equal(PasskeyEnrolment.Added, await RegisterAsync(user, new TestPasskey(Server.Issuer), " Work "));
        Assert.Equal(["Chrome on Linux", "Work"], (await Passkeys.ListAsync(user.Id, None)).Select(k => k.Name).Order());
    }

    [Fact]
    public async Task There_is_a_most_that_one_person_can_have()
    {
        var (user, _) = await NewPersonAsync();
        for (var i = 1; i < Passkeys.MostPerUser; i++) Assert.Equal(PasskeyEnrolment.Added, await RegisterAsync(user, new TestPasskey(Server.Issuer)));
        Assert.Equal(PasskeyEnrolment.TooMany, await RegisterAsync(user, new TestPasskey(Server.Issuer)));
    }

    [Fact]
    public async Task A_passkey_is_renamed_and_removed_by_its_owner_only()
    {
        var (alice, key) = await NewPersonAsync();
        var (bob, _) = await NewPersonAsync();
        var id = Assert.Single(await Passkeys.ListAsync(alice.Id, None)).Id;

        Assert.False(await Passkeys.TryRenameAsync(bob.Id, id, "Mine", None));
        Assert.False(await Passkeys.TryRemoveAsync(bob.Id, id, None));
        Assert.False(await Passkeys.TryRemoveAsync(alice.Id, "not base64url!", None));
        Assert.False(await Passkeys.TryRenameAsync(alice.Id, id, new string('x', 65), None));
        Assert.True(await Passkeys.TryRenameAsync(alice.Id, id, "Mine", None));
        Assert.Equal("Mine", Assert.Single(await Passkeys.ListAsync(alice.Id, None)).Name);

        var question = await AskAsync(null);
        Assert.True(await Passkeys.TryRemoveAsync(alice.Id, id, None));
        Assert.False(await Passkeys.TryRemoveAsync(alice.Id, id, None));
        Assert.Null(await AnswerAsync(question.Ticket, key.Get(question)));
    }
}
