using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects;

/// <summary>How a sign-in through a dialect ended.</summary>
internal enum DialectSignInEnd
{
    SignedIn,

    /// <summary>Unknown, wrong, disabled, locked by an administrator.</summary>
    Refused,
    LockedOut,

    /// <summary>The password is right, a code is missing.</summary>
    SecondFactorNeeded,

    /// <summary>The code that came with it is wrong.</summary>
    WrongCode,

    /// <summary>Something has to be done in a browser first: a new password, or setting up a second factor.</summary>
    BrowserNeeded,
    Busy,

    /// <summary>More attempts in an hour than one address or account may make.</summary>
    TooMany,
}

/// <param name="User">Set where somebody is signed in.</param>
internal sealed record DialectSignIn(DialectSignInEnd End, User? User = null, CompletedSignIn? Completed = null);

/// <summary>People as the dialects need them: signing in, registering, and who is calling. Everything is asked of the engine.</summary>
internal sealed class DialectPeople(DirectSignIn signIn, Registration registration, TrafficLimits limits, Actors actors, PasswordChange passwords, ISessionStore sessions, ITokenStore grants, TimeProvider clock)
{
    public async Task<DialectSignIn> SignInAsync(DialectRequest request, string identifier, string password, string? code, CancellationToken ct)
    {
        if (!limits.TryPassSignIn(request.Http, identifier)) return new DialectSignIn(DialectSignInEnd.TooMany);
        return await signIn.AttemptAsync(identifier, password, code, request.Address, ct) switch
        {
            DirectOutcome.SignedIn done => new DialectSignIn(DialectSignInEnd.SignedIn, done.User, done.SignIn),
            DirectOutcome.SecondFactorNeeded { Choices.Count: 0 } => new DialectSignIn(DialectSignInEnd.BrowserNeeded),
            DirectOutcome.SecondFactorNeeded { CodeWasWrong: true } => new DialectSignIn(DialectSignInEnd.WrongCode),
            DirectOutcome.SecondFactorNeeded => new DialectSignIn(DialectSignInEnd.SecondFactorNeeded),
            DirectOutcome.PasswordToReplace => new DialectSignIn(DialectSignInEnd.BrowserNeeded),
            DirectOutcome.LockedOut => new DialectSignIn(DialectSignInEnd.LockedOut),
            DirectOutcome.Busy => new DialectSignIn(DialectSignInEnd.Busy),
            _ => new DialectSignIn(DialectSignInEnd.Refused),
        };
    }

    /// <summary>Null: more registrations in an hour than one address may make.</summary>
    public async Task<RegistrationOutcome?> RegisterAsync(DialectRequest request, RegistrationForm form, CancellationToken ct) =>
        limits.TryPassRegistration(request.Http) ? await registration.RegisterAsync(form, request.Address, ct) : null;

    /// <inheritdoc cref="RegisterAsync"/>
    /// <remarks>Also refuses an address that somebody has noted.</remarks>
    public async Task<RegistrationOutcome?> RegisterWithNewAddressAsync(DialectRequest request, RegistrationForm form, CancellationToken ct) =>
        limits.TryPassRegistration(request.Http) ? await registration.RegisterWithNewAddressAsync(form, request.Address, ct) : null;

    /// <summary>Counts a request of somebody who is signed in; false: it is one too many.</summary>
    public bool MayPass(DialectRequest request, DialectToken? token) => limits.TryPass(request.Http, new Caller(ClientId: null, UserId: token?.User.Id));

    /// <summary>Who acts, for the engine's administration: a person with all they may do, for the old APIs knew no scopes.</summary>
    public Task<Actor> ActorAsync(DialectRequest request, GrantUser user, CancellationToken ct) => actors.OfUserAsync(user, request.Address, ct);

    /// <summary>Somebody who looks at themselves: what they are and where they belong everybody may read of their own, whatever their rights. Only for reading, and only with their own id.</summary>
    public static Actor OneselfReading(DialectRequest request, GrantUser user) => new()
    {
        Kind = ActorKind.User, Id = user.Id, Name = user.UserName, Rights = new HashSet<string>(StringComparer.Ordinal) { AdminRights.UsersRead, AdminRights.DirectoryRead }, Address = request.Address,
    };

    /// <summary>A person chooses another password. It ends everything that was opened with the old one, the caller's own token too.</summary>
    public async Task<PasswordChangeOutcome> ChangePasswordAsync(DialectRequest request, GrantUser user, string present, string wanted, CancellationToken ct)
    {
        var outcome = await passwords.ChangeAsync(user.Id, present, wanted, request.Address, null, ct);
        if (outcome is not PasswordChangeOutcome.Changed) return outcome;
        var now = clock.GetUtcNow();
        await sessions.EndAllAsync(user.Id, null, now, ct);
        await grants.RevokeGrantsOfUserAsync(user.Id, now, ct);
        return outcome;
    }
}
