using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects;

/// <summary>What a sign-in through a dialect opened: everything issued for it stands and falls with the grant.</summary>
/// <param name="RefreshToken">Null where the API has none.</param>
internal sealed record DialectGrant(Client Client, Grant Grant, GrantUser User, RefreshToken? RefreshToken);

/// <summary>A token that is good at this moment.</summary>
/// <param name="Claims">As signed.</param>
internal sealed record DialectToken(Client Client, Grant Grant, GrantUser User, JsonElement Claims, DateTimeOffset ExpiresAt);

/// <summary>Why a token is not good, as far as the old APIs tell it.</summary>
internal enum DialectTokenFault
{
    /// <summary>No token, bad signature, another API's.</summary>
    Invalid,
    Expired,

    /// <summary>A refresh token where an access token belongs, or the other way round.</summary>
    WrongKind,

    /// <summary>Signed out, revoked, used up, or its person disabled.</summary>
    Revoked,
}

/// <summary>
/// Tokens of the compatibility APIs. By default they are this server's own JWTs with the old service's claims beside the standard ones; with <see cref="DialectSettings.SigningKey"/> they are
/// signed by HS256 with the secret that services behind the old one share, and are good here and nowhere else. Both name the grant (<c>gid</c>), so both can be revoked.
/// </summary>
internal sealed class DialectTokens(ITokenStore store, TokenIssuer issuer, AccessTokenVerifier verifier, RefreshRotation rotation, KeyRing keys, IAuditTrail audit, TimeProvider clock)
{
    private const string RefreshClaim = "rt";

    private static readonly JwtType Refresh = JwtType.Required("legacy-refresh+jwt");

    /// <summary>The scopes of what people sign in to by an old API.</summary>
    public static readonly ScopeSet Scopes = ScopeSet.Parse("openid profile email");

    /// <param name="lifetime">Of everything that comes of the sign-in, however often it is refreshed.</param>
    /// <param name="idle">How long each refresh token lasts, where that is less; the same is to be given when it is used up.</param>
    public Task<DialectGrant> OpenAsync(IDialect dialect, User user, CompletedSignIn signIn, TimeSpan lifetime, bool refreshable, string? address, CancellationToken ct, TimeSpan? idle = null) =>
        OpenFromAsync(dialect, user.Id, null, new GrantDetails { AuthTime = clock.GetUtcNow().ToUnixTimeSeconds(), Acr = signIn.Acr, Amr = signIn.Amr }, lifetime, refreshable, address, ct, idle);

    /// <summary>For a browser that is signed in to this server: what is opened ends with that session.</summary>
    public Task<DialectGrant> OpenAsync(IDialect dialect, Session session, TimeSpan lifetime, string? address, CancellationToken ct) =>
        OpenFromAsync(dialect, session.UserId, session.Id, new GrantDetails { AuthTime = session.AuthTime.ToUnixTimeSeconds(), Acr = session.Acr, Amr = session.Amr }, lifetime, refreshable: false, address, ct);

