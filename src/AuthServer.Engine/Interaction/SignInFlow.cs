using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tickets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Interaction;

/// <summary>A sign-in under way, as a page shows it.</summary>
public sealed record WaitingSignIn(User User, SignInStep Step, SignInAttempt Attempt)
{
    /// <summary>The handle in the browser's cookie; null where a session is being stepped up and nothing is stored yet.</summary>
    public string? Handle { get; init; }
}

/// <summary>
/// Leads a browser through the steps of a sign-in. What was proved is kept in the database and judged by <see cref="SignInDecider"/>; a session is made when it says that nothing is missing.
/// </summary>
public sealed class SignInFlow(
    SessionCookie sessions, SignInCookie attemptCookie, KnownDevices devices, PendingAuthorizations requests, ClientRegistry clients, IFactorStore factors, SecondFactorRule secondFactor, TicketOffice tickets,
    IServiceScopeFactory scopes, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Where a person without a better place to go ends up.</summary>
    public const string HomePage = "/account";

    /// <summary>Says who the person is: a first proof. Answers the local URL to go on to.</summary>
    public async Task<string> BeginAsync(HttpContext http, User user, Proof proof, SignInTarget target, bool persistent, CancellationToken ct)
    {
        var attempt = new SignInAttempt { UserId = user.Id, Stamp = user.SecurityStamp ?? "", Proofs = [proof], Target = target, Persistent = persistent };
        var step = await DecideAsync(http, user, attempt, ct);
        if (step is SignInStep.Done done) return await CompleteAsync(http, user, attempt, done.SignIn, ct);

        attemptCookie.Write(http, await tickets.IssueAsync(SignInAttempt.Kind, user.Id, attempt, ct));
        return PageOf(step, target);
    }

    /// <summary>The sign-in this browser has begun for this target, or the session that is to be stepped up for it. Null: begin at the beginning.</summary>
    public async Task<WaitingSignIn?> ReadAsync(HttpContext http, SignInTarget target, CancellationToken ct)
    {
        var handle = attemptCookie.Read(http);
        if (await tickets.FindAsync(SignInAttempt.Kind, handle, ct) is { } ticket && ticket.Payload.Target == target)
            return await OpenAsync(http, ticket.Payload, ct) is { } waiting ? waiting with { Handle = handle } : null;

        if (await sessions.ReadAsync(http, ct) is not { Session: var session } || await FindUserAsync(session.UserId, ct) is not { } user) return null;
        var proved = Proof.StandingSession(session.AuthTime, session.Amr, session.Acr);
        return await OpenAsync(http, new SignInAttempt { UserId = user.Id, Stamp = user.SecurityStamp ?? "", Proofs = [proved], Target = target, Persistent = session.Persistent }, ct);
    }

    /// <summary>Where the step of a waiting sign-in is done.</summary>
    public static string PageOf(SignInStep step, SignInTarget target) => step switch
    {
        SignInStep.SecondFactor => "/login/factor" + target.Query,
        SignInStep.Enrol => "/login/enrol" + target.Query,
        SignInStep.NewPassword => "/login/new-password" + target.Query,
        SignInStep.Done => DestinationOf(target),
        _ => "/login" + target.Query,
    };

    public static string DestinationOf(SignInTarget target) => target.Request is { } request ? PendingAuthorizations.ContinueUrl(request) : target.Page ?? HomePage;

    /// <summary>One more proof. Null: the sign-in is over (too old, or finished in another tab).</summary>
    internal async Task<string?> AddAsync(HttpContext http, WaitingSignIn waiting, Proof proof, bool trustDevice, CancellationToken ct)
    {
        return await ChangeAsync(http, waiting, waiting.Attempt with { Proofs = [.. waiting.Attempt.Proofs, proof], TrustDevice = waiting.Attempt.TrustDevice || trustDevice }, ct);
    }

    /// <summary>The password was replaced, and with it the account's stamp. Null: the sign-in is over.</summary>
    internal async Task<string?> ReplacedPasswordAsync(HttpContext http, WaitingSignIn waiting, CancellationToken ct) =>
        await FindUserAsync(waiting.User.Id, ct) is { } user ? await ChangeAsync(http, waiting with { User = user }, waiting.Attempt with { Stamp = user.SecurityStamp ?? "" }, ct) : null;

    private async Task<string?> ChangeAsync(HttpContext http, WaitingSignIn waiting, SignInAttempt attempt, CancellationToken ct)
    {
        var step = await DecideAsync(http, waiting.User, attempt, ct);
        if (step is SignInStep.Done done)
        {
            // Of two tabs one gets the session.
            if (waiting.Handle is not null && await tickets.TryTakeAsync(SignInAttempt.Kind, waiting.Handle, ct) is null) return null;
            return await CompleteAsync(http, waiting.User, attempt, done.SignIn, ct);
        }

        if (waiting.Handle is null) attemptCookie.Write(http, await tickets.IssueAsync(SignInAttempt.Kind, waiting.User.Id, attempt, ct));
        else if (!await tickets.TryChangeAsync(SignInAttempt.Kind, waiting.Handle, waiting.Attempt, attempt, ct)) return null;
        return PageOf(step, attempt.Target);
    }

    private async Task<WaitingSignIn?> OpenAsync(HttpContext http, SignInAttempt attempt, CancellationToken ct)
    {
        if (await FindUserAsync(attempt.UserId, ct) is not { } user || !string.Equals(user.SecurityStamp ?? "", attempt.Stamp, StringComparison.Ordinal)) return null;
        if (user.Disabled || user.LockoutEnd > clock.GetUtcNow()) return null;
        return new WaitingSignIn(user, await DecideAsync(http, user, attempt, ct), attempt);
    }

    private async Task<SignInStep> DecideAsync(HttpContext http, User user, SignInAttempt attempt, CancellationToken ct) => SignInDecider.Decide(new SignInFacts
    {
        UserId = user.Id,
        Proofs = attempt.Proofs,
        Factors = await factors.ReadAsync(user.Id, ct),
        MustHaveSecondFactor = await secondFactor.AppliesToAsync(user, ct),
        MustReplacePassword = user.PasswordResetRequired,
        DeviceTrusted = await devices.IsTrustedAsync(http, user.Id, ct),
        WantedAcr = await WantedAcrAsync(attempt.Target, ct),
    });

    private async Task<IReadOnlyList<string>> WantedAcrAsync(SignInTarget target, CancellationToken ct) =>
        await requests.ReadAsync(target.Request, ct) is { } pending && clients.Find(pending.ClientId) is { } client && AcrRequest.Of(pending, client) is { CanBeMet: true } wanted ? wanted.Values : [];

    private async Task<string> CompleteAsync(HttpContext http, User user, SignInAttempt attempt, CompletedSignIn signIn, CancellationToken ct)
    {
        attemptCookie.Remove(http);
        var session = await sessions.SignInAsync(http, signIn, user.UserName!, attempt.Persistent, ct);
        await devices.NoteAsync(http, user, attempt.TrustDevice, ct);
        audit.Record(new AuditEvent(AuditKind.SignedIn, Subject: user.Id, SessionId: session.Id, Address: http.Connection.RemoteIpAddress?.ToString(), Detail: string.Join(' ', signIn.Amr)));
        return DestinationOf(attempt.Target);
    }

    private async Task<User?> FindUserAsync(string id, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(id);
    }
}
