using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Sessions;

/// <summary>
/// Ties a browser to its session row. The cookie holds the session's id and a secret of which the row keeps the hash; it is worth nothing once the row has ended,
/// and at every sign-in the secret is a new one (ASVS 7.2.4).
/// </summary>
public sealed class SessionCookie(ISessionStore store, IDataProtectionProvider protection, Issuer issuer, IOptions<AccountOptions> options, IAuditTrail audit, TimeProvider clock)
{
    private static readonly object ItemKey = new();
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _protector = protection.CreateProtector("session");

    /// <summary><c>__Host-</c> binds the cookie to this very host over https; plain http exists in Development only.</summary>
    public string Name { get; } = issuer.IsHttps ? "__Host-session" : "session";

    private sealed record Remembered(CurrentSession? Session);

    /// <summary>Null unless the cookie is ours, its session stands, and its user may be signed in. Asked of the database once per request.</summary>
    public async Task<CurrentSession?> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Items.TryGetValue(ItemKey, out var known)) return ((Remembered)known!).Session;
        var current = await FindAsync(http, ct);
        http.Items[ItemKey] = new Remembered(current);
        return current;
    }

    /// <summary>The person has just proved who they are. The same user keeps the session (and its <c>sid</c>) with a new secret; another user gets a new one, and the old one ends.</summary>
    public async Task<Session> SignInAsync(HttpContext http, CompletedSignIn signIn, string userName, bool persistent, CancellationToken ct)
    {
        var current = (await ReadAsync(http, ct))?.Session;
        var secret = RandomNumberGenerator.GetBytes(32);
        var now = clock.GetUtcNow();
        var end = now + (persistent ? TimeSpan.FromDays(options.Value.PersistentSessionDays) : TimeSpan.FromHours(options.Value.SessionHours));
        var session = new Session
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            UserId = signIn.UserId,
            KeyHash = SHA256.HashData(secret),
            CreatedAt = now,
            AuthTime = now,
            Amr = signIn.Amr,
            Acr = signIn.Acr,
            LastSeenAt = now,
            ExpiresAt = end,
            Address = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Session.AgentOf(http),
            Persistent = persistent,
        };
        if (current is not null && string.Equals(current.UserId, signIn.UserId, StringComparison.Ordinal)
            && await store.TryRenewAsync(current.Id, session.KeyHash, now, signIn.Amr, signIn.Acr, end, persistent, ct))
        {
            session = session with { Id = current.Id, CreatedAt = current.CreatedAt, Address = current.Address, UserAgent = current.UserAgent };
        }
        else
        {
            if (current is not null) await EndAsync(http, current, ct);
            await store.AddAsync(session, ct);
        }

        Write(http, session, secret);
        http.Items[ItemKey] = new Remembered(new CurrentSession(session, userName));
        return session;
    }

    /// <summary>The same session under a new secret, where the person just showed again that it is them: a copy of the cookie that somebody took is worth nothing from here on (ASVS 7.2.4).</summary>
    public async Task RenewSecretAsync(HttpContext http, CancellationToken ct)
    {
        if (await ReadAsync(http, ct) is not { Session: var session }) return;
        var secret = RandomNumberGenerator.GetBytes(32);
        if (await store.TryReplaceSecretAsync(session.Id, SHA256.HashData(secret), ct)) Write(http, session, secret);
    }

    /// <summary>Ends the session and everything bound to it, and takes the cookie away.</summary>
    public async Task SignOutAsync(HttpContext http, CancellationToken ct)
    {
        if (await ReadAsync(http, ct) is { } current) await EndAsync(http, current.Session, ct);
        http.Response.Cookies.Delete(Name, Cookie(null));
        http.Items[ItemKey] = new Remembered(null);
    }

    private void Write(HttpContext http, Session session, byte[] secret)
    {
        var value = _protector.Protect(Encoding.ASCII.GetBytes(session.Id + "." + Base64Url.EncodeToString(secret)));
        http.Response.Cookies.Append(Name, Base64Url.EncodeToString(value), Cookie(session.Persistent ? session.ExpiresAt : null));
    }

    private async Task EndAsync(HttpContext http, Session session, CancellationToken ct)
    {
        if (await store.TryEndAsync(session.Id, clock.GetUtcNow(), ct))
            audit.Record(new AuditEvent(AuditKind.SignedOut, Subject: session.UserId, SessionId: session.Id, Address: http.Connection.RemoteIpAddress?.ToString()));
    }

    private async Task<CurrentSession?> FindAsync(HttpContext http, CancellationToken ct)
    {
        if (!TryOpen(http.Request.Cookies[Name], out var id, out var secret)) return null;
        if (await store.FindAsync(id, ct) is not { } found || !found.UserMaySignIn) return null;

        var session = found.Session;
        var now = clock.GetUtcNow();
        if (session.EndedAt is not null || session.ExpiresAt <= now) return null;
        if (!CryptographicOperations.FixedTimeEquals(session.KeyHash, SHA256.HashData(secret))) return null;
        if (!session.Persistent && now - session.LastSeenAt > TimeSpan.FromMinutes(options.Value.SessionIdleMinutes)) return null;

        if (now - session.LastSeenAt >= TouchEvery) await store.TouchAsync(id, now, ct);
        return new CurrentSession(session, found.UserName) { IsAdministrator = found.IsAdministrator };
    }

    private bool TryOpen(string? cookie, out string id, out byte[] secret)
    {
        (id, secret) = ("", []);
        if (cookie is not { Length: > 0 and < 1024 }) return false;
        if (!StrictBase64Url.TryDecode(cookie, out var sealedValue)) return false;
        try
        {
            var text = Encoding.ASCII.GetString(_protector.Unprotect(sealedValue));
            var dot = text.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || !StrictBase64Url.TryDecode(text.AsSpan(dot + 1), out var key)) return false;
            (id, secret) = (text[..dot], key);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Lax: a client's link must find the person signed in; a cross-site POST must not.</summary>
    private CookieOptions Cookie(DateTimeOffset? expires) => new() { HttpOnly = true, Secure = issuer.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", Expires = expires, IsEssential = true };
}
