using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Testing;
using AuthServer.UnitTests.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

/// <summary>The accounts as the host wires them, over stores in memory and a clock that stands still. Hashing is only counted unless a test asks for the real one.</summary>
internal sealed class AccountsBench : IDisposable
{
    public const string Password = "four unrelated words here";

    private readonly ServiceProvider _services;

    public AccountsBench(bool realHashes = false, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Accounts:Argon2Memory", "8192"), new("Accounts:Argon2Iterations", "1"), .. settings.Select(s => KeyValuePair.Create<string, string?>("Accounts:" + s.Name, s.Value))])
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging();
        services.AddSingleton<TimeProvider>(Clock).AddSingleton<IAuditTrail>(Audit).AddSingleton(new Issuer("https://issuer.example"));
        services.AddSingleton<ISignInFailureStore>(Failures).AddSingleton<ISetupCodeStore>(SetupCodes).AddSingleton<ISessionStore>(Sessions);
        services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        services.AddSingleton<IUserStore<User>>(Users);
        services.AddSingleton<IBreachedPasswords>(new BreachedInMemory());
        services.AddAccounts().AddSessions();
        if (!realHashes) services.AddSingleton<IPasswordHasher<User>>(Hasher);
        _services = services.BuildServiceProvider();
        SetupCodes.AnyAdministrator = () => Users.All.Any(u => u.IsAdministrator);
    }

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    public RecordedAudit Audit { get; } = new();
    public UsersInMemory Users { get; } = new();
    public FailuresInMemory Failures { get; } = new();
    public SetupCodesInMemory SetupCodes { get; } = new();
    public SessionsInMemory Sessions { get; } = new();
    public CountingHasher Hasher { get; } = new();
    public PasswordSignIn SignIn => _services.GetRequiredService<PasswordSignIn>();
    public Registration Registration => _services.GetRequiredService<Registration>();
    public FirstAdministrator FirstAdministrator => _services.GetRequiredService<FirstAdministrator>();

    public SessionCookie Cookie => _services.GetRequiredService<SessionCookie>();

    /// <summary>What the machine makes of a password alone.</summary>
    public static CompletedSignIn SignedIn(string userId) => Assert.IsType<SignInStep.Done>(SignInDecider.Decide(new SignInFacts { UserId = userId, Proofs = [Proof.Password(default)], Factors = EnrolledFactors.None })).SignIn;

    public static RegistrationForm Form(string userName, string password = Password, string? email = null) => new() { UserName = userName, Password = password, Email = email };

    public Task<SignInOutcome> AttemptAsync(string identifier, string password = Password, string? address = "192.0.2.1") => SignIn.AttemptAsync(identifier, password, address, CancellationToken.None);

    /// <summary>A request that the accounts' own scheme can authenticate.</summary>
    public DefaultHttpContext Request(string? cookie = null)
    {
        var http = new DefaultHttpContext { RequestServices = _services };
        if (cookie is not null) http.Request.Headers.Cookie = cookie;
        return http;
    }

    public User Add(string userName, string? email = null, bool emailConfirmed = false, string? hash = null)
    {
        var user = new User
        {
            UserName = userName,
            NormalizedUserName = userName.ToUpperInvariant(),
            Email = email,
            NormalizedEmail = email?.ToUpperInvariant(),
            EmailConfirmed = emailConfirmed,
            PasswordHash = hash ?? Hasher.HashPassword(new User(), Password),
        };
        Users.All.Add(user);
        Hasher.Reset();
        return user;
    }

    public void Dispose() => _services.Dispose();
}

internal sealed class RecordedAudit : IAuditTrail
{
    private readonly List<AuditEvent> _events = [];

    public IReadOnlyList<AuditEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    public void Record(AuditEvent entry)
    {
        lock (_events) _events.Add(entry);
    }
}

/// <summary>Stands in for a slow hash: counts how often one was paid for.</summary>
internal sealed class CountingHasher : IPasswordHasher<User>
{
    private int _hashes;

    public int Hashes => _hashes;

    /// <summary>Runs while a hash is being computed.</summary>
    public Action Working { get; set; } = static () => { };

    public void Reset() => _hashes = 0;

    public string HashPassword(User user, string password) => "test:" + Pay(password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        hashedPassword == "test:" + Pay(providedPassword) ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;

    private string Pay(string password)
    {
        Interlocked.Increment(ref _hashes);
        Working();
        return password;
    }
}
