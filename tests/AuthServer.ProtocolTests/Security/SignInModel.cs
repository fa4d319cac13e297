using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>
/// The sign-in as a state machine, walked at random through its pages by several browsers that know each other's handles. The model keeps what each browser has proved;
/// the property is that no code ever comes out for less. Carol has an authenticator app, and some requests want two factors of anybody.
/// </summary>
[Spec("ASVS 6.3.3"), Spec("ASVS 10.4.1")]
public abstract class SignInModel(PatientServer shared)
{
    private const int Sequences = 500;
    private const int Steps = 8;

    [Fact]
    public async Task No_way_through_the_pages_leads_to_a_code_without_a_password_and_a_consent()
    {
        var codes = 0;
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            // The codes of Carol's app are used up by the walk before.
            shared.Server.Clock.Advance(TimeSpan.FromMinutes(2));
            var walk = new Walk(shared, new Chance(0xA11CE + (ulong)sequence * 0x9E37_79B9UL));
            try
            {
                codes += await walk.RunAsync(Steps);
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Sequence {sequence} after {walk.Trail}: {fault.Message}");
            }

            Assert.True(walk.Breach is null, $"Sequence {sequence}, {walk.Trail}: {walk.Breach}");
        }

        // A model that never gets anywhere would prove nothing.
        Assert.True(codes > Sequences / 8, $"only {codes} codes in {Sequences} walks");
    }

    /// <summary>What one browser has done.</summary>
    private sealed class Person(TestBrowser browser)
    {
        public TestBrowser Browser => browser;

        public BrowserPage? Page { get; set; }

        /// <summary>Whose right password was given here last, and at which step.</summary>
        public TestUser? SignedIn { get; set; }

        public int SignedInAt { get; set; } = -1;

        /// <summary>Whose right code was given here, after that person's password.</summary>
        public TestUser? Confirmed { get; set; }

        /// <summary>The person let this browser be remembered.</summary>
        public HashSet<string> Remembered { get; } = [];
    }

    private sealed record Asked(string Handle, string ClientId, string? Prompt, bool TwoFactors, int At)
    {
        /// <summary>The browsers that said yes to this very request, and as whom.</summary>
        public HashSet<(Person, string)> Consents { get; } = [];
    }

    private sealed class Walk(PatientServer shared, Chance chance)
    {
        private static readonly string Verifier = TestFlows.NewVerifier();
        private readonly Person[] _people = [new(shared.Server.NewBrowser()), new(shared.Server.NewBrowser()), new(shared.Server.NewBrowser())];
        private readonly List<Asked> _asked = [];
        private readonly HashSet<(string User, string Client)> _remembered = [];
        private readonly List<string> _trail = [];
        private int _step;

        public string? Breach { get; private set; }

        public string Trail => string.Join(" → ", _trail);

        public async Task<int> RunAsync(int steps)
        {
            var consents = shared.Server.Services.GetRequiredService<IConsentStore>();
            foreach (var user in new[] { shared.Alice, shared.Bob, shared.Carol })
                await consents.TryRevokeAsync(user.Id, "asks", shared.Server.Clock.GetUtcNow(), CancellationToken.None);

            var codes = 0;
            for (_step = 0; _step < steps && Breach is null; _step++)
            {
                shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
                var person = _people[chance.Below(_people.Length)];
                BrowserPage? page = null;
                // What the page in front of the browser has no button for is no step.
                for (var tries = 0; tries < 12 && page is null; tries++) page = await StepAsync(person);
                if (page is null) continue;
                person.Page = page;
                if ((int)page.Status >= 500) Breach = $"{page.Status} at {page.Url}";
                if (page["code"] is { } code) { codes++; await JudgeAsync(person, page, code); }
            }

            foreach (var person in _people) person.Browser.Dispose();
            return codes;
        }

        private async Task<BrowserPage?> StepAsync(Person person)
        {
            switch (chance.Below(18))
            {
                case 14: return await FactorAsync(person, right: false);
                case 15 or 16 or 17: return await FactorAsync(person, right: true);
                case 0 or 1 or 2: return await AskAsync(person);
                case 3: return await PasswordAsync(person, right: false);
                case 4 or 5 or 6: return await PasswordAsync(person, right: true);
                case 7 or 8: return await DecideAsync(person, "allow");
                case 9: return await DecideAsync(person, "deny");
                case 10: return await PressAsync(person, "/select-account", chance.Below(3) == 0 ? "other" : "current");
                case 11: return await OpenAsync(person, "/connect/authorize/continue");
                case 12: return await OpenAsync(person, new[] { "/login", "/login/factor", "/login/enrol", "/consent", "/select-account", "/register" }[chance.Below(6)]);
                default: return await SignOutAsync(person);
            }
        }

        private async Task<BrowserPage> AskAsync(Person person)
        {
            var clientId = chance.Below(3) == 0 ? "web" : "asks";
            var prompt = new[] { null, null, "login", "consent", "select_account", "none" }[chance.Below(6)];
            var twoFactors = chance.Below(4) == 0;
            _trail.Add($"ask {clientId} {prompt}{(twoFactors ? " with two factors" : "")}");
            var page = await person.Browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", clientId), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid profile"), ("prompt", prompt), ("acr_values", twoFactors ? AuthenticationContexts.MultiFactor : null),
                ("state", _asked.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("code_challenge", TestFlows.ChallengeOf(Verifier)), ("code_challenge_method", "S256")));
            // Each request has a number, its state; the handle is whatever the page's address shows.
            _asked.Add(new Asked(HandleOf(page) ?? "", clientId, prompt, twoFactors, _step));
            return page;
        }

        private async Task<BrowserPage?> PasswordAsync(Person person, bool right)
        {
            if (person.Page is not { Url.AbsolutePath: "/login", Callback: null } page || page.Document.QuerySelector("input[type=password]") is null) return null;
            var user = new[] { shared.Alice, shared.Bob, shared.Carol, shared.Carol }[chance.Below(4)];
            _trail.Add($"{(right ? "right" : "wrong")} password of {user.UserName}");
            var answer = await person.Browser.SignInAsync(page, user.UserName, right ? user.Password : chance.Below(2) == 0 ? "a wrong pass phrase" : user.Password + " ");
            if (!right || (answer.Url.AbsolutePath == "/login" && answer.Callback is null && answer.Status != HttpStatusCode.OK)) return answer;
            // Whoever has no factor is signed in by this, unless the request wants one.
            if (user != shared.Carol || person.Remembered.Contains(user.Id)) Note(person, user, HandleOf(page));
            return answer;
        }

        /// <summary>A request that wants two factors makes no session of one: whoever was signed in before still is.</summary>
        private void Note(Person person, TestUser user, string? handle)
        {
            if (_asked.FirstOrDefault(a => a.Handle.Length > 0 && a.Handle == handle) is { TwoFactors: true }) return;
            (person.SignedIn, person.SignedInAt, person.Confirmed) = (user, _step, null);
        }

        private async Task<BrowserPage?> FactorAsync(Person person, bool right)
        {
            if (person.Page is not { Url.AbsolutePath: "/login/factor", Callback: null } page || page.Document.QuerySelector("input[name=code]") is null) return null;
            var trust = chance.Below(4) == 0 && page.Document.QuerySelector("[name=trust]") is not null;
            _trail.Add($"{(right ? "right" : "wrong")} code{(trust ? ", remembered" : "")}");
            shared.Server.Clock.Advance(TimeSpan.FromSeconds(30));
            var fields = new Dictionary<string, string> { ["code"] = right ? shared.App.Code() : shared.App.WrongCode() };
            if (trust) fields["trust"] = "true";
            var answer = await person.Browser.SubmitAsync(page, fields);
            if (!right || (answer.Callback is null && answer.Url.AbsolutePath.StartsWith("/login", StringComparison.Ordinal))) return answer;
            (person.SignedIn, person.SignedInAt, person.Confirmed) = (shared.Carol, _step, shared.Carol);
            if (trust) person.Remembered.Add(shared.Carol.Id);
            return answer;
        }

        private async Task<BrowserPage?> DecideAsync(Person person, string decision)
        {
            if (person.Page is not { Url.AbsolutePath: "/consent", Callback: null } page || Button(page, decision) is null) return null;
            _trail.Add(decision);
            var asked = _asked.FirstOrDefault(a => a.Handle.Length > 0 && a.Handle == HandleOf(page));
            if (decision == "allow" && asked is not null && person.SignedIn is { } user)
            {
                asked.Consents.Add((person, user.Id));
                _remembered.Add((user.Id, asked.ClientId));
            }

            return await person.Browser.SubmitAsync(page, new Dictionary<string, string>(), decision);
        }

        private async Task<BrowserPage?> PressAsync(Person person, string path, string button)
        {
            if (person.Page is not { Callback: null } page || page.Url.AbsolutePath != path || Button(page, button) is null) return null;
            _trail.Add(button);
            if (button == "other") (person.SignedIn, person.Confirmed) = (null, null);
            return await person.Browser.SubmitAsync(page, new Dictionary<string, string>(), button);
        }

        /// <summary>With any handle there is: one's own, another browser's, one that is used up.</summary>
        private async Task<BrowserPage?> OpenAsync(Person person, string path)
        {
            var known = _asked.Where(a => a.Handle.Length > 0).ToList();
            if (known.Count == 0) return null;
            var asked = known[chance.Below(known.Count)];
            _trail.Add($"{path} of request {_asked.IndexOf(asked)}");
            return await person.Browser.GetAsync($"{path}?request={asked.Handle}");
        }

        private async Task<BrowserPage> SignOutAsync(Person person)
        {
            _trail.Add("sign out");
            (person.SignedIn, person.Confirmed) = (null, null);
            var page = await person.Browser.GetAsync("/logout");
            return page.Url.AbsolutePath == "/logout" ? await person.Browser.SubmitAsync(page, new Dictionary<string, string>()) : page;
        }

        /// <summary>The property.</summary>
        private async Task JudgeAsync(Person person, BrowserPage page, string code)
        {
            var asked = _asked[int.Parse(page["state"]!, System.Globalization.CultureInfo.InvariantCulture)];
            if (person.SignedIn is not { } user) { Breach = "a code for a browser in which nobody signed in"; return; }
            if (user == shared.Carol && person.Confirmed != user && !person.Remembered.Contains(user.Id)) Breach = "a code without the second factor of whoever has one";
            if (asked.TwoFactors && person.Confirmed != user) Breach = "a code without the second factor that was asked for";
            if (asked.Prompt == "login" && person.SignedInAt < asked.At) Breach = "a code without the fresh sign-in that was asked for";
            if (asked.Prompt == "consent" && !asked.Consents.Contains((person, user.Id))) Breach = "a code without the consent that was asked for";
            if (asked.ClientId == "asks" && !_remembered.Contains((user.Id, "asks"))) Breach = "a code without any consent";

            using var response = await shared.Server.RedeemAsync(asked.ClientId, AttackedServer.Secret, AttackedServer.Callback, code, Verifier);
            var tokens = await TestServer.JsonAsync(response);
            if (!tokens.TryGetProperty("id_token", out var idToken)) { Breach = "a code that is none"; return; }
            var claims = TestFlow.Claims(idToken.GetString()!);
            if (claims.GetProperty("sub").GetString() != user.Id) Breach = "a code for somebody else";
            if (claims.GetProperty("acr").GetString() == AuthenticationContexts.MultiFactor && person.Confirmed != user) Breach = "two factors claimed of one";
        }

        private static string? HandleOf(BrowserPage page) =>
            page.Callback is null && page.Url.Query.StartsWith("?request=", StringComparison.Ordinal) ? page.Url.Query["?request=".Length..] : null;

        private static IHtmlButtonElement? Button(BrowserPage page, string value) => page.Document.QuerySelectorAll<IHtmlButtonElement>("button").FirstOrDefault(b => b.Value == value);
    }
}

/// <summary>The walk gives wrong passwords by the hundred; that they are slowed down is another test's matter.</summary>
public sealed class PatientSqlite() : PatientServer(TestStorage.Sqlite);

public sealed class PatientPostgreSql() : PatientServer(TestStorage.PostgreSql);

public abstract class PatientServer(TestStorage storage) : AttackedServer(storage)
{
    protected override string Patience => "100";

    /// <summary>Has an authenticator app.</summary>
    public TestUser Carol { get; private set; } = null!;

    public TestAuthenticator App { get; private set; } = null!;

    protected override async Task PrepareAsync(TestServer server)
    {
        Carol = await server.AddUserAsync("carol");
        App = (await TestAuthenticator.SetUpAsync(server, Carol.Id)).App;
    }
}

public sealed class SignInModelOnSqlite(PatientSqlite shared) : SignInModel(shared), IClassFixture<PatientSqlite>;

public sealed class SignInModelOnPostgreSql(PatientPostgreSql shared) : SignInModel(shared), IClassFixture<PatientPostgreSql>;
