using System.Buffers.Text;
using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tickets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Factors;

/// <summary>
/// Passkeys (Web Authentication Level 3 §7). The challenge is a ticket in the database, so an answer counts once, whatever an authenticator's counter says; domain and origin are
/// the issuer's, never what a request calls itself. Only the question of the sign-in page, which is put to everybody who opens it, is kept by the browser, sealed, and in the database
/// once it is answered.
/// </summary>
public sealed class Passkeys(IServiceScopeFactory scopes, IFactorStore store, TicketOffice tickets, OpenChallenges open, Issuer issuer, FactorNotices notices, TimeProvider clock)
{
    public const int MostPerUser = 20;

    /// <summary>Characters. An answer has one to five thousand.</summary>
    private const int LongestAnswer = 32_768;

    // The sign-in page waits with its question until a person chooses a passkey there.
    private static readonly TicketKind<PasskeyChallenge> Creation = new("passkey-creation", TimeSpan.FromMinutes(15));
    private static readonly TicketKind<PasskeyChallenge> Request = new("passkey-request", TimeSpan.FromMinutes(15));

    private readonly string _origin = issuer.Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>What to ask the browser so that it makes a passkey for this person.</summary>
    public async Task<PasskeyOptions> CreationOptionsAsync(User user, HttpContext http, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var made = await Handler(Users(scope), mustVerify: false).MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = user.UserName!, DisplayName = user.UserName! }, http);
        return new PasskeyOptions(await tickets.IssueAsync(Creation, user.Id, new PasskeyChallenge(made.AttestationState ?? ""), ct), made.CreationOptionsJson);
    }

    /// <param name="name">Null or unusable: named after the browser.</param>
    public async Task<PasskeyEnrolment> TryRegisterAsync(User user, string ticket, string credentialJson, string? name, HttpContext http, CancellationToken ct)
    {
        if (credentialJson.Length > LongestAnswer || await tickets.TryTakeAsync(Creation, ticket, ct) is not { } challenge || challenge.UserId != user.Id) return PasskeyEnrolment.Refused;

        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(user.Id) is not { } owner || !MaySignIn(owner)) return PasskeyEnrolment.Refused;
        if ((await users.GetPasskeysAsync(owner)).Count >= MostPerUser) return PasskeyEnrolment.TooMany;

        var result = await Handler(users, mustVerify: false).PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credentialJson, AttestationState = challenge.Payload.State });
        ThrowIfStorageFailed(result.Failure);
        if (!result.Succeeded || result.UserEntity.Id != owner.Id) return PasskeyEnrolment.Refused;

        var made = result.Passkey;
        var passkey = new UserPasskeyInfo(
            made.CredentialId, made.PublicKey, clock.GetUtcNow(), made.SignCount, made.Transports, made.IsUserVerified, made.IsBackupEligible, made.IsBackedUp, made.AttestationObject, made.ClientDataJson)
        {
            Name = PasskeyName.Clean(name) ?? PasskeyName.Of(http.Request.Headers.UserAgent),
        };
        if (!(await users.AddOrUpdatePasskeyAsync(owner, passkey)).Succeeded) return PasskeyEnrolment.Refused;
        await notices.ChangedAsync(owner.Id, FactorChange.PasskeyAdded, ct);
        return PasskeyEnrolment.Added;
    }

    /// <summary>What to ask the browser so that it shows a passkey.</summary>
    /// <param name="user">Null: of anybody, which is a sign-in by itself and so needs the authenticator to verify its user.</param>
    public async Task<PasskeyOptions> RequestOptionsAsync(User? user, HttpContext http, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var made = await Handler(Users(scope), mustVerify: user is null).MakeRequestOptionsAsync(user!, http);
        var challenge = new PasskeyChallenge(made.AssertionState ?? "");
        return new PasskeyOptions(user is null ? open.Seal(challenge) : await tickets.IssueAsync(Request, user.Id, challenge, ct), made.RequestOptionsJson);
    }

    /// <summary>Whose passkey it is; null for every answer that is not right, not new, or of somebody who may not sign in.</summary>
    /// <param name="expectedUserId">Who has said already who they are. A question put to one person is answered by that person only.</param>
    public async Task<PasskeyProof?> TryAssertAsync(string ticket, string credentialJson, string? expectedUserId, HttpContext http, CancellationToken ct)
    {
        if (credentialJson.Length > LongestAnswer) return null;
        var asked = await tickets.TryTakeAsync(Request, ticket, ct);
        if ((asked?.Payload ?? await open.TryTakeAsync(ticket, ct)) is not { } challenge) return null;
        if (asked is not null && asked.UserId != expectedUserId) return null;

        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        var result = await Handler(users, mustVerify: asked is null).PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = http, CredentialJson = credentialJson, AssertionState = challenge.State });
        ThrowIfStorageFailed(result.Failure);
        if (!result.Succeeded || (expectedUserId is not null && result.User.Id != expectedUserId) || !MaySignIn(result.User)) return null;

        // Keeps the counter. It fails where the account changed in this very moment: then who may sign in may have changed too.
        if (!(await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey)).Succeeded) return null;
        await store.NotePasskeyUseAsync(result.User.Id, result.Passkey.CredentialId, clock.GetUtcNow(), ct);
        return new PasskeyProof(result.User, IsUserVerified(credentialJson), !result.Passkey.IsBackupEligible);
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<PasskeySummary>> ListAsync(string userId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(userId) is not { } user) return [];
        var uses = (await store.ListPasskeyUsesAsync(userId, ct)).ToDictionary(static use => Base64Url.EncodeToString(use.CredentialId), static use => use.LastUsedAt, StringComparer.Ordinal);
        return [.. (await users.GetPasskeysAsync(user)).Select(passkey =>
        {
            var id = Base64Url.EncodeToString(passkey.CredentialId);
            return new PasskeySummary(id, passkey.Name ?? PasskeyName.Of(null), passkey.CreatedAt, uses.TryGetValue(id, out var used) ? used : null, passkey.IsBackupEligible);
        }).OrderBy(static summary => summary.CreatedAt)];
    }

    /// <summary>False where the person has no such passkey, or the name cannot be used.</summary>
    public async Task<bool> TryRenameAsync(string userId, string passkeyId, string name, CancellationToken ct)
    {
        if (PasskeyName.Clean(name) is not { } clean) return false;
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await FindAsync(users, userId, passkeyId, ct) is not var (user, passkey)) return false;
        passkey.Name = clean;
        return (await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded;
    }

    /// <summary>False where there is none, or it is the only way this person can sign in.</summary>
    public async Task<bool> TryRemoveAsync(string userId, string passkeyId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await FindAsync(users, userId, passkeyId, ct) is not var (user, passkey)) return false;
        if (user.PasswordHash is null && (await users.GetLoginsAsync(user)).Count == 0 && (await users.GetPasskeysAsync(user)).Count == 1) return false;
        if (!(await users.RemovePasskeyAsync(user, passkey.CredentialId)).Succeeded) return false;
        await store.ForgetPasskeyAsync(userId, passkey.CredentialId, ct);
        await notices.ChangedAsync(userId, FactorChange.PasskeyRemoved, ct);
        return true;
    }

    private static async Task<(User User, UserPasskeyInfo Passkey)?> FindAsync(UserManager<User> users, string userId, string passkeyId, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (passkeyId.Length > 2048 || !Base64Url.IsValid(passkeyId) || await users.FindByIdAsync(userId) is not { } user) return null;
        return await users.GetPasskeyAsync(user, Base64Url.DecodeFromChars(passkeyId)) is { } passkey ? (user, passkey) : null;
    }

    private static UserManager<User> Users(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<UserManager<User>>();

    private bool MaySignIn(User user) => !user.Disabled && !(user.LockoutEnd > clock.GetUtcNow());

    /// <param name="mustVerify">False: the authenticator is asked to verify its user, and may be a plain security key that cannot.</param>
    private PasskeyHandler<User> Handler(UserManager<User> users, bool mustVerify) => new(users, Options.Create(new IdentityPasskeyOptions
    {
        ServerDomain = issuer.Uri.Host,
        ResidentKeyRequirement = "required",
        UserVerificationRequirement = mustVerify ? "required" : "preferred",
        AttestationConveyancePreference = "none",
        ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && string.Equals(context.Origin, _origin, StringComparison.Ordinal)),
    }));

    /// <summary>What the authenticator says about this time, in data that it signed (§6.1, flag UV); the stored flag is of the day the passkey was made.</summary>
    private static bool IsUserVerified(string credentialJson)
    {
        using var json = JsonDocument.Parse(credentialJson);
        var bytes = Base64Url.DecodeFromChars(json.RootElement.GetProperty("response").GetProperty("authenticatorData").GetString());
        return (bytes[32] & 0x04) != 0;
    }

    /// <summary>The handler makes a refusal of every exception. A database that is away is none.</summary>
    private static void ThrowIfStorageFailed(Exception? failure)
    {
        for (var inner = failure?.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is DbException) throw inner;
    }
}
