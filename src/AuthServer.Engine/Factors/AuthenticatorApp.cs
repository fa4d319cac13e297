using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tickets;
using QRCoder;

namespace AuthServer.Engine.Factors;

/// <summary>What a person needs to put this account into an app.</summary>
/// <param name="Ticket">Names this set-up until a code confirms it.</param>
/// <param name="Key">The secret as text, in groups of four.</param>
/// <param name="Uri">The same for apps: <c>otpauth://</c>.</param>
public sealed record AuthenticatorSetup(string Ticket, string Key, string Uri, string QrSvg);

/// <summary>Since when a person has an app, and when a code of it was used last.</summary>
public sealed record AuthenticatorState(DateTimeOffset Since, DateTimeOffset? LastUsedAt);

/// <summary>A set-up that waits for its first code.</summary>
/// <param name="Secret">Wrapped, as base64url.</param>
/// <param name="Service">What the app calls this server.</param>
public sealed record PendingAuthenticator(string Secret, string Service);

/// <summary>Codes of an authenticator app (RFC 6238). The secret lies in the database under the key-encryption key, bound to its user; every code works once.</summary>
public sealed class AuthenticatorApp(IFactorStore store, TicketOffice tickets, KeyEncryption encryption, FactorBrake brake, FactorNotices notices, Issuer issuer, TimeProvider clock)
{
    /// <summary>Long enough to install an app first.</summary>
    private static readonly TicketKind<PendingAuthenticator> Pending = new("authenticator-setup", TimeSpan.FromMinutes(30));

    /// <summary>A new secret. Nothing changes until <see cref="TryConfirmAsync"/>.</summary>
    public Task<AuthenticatorSetup> BeginAsync(User user, CancellationToken ct) => BeginAsync(user, issuer.Uri.Host, ct);

    /// <param name="service">What the app shall call this server.</param>
    public async Task<AuthenticatorSetup> BeginAsync(User user, string service, CancellationToken ct)
    {
        var secret = RandomNumberGenerator.GetBytes(TimedCode.SecretSize);
        var pending = new PendingAuthenticator(Base64Url.EncodeToString(encryption.Wrap(secret, Purpose(user.Id))), service);
        return Describe(user, await tickets.IssueAsync(Pending, user.Id, pending, ct), secret, service);
    }

    /// <summary>The same set-up once more, for a page that comes back with a mistake on it. Null where it is too old.</summary>
    public async Task<AuthenticatorSetup?> ResumeAsync(User user, string? setupTicket, CancellationToken ct) =>
        await tickets.FindAsync(Pending, setupTicket, ct) is { } ticket && ticket.UserId == user.Id ? Describe(user, setupTicket!, Unwrap(ticket.Payload, user.Id), ticket.Payload.Service) : null;

    /// <summary>The app shows the right code, so it holds the secret: from here on it is the person's factor, in place of an older one.</summary>
    public async Task<bool> TryConfirmAsync(User user, string setupTicket, string code, CancellationToken ct)
    {
        if (await tickets.FindAsync(Pending, setupTicket, ct) is not { } ticket || ticket.UserId != user.Id) return false;
        var now = clock.GetUtcNow();
        var secret = Unwrap(ticket.Payload, user.Id);
        if (TimedCode.Match(secret, code, now) is not { } step) return false;
        if (await tickets.TryTakeAsync(Pending, setupTicket, ct) is null) return false;

        // The code that confirmed it is spent.
        await store.PutAuthenticatorAsync(user.Id, encryption.Wrap(secret, Purpose(user.Id)), step, now, ct);
        await tickets.DropAsync(Pending, user.Id, ct);
        await notices.ChangedAsync(user.Id, FactorChange.AuthenticatorAdded, ct);
        return true;
    }

    /// <summary>The same for callers that hold no ticket between the two requests: confirms the newest set-up of the person, who is signed in and was shown the secret.</summary>
    public async Task<bool> TryConfirmNewestAsync(User user, string code, CancellationToken ct)
    {
        if (await tickets.FindNewestAsync(Pending, user.Id, ct) is not { } ticket) return false;
        var now = clock.GetUtcNow();
        var secret = Unwrap(ticket.Payload, user.Id);
        if (TimedCode.Match(secret, code, now) is not { } step) return false;
        await store.PutAuthenticatorAsync(user.Id, encryption.Wrap(secret, Purpose(user.Id)), step, now, ct);
        await tickets.DropAsync(Pending, user.Id, ct);
        await notices.ChangedAsync(user.Id, FactorChange.AuthenticatorAdded, ct);
        return true;
    }

    /// <summary>A code at a sign-in.</summary>
    public Task<FactorCheck> CheckAsync(string userId, string code, CancellationToken ct) => brake.CheckAsync(userId, async () =>
    {
        if (await store.FindAuthenticatorAsync(userId, ct) is not { } app) return false;
        var now = clock.GetUtcNow();
        return TimedCode.Match(encryption.Unwrap(app.Secret, Purpose(userId)), code, now) is { } step && await store.TryUseStepAsync(userId, step, now, ct);
    }, ct);

    public async Task<AuthenticatorState?> FindAsync(string userId, CancellationToken ct) =>
        await store.FindAuthenticatorAsync(userId, ct) is { } app ? new AuthenticatorState(app.CreatedAt, app.LastUsedAt) : null;

    public async Task<bool> TryRemoveAsync(string userId, CancellationToken ct)
    {
        if (!await store.TryRemoveAuthenticatorAsync(userId, ct)) return false;
        await notices.ChangedAsync(userId, FactorChange.AuthenticatorRemoved, ct);
        return true;
    }

    /// <summary>Bound to the user: a row copied to another account does not open there.</summary>
    private static string Purpose(string userId) => "authenticator-app:" + userId;

    private byte[] Unwrap(PendingAuthenticator pending, string userId) => encryption.Unwrap(Base64Url.DecodeFromChars(pending.Secret), Purpose(userId));

    private static AuthenticatorSetup Describe(User user, string ticket, byte[] secret, string service)
    {
        var key = Base32.Encode(secret);
        // A colon ends the label's first part.
        var (name, account) = (Uri.EscapeDataString(service.Replace(":", "", StringComparison.Ordinal)), Uri.EscapeDataString(user.UserName ?? user.Id));
        var uri = $"otpauth://totp/{name}:{account}?secret={key}&issuer={name}&algorithm=SHA1&digits={TimedCode.Digits}&period={TimedCode.Period}";
        return new AuthenticatorSetup(ticket, string.Join(' ', key.Chunk(4).Select(static group => new string(group))), uri, Draw(uri));
    }

    private static string Draw(string uri)
    {
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        return svg.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