    /// <summary>For a person who proved elsewhere what <paramref name="details"/> say.</summary>
    /// <param name="sessionId">The session in which they did; what is opened ends with it. Null: in none.</param>
    /// <param name="idle">As above.</param>
    public async Task<DialectGrant> OpenFromAsync(IDialect dialect, string userId, string? sessionId, GrantDetails details, TimeSpan lifetime, bool refreshable, string? address, CancellationToken ct, TimeSpan? idle = null)
    {
        var client = OwnClients.OfDialect(dialect.Name) with { RefreshTokenIdleLifetime = (int?)idle?.TotalSeconds };
        var now = clock.GetUtcNow();
        var token = RefreshToken.New();
        var grant = new Grant
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), ClientId = client.ClientId, UserId = userId, SessionId = sessionId, BoundToSession = sessionId is not null, Scopes = Scopes,
            CreatedAt = now, ExpiresAt = now + lifetime, Details = details,
            Refresh = refreshable ? RefreshTokenLifetimes.FirstState(client, token, now + lifetime, now) : null,
        };
        await store.AddGrantAsync(grant, null, ct);
        audit.Record(new AuditEvent(AuditKind.GrantIssued, client.ClientId, userId, Address: address, Detail: "compatibility API " + dialect.Name));
        var standing = await store.FindGrantAsync(grant.Id, "", ct, withDirectory: true);
        return new DialectGrant(client, grant, standing?.User ?? throw new InvalidOperationException("The person was deleted while they signed in."), refreshable ? token : null);
    }

    /// <param name="legacy">The claims of the old service. With a shared key they are all there is beside <c>exp</c>, <c>jti</c> and <c>gid</c>; otherwise those that bear a standard name are left to the standard.</param>
    /// <param name="audience">Whom the token is for besides this server; null where the API's verifiers take none.</param>
    /// <param name="tokenId">Its <c>jti</c>; null: a new one.</param>
    public async Task<string> AccessTokenAsync(DialectSettings settings, DialectGrant opened, JsonObject legacy, TimeSpan lifetime, CancellationToken ct, string? audience = null, string? tokenId = null)
    {
        if (tokenId is not null) legacy["jti"] = tokenId;
        if (audience is not null) legacy["aud"] = audience;
        if (settings.SigningKey is { Length: > 0 } key) return SharedKeyJwt.Sign(key, Completed(legacy, opened.Grant, lifetime));
        foreach (var name in new[] { "sub", "exp", "iat", "iss", "jti", "aud", "roles" }) legacy.Remove(name);
        var client = opened.Client with { AccessTokenLifetime = (int)lifetime.TotalSeconds };
        return (await issuer.IssueAsync(new GrantedAccess { Client = client, Scopes = opened.Grant.Scopes, Grant = opened.Grant, User = opened.User, LegacyClaims = legacy, Resources = audience is null ? [] : [audience], TokenId = tokenId }, ct)).AccessToken!;
    }

    /// <summary>An ID token beside the access token, for APIs whose answer has one.</summary>
    public async Task<string?> IdTokenAsync(DialectGrant opened, CancellationToken ct) =>
        (await issuer.IssueAsync(new GrantedAccess { Client = opened.Client, Scopes = opened.Grant.Scopes, Grant = opened.Grant, User = opened.User, WithAccessToken = false, WithIdToken = true, ScopeClaimsInIdToken = true }, ct)).IdToken;

    /// <summary>A refresh token in the form of a JWT, for APIs whose clients look into it. Whether it is good, the handle in it says.</summary>
    public string RefreshTokenAsJwt(DialectSettings settings, DialectGrant opened, JsonObject legacy, TimeSpan lifetime)
    {
        legacy[RefreshClaim] = opened.RefreshToken!.Value.Reveal();
        var claims = Completed(legacy, opened.Grant, lifetime);
        return settings.SigningKey is { Length: > 0 } key ? SharedKeyJwt.Sign(key, claims) : Jwt.Sign(keys.SigningCredential("ES256"), Refresh.Name, JsonSerializer.SerializeToUtf8Bytes(claims));
    }

    /// <summary>Whether an access token is good: signature, times, grant, person, revocation. One database command; none for what is not ours.</summary>
    public async Task<(DialectToken? Token, DialectTokenFault Fault)> VerifyAsync(IDialect dialect, DialectSettings settings, string token, CancellationToken ct)
    {
        var client = OwnClients.OfDialect(dialect.Name);
        if (TryReadShared(settings, token, out var claims))
        {
            if (claims.TryGetProperty(RefreshClaim, out _)) return (null, DialectTokenFault.WrongKind);
            if (End(claims) is not { } end) return (null, DialectTokenFault.Invalid);
            if (end <= clock.GetUtcNow()) return (null, DialectTokenFault.Expired);
            if (Text(claims, "gid") is not { } gid || Text(claims, "jti") is not { } jti) return (null, DialectTokenFault.Invalid);
            return await store.FindGrantAsync(gid, jti, ct, withDirectory: true) is { } found && found.Grant.ClientId == client.ClientId ? Judged(client, found, claims, end) : (null, DialectTokenFault.Revoked);
        }

        if (!(await verifier.VerifyAsync(token, ct)).TryGet(out var verified, out var error))
            return (null, error.Detail switch { "expired" or "Expired" => DialectTokenFault.Expired, { } why when IsRevocation(why) => DialectTokenFault.Revoked, _ => DialectTokenFault.Invalid });
        return verified.Client.ClientId == client.ClientId && verified.Standing is { User: not null } standing ? (new DialectToken(client, standing.Grant, standing.User, verified.Claims, verified.ExpiresAt), default) : (null, DialectTokenFault.Invalid);
    }

    /// <summary>Looks at a refresh token without using it up: for APIs that verify either kind.</summary>
    public async Task<(DialectToken? Token, RefreshToken Handle, DialectTokenFault Fault)> FindRefreshAsync(IDialect dialect, DialectSettings settings, string text, CancellationToken ct)
    {
        var client = OwnClients.OfDialect(dialect.Name);
        JsonElement claims = default;
        RefreshToken handle;
        if (text.Count('.') == 2)
        {
            if (!TryReadRefresh(settings, text, out claims)) return (null, default, await IsAccessTokenAsync(dialect, settings, text, ct) ? DialectTokenFault.WrongKind : DialectTokenFault.Invalid);
            if (Text(claims, RefreshClaim) is not { } inner || !RefreshToken.TryRead(inner, out handle)) return (null, default, DialectTokenFault.WrongKind);
            if (!(End(claims) > clock.GetUtcNow())) return (null, default, DialectTokenFault.Expired);
        }
        else if (!RefreshToken.TryRead(text, out handle))
        {
            return (null, default, DialectTokenFault.Invalid);
        }

        if (await store.FindGrantByRefreshFamilyAsync(handle.Family.Hash(), ct, withDirectory: true) is not { } found || found.Grant.ClientId != client.ClientId) return (null, default, DialectTokenFault.Invalid);
        var (token, fault) = Judged(client, found, claims, found.Grant.Refresh!.ExpiresAt);
        if (token is null) return (null, handle, fault);
        if (!CryptographicOperations.FixedTimeEquals(handle.Secret.Hash(), found.Grant.Refresh.SecretHash)) return (token, handle, DialectTokenFault.Revoked);
        return found.Grant.Refresh.ExpiresAt <= clock.GetUtcNow() ? (null, handle, DialectTokenFault.Expired) : (token, handle, default);
    }

    /// <summary>Uses a refresh token up. A second use ends the grant, as everywhere.</summary>
    /// <param name="idle">As at <c>OpenAsync</c>.</param>
    public async Task<(DialectGrant? Opened, DialectTokenFault Fault)> RefreshAsync(IDialect dialect, DialectSettings settings, string text, CancellationToken ct, TimeSpan? idle = null)
    {
        var (token, handle, fault) = await FindRefreshAsync(dialect, settings, text, ct);
        if (token is null) return (null, fault);
        var client = token.Client with { RefreshTokenIdleLifetime = (int?)idle?.TotalSeconds };
        return await rotation.RotateAsync(client, token.Grant, handle, kind: false, ct) is RotationOutcome.Rotated rotated
            ? (new DialectGrant(token.Client, token.Grant, token.User, rotated.Successor), default)
            : (null, DialectTokenFault.Revoked);
    }

    /// <summary>Whom to ask about a token: its own word for who made it, or the shared key that signed it. This proves nothing; whoever is asked verifies it.</summary>
    public static bool LooksLikeOneOf(IDialect dialect, DialectSettings settings, string token) =>
        TryReadShared(settings, token, out _) || Jwt.Read(token).TryGet(out var read, out _) && Text(read.UnverifiedClaims.Json, "client_id") == OwnClients.OfDialect(dialect.Name).ClientId;

    /// <summary>Signs out: everything issued for the grant falls.</summary>
    public async Task RevokeAsync(Grant grant, string? address, CancellationToken ct)
    {
        await store.RevokeGrantAsync(grant.Id, clock.GetUtcNow(), ct);
        audit.Record(new AuditEvent(AuditKind.SignedOut, grant.ClientId, grant.UserId, Address: address, Detail: "compatibility API"));
    }

    private async Task<bool> IsAccessTokenAsync(IDialect dialect, DialectSettings settings, string text, CancellationToken ct) => (await VerifyAsync(dialect, settings, text, ct)).Token is not null;

    private (DialectToken? Token, DialectTokenFault Fault) Judged(Client client, StandingGrant found, JsonElement claims, DateTimeOffset end) => found.Fault(clock.GetUtcNow()) switch
    {
        null => (new DialectToken(client, found.Grant, found.User!, claims, end), default),
        "grant expired" => (null, DialectTokenFault.Expired),
        _ => (null, DialectTokenFault.Revoked),
    };

    private static bool IsRevocation(string why) => why is "grant revoked" or "user deleted" or "user disabled or locked" or "session ended" or "access token revoked" or "grant unknown";

    /// <summary>The old service's claims, and what this server needs to know the token by: <c>exp</c>, <c>jti</c>, <c>gid</c>. No <c>aud</c>: the verifiers in the field refuse a token that has one.</summary>
    private JsonObject Completed(JsonObject legacy, Grant grant, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        var end = now + lifetime < grant.ExpiresAt ? now + lifetime : grant.ExpiresAt;
        legacy["exp"] = end.ToUnixTimeSeconds();
        if (!legacy.ContainsKey("jti")) legacy["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true);
        legacy["gid"] = grant.Id;
        return legacy;
    }

    private static bool TryReadShared(DialectSettings settings, string token, out JsonElement claims)
    {
        claims = default;
        return settings.SigningKey is { Length: > 0 } key && SharedKeyJwt.TryRead(settings.PreviousSigningKeys.Prepend(key), token, out claims);
    }

    private bool TryReadRefresh(DialectSettings settings, string token, out JsonElement claims)
    {
        if (TryReadShared(settings, token, out claims)) return true;
        if (!Jwt.TryVerify(token, keys.PublicKeys, SignatureAlgorithm.Asymmetric, Refresh, new JwtExpectations { Now = clock.GetUtcNow(), RequireExpiry = false, ClockSkew = TimeSpan.MaxValue / 4 }, out var verified, out _)) return false;
        claims = verified.Claims.Json;
        return true;
    }

    private static DateTimeOffset? End(JsonElement claims) => claims.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
