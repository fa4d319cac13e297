using AuthServer.Engine.Factors;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.SignIn;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.SignIn;

public sealed class SignInDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Proof Password = Proof.Password(Now);
    private static readonly EnrolledFactors App = new() { Authenticator = true, RecoveryCodesLeft = 10 };

    [Fact]
    [Spec("RFC 8176 §2")]
    public void A_password_is_one_factor_and_says_so()
    {
        var done = Done(Decide([Password]));
        Assert.Equal((AuthenticationContexts.SingleFactor, "pwd"), (done.Acr, string.Join(' ', done.Amr)));
    }

    [Theory]
    [InlineData(ProofKind.AuthenticatorCode, AuthenticationContexts.MultiFactor, "pwd otp mfa")]
    [InlineData(ProofKind.RecoveryCode, AuthenticationContexts.MultiFactor, "pwd otp mfa")]
    [InlineData(ProofKind.EmailCode, AuthenticationContexts.TwoStep, "pwd otp")]
    [InlineData(ProofKind.Passkey, AuthenticationContexts.MultiFactor, "pwd hwk user mfa")]
    [Spec("RFC 8176 §2")]
    public void A_second_factor_raises_the_class_as_far_as_it_is_worth(ProofKind kind, string acr, string amr)
    {
        var done = Done(Decide([Password, Of(kind)], new EnrolledFactors { Authenticator = true, Passkeys = 1, EmailCode = true, RecoveryCodesLeft = 1 }));
        Assert.Equal((acr, amr), (done.Acr, string.Join(' ', done.Amr)));
    }

    [Theory]
    [InlineData(true, AuthenticationContexts.MultiFactor)]
    [InlineData(false, null)]
    public void A_passkey_alone_is_a_sign_in_only_with_user_verification(bool verified, string? acr)
    {
        var step = Decide([Proof.Passkey(Now, verified, deviceBound: false)], new EnrolledFactors { Passkeys = 1 });
        if (acr is null) Assert.IsType<SignInStep.FirstFactor>(step);
        else Assert.Equal((acr, "swk user mfa"), (Done(step).Acr, string.Join(' ', Done(step).Amr)));
    }

    [Fact]
    [Spec("ASVS 6.3.3")]
    public void Whoever_has_a_second_factor_is_asked_for_it()
    {
        Assert.Equal([ProofKind.AuthenticatorCode, ProofKind.RecoveryCode], Choices(Decide([Password], App)));
        Assert.Equal([ProofKind.AuthenticatorCode, ProofKind.RecoveryCode], Choices(Decide([Proof.Upstream(Now, multiFactor: false)], App)));
    }

    [Fact]
    public void Recovery_codes_stand_in_for_a_lost_factor_and_are_none_by_themselves() =>
        Assert.IsType<SignInStep.Done>(Decide([Password], new EnrolledFactors { RecoveryCodesLeft = 10 }));

    [Fact]
    public void Whoever_must_have_a_second_factor_and_has_none_sets_one_up_first() => Assert.IsType<SignInStep.Enrol>(Decide([Password], must: true));

    [Fact]
    public void A_remembered_device_spares_the_question_and_raises_nothing()
    {
        Assert.Equal(AuthenticationContexts.SingleFactor, Done(Decide([Password], App, trusted: true)).Acr);
        Assert.IsType<SignInStep.SecondFactor>(Decide([Password], App, trusted: true, wanted: AuthenticationContexts.MultiFactor));
    }

    [Fact]
    [Spec("RFC 9470 §4")]
    public void A_client_that_wants_more_gets_only_what_is_missing()
    {
        var session = Proof.StandingSession(Now.AddHours(-1), ["pwd"], AuthenticationContexts.SingleFactor);
        Assert.Equal([ProofKind.AuthenticatorCode, ProofKind.RecoveryCode], Choices(Decide([session], App, wanted: AuthenticationContexts.MultiFactor)));
        Assert.Equal("pwd otp mfa", string.Join(' ', Done(Decide([session, Of(ProofKind.AuthenticatorCode)], App, wanted: AuthenticationContexts.MultiFactor)).Amr));
        Assert.IsType<SignInStep.Enrol>(Decide([session], EnrolledFactors.None, wanted: AuthenticationContexts.MultiFactor));
    }

    [Fact]
    public void A_code_by_mail_does_not_reach_what_a_client_wants_in_full()
    {
        var mail = new EnrolledFactors { EmailCode = true };
        Assert.IsType<SignInStep.Enrol>(Decide([Password, Of(ProofKind.EmailCode)], mail, wanted: AuthenticationContexts.MultiFactor));
        Assert.Equal([ProofKind.EmailCode], Choices(Decide([Password], mail, wanted: AuthenticationContexts.TwoStep)));
    }

    /// <summary>Every combination of proofs, factors, rules and wishes: nobody is signed in without what was required.</summary>
    [Fact]
    [Spec("ASVS 6.3.1")]
    public void No_combination_of_facts_signs_in_without_every_required_proof()
    {
        var seen = 0;
        foreach (var facts in Everything())
        {
            seen++;
            if (SignInDecider.Decide(facts) is not SignInStep.Done { SignIn: var done }) continue;

            var kinds = facts.Proofs.Select(p => p.Kind).ToHashSet();
            var first = facts.Proofs.Any(p => p.Acr is not null);
            var strong = kinds.Overlaps([ProofKind.AuthenticatorCode, ProofKind.RecoveryCode, ProofKind.Passkey]) || facts.Proofs.Any(p => p.Acr == AuthenticationContexts.MultiFactor);
            var second = strong || kinds.Contains(ProofKind.EmailCode) || facts.Proofs.Any(p => p.Acr == AuthenticationContexts.TwoStep);
            Assert.True(first, "nothing said who the person is");
            Assert.True(done.Acr != AuthenticationContexts.MultiFactor || strong, "mfa without a strong second factor");
            Assert.True(done.Acr == AuthenticationContexts.SingleFactor || second, "two steps claimed of one");
            Assert.True(facts.WantedAcr.Count == 0 || AuthenticationContexts.Satisfies(done.Acr, facts.WantedAcr[0]), "the client's wish was not met");
            Assert.True(second || facts.DeviceTrusted || kinds.Contains(ProofKind.Session) || !(facts.MustHaveSecondFactor || facts.Factors.Any), "the second factor was skipped");
        }

        Assert.True(seen > 10_000, $"only {seen} combinations");
    }

    private static IEnumerable<SignInFacts> Everything()
    {
        Proof[] proofs =
        [
            Password, Proof.Upstream(Now, false), Proof.Passkey(Now, true, true), Proof.Passkey(Now, false, false), Of(ProofKind.AuthenticatorCode), Of(ProofKind.RecoveryCode), Of(ProofKind.EmailCode),
            Proof.StandingSession(Now, ["pwd"], AuthenticationContexts.SingleFactor),
        ];
        string?[] wishes = [null, .. AuthenticationContexts.All];
        for (var given = 0; given < 1 << proofs.Length; given++)
        for (var has = 0; has < 8; has++)
        for (var rules = 0; rules < 4; rules++)
        foreach (var wish in wishes)
        {
            yield return new SignInFacts
            {
                UserId = "alice",
                Proofs = [.. proofs.Where((_, i) => (given >> i & 1) == 1)],
                Factors = new EnrolledFactors { Authenticator = (has & 1) > 0, Passkeys = has >> 1 & 1, EmailCode = (has & 4) > 0, RecoveryCodesLeft = 3 },
                MustHaveSecondFactor = (rules & 1) > 0,
                DeviceTrusted = (rules & 2) > 0,
                WantedAcr = wish is null ? [] : [wish],
            };
        }
    }

    [Fact]
    [Spec("ASVS 6.4.6")]
    public void A_password_that_is_not_the_persons_to_keep_is_replaced_when_everything_else_is_proved()
    {
        Assert.IsType<SignInStep.NewPassword>(Decide([Password], replace: true));
        Assert.IsType<SignInStep.SecondFactor>(Decide([Password], App, replace: true));
        Assert.IsType<SignInStep.NewPassword>(Decide([Password, Of(ProofKind.AuthenticatorCode)], App, replace: true));
        Assert.IsType<SignInStep.Enrol>(Decide([Password], must: true, replace: true));
    }

    [Fact]
    public void Whoever_signs_in_without_the_password_is_not_asked_for_another() =>
        Assert.IsType<SignInStep.Done>(Decide([Proof.Passkey(Now, userVerified: true, deviceBound: true)], new EnrolledFactors { Passkeys = 1 }, replace: true));

    private static SignInStep Decide(IReadOnlyList<Proof> proofs, EnrolledFactors? factors = null, bool must = false, bool trusted = false, string? wanted = null, bool replace = false) => SignInDecider.Decide(new SignInFacts
    {
        UserId = "alice", Proofs = proofs, Factors = factors ?? EnrolledFactors.None, MustHaveSecondFactor = must, DeviceTrusted = trusted, WantedAcr = wanted is null ? [] : [wanted], MustReplacePassword = replace,
    });

    private static Proof Of(ProofKind kind) => kind switch
    {
        ProofKind.AuthenticatorCode => Proof.AuthenticatorCode(Now),
        ProofKind.RecoveryCode => Proof.RecoveryCode(Now),
        ProofKind.EmailCode => Proof.EmailCode(Now),
        _ => Proof.Passkey(Now, userVerified: false, deviceBound: true),
    };

    private static CompletedSignIn Done(SignInStep step) => Assert.IsType<SignInStep.Done>(step).SignIn;

    private static IReadOnlyList<ProofKind> Choices(SignInStep step) => Assert.IsType<SignInStep.SecondFactor>(step).Choices;
}
