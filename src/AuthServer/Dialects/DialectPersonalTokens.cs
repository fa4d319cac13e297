using System.Buffers.Text;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects;

/// <summary>A token that a person made for a program of theirs.</summary>
/// <param name="Id">A Guid; the token's <c>jti</c> as well.</param>
internal sealed record PersonalToken(string Id, NamedToken Named, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Revoked);

/// <summary>
/// Personal tokens of the old APIs whose clients expect a JWT. Each is a grant of its own without a refresh token, so it falls when it is revoked, when its person is disabled, and with a new
/// password of theirs. None of them opens the administration of this server.
/// </summary>
internal sealed class DialectPersonalTokens(ITokenStore store, IGrantList grants, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>How many a person may have that are good at the same time.</summary>
    public const int MostOfAPerson = 100;

    /// <summary>Null: the person has too many.</summary>
    /// <param name="by">What they are signed in by: its way of signing in is the token's.</param>
    public async Task<(PersonalToken Token, DialectGrant Opened)?> CreateAsync(IDialect dialect, DialectToken by, NamedToken named, TimeSpan lifetime, string? address, CancellationToken ct)
    {
        if ((await ListAsync(dialect, by.User.Id, ct)).Count(t => !t.Revoked && t.ExpiresAt > clock.GetUtcNow()) >= MostOfAPerson) return null;
        var (id, now) = (Guid.NewGuid(), clock.GetUtcNow());
        var grant = new Grant
        {
            Id = GrantIdOf(id), ClientId = OwnClients.OfDialect(dialect.Name).ClientId, UserId = by.User.Id, Scopes = ScopeSet.Empty, CreatedAt = now, ExpiresAt = now + lifetime,
            Details = new GrantDetails { AuthTime = by.Grant.Details.AuthTime, Acr = by.Grant.Details.Acr, Amr = by.Grant.Details.Amr, Token = named },
        };
        await store.AddGrantAsync(grant, null, ct);
        audit.Record(new AuditEvent(AuditKind.GrantIssued, grant.ClientId, by.User.Id, Address: address, Detail: "personal token, compatibility API " + dialect.Name, Target: "grant:" + grant.Id));
        return (new PersonalToken(id.ToString(), named, now, grant.ExpiresAt, Revoked: false), new DialectGrant(by.Client, grant, by.User, null));
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<PersonalToken>> ListAsync(IDialect dialect, string userId, CancellationToken ct)
    {
        var client = OwnClients.OfDialect(dialect.Name).ClientId;
        return [.. (await grants.ListAsync(userId, clock.GetUtcNow(), ct)).Where(g => g.ClientId == client && g.Token is not null)
            .Select(static g => new PersonalToken(IdOf(g.Id), g.Token!, g.CreatedAt, g.ExpiresAt, g.RevokedAt is not null))];
    }

    /// <summary>It is refused from this moment on. False: the person has no such token.</summary>
    public async Task<bool> TryRevokeAsync(IDialect dialect, string userId, string id, string? address, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var guid) || !(await ListAsync(dialect, userId, ct)).Any(t => t.Id == guid.ToString())) return false;
        await store.RevokeGrantAsync(GrantIdOf(guid), clock.GetUtcNow(), ct);
        audit.Record(new AuditEvent(AuditKind.GrantRevoked, OwnClients.OfDialect(dialect.Name).ClientId, userId, Address: address, Detail: "personal token, by the person", Target: "grant:" + GrantIdOf(guid)));
        return true;
    }

    private static string GrantIdOf(Guid id) => Base64Url.EncodeToString(id.ToByteArray());

    private static string IdOf(string grantId) => new Guid(Base64Url.DecodeFromChars(grantId)).ToString();
}
