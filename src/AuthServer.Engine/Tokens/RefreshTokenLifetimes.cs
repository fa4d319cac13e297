using AuthServer.Engine.Clients;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Tokens;

/// <summary>How long a grant and each generation of its refresh token last: an absolute end, and optionally an end that slides with use.</summary>
public sealed class RefreshTokenLifetimes(IOptions<TokenOptions> options)
{
    private readonly TokenOptions _options = options.Value;

    public TimeSpan RepeatWindow => TimeSpan.FromSeconds(_options.RefreshTokenRepeatWindow);

    public DateTimeOffset AbsoluteEnd(Client client, Grant grant) => grant.CreatedAt.AddSeconds(client.RefreshTokenLifetime ?? _options.RefreshTokenLifetime);

    /// <summary>A grant that cannot be refreshed stands as long as its access token.</summary>
    public DateTimeOffset EndWithoutRefresh(Client client, DateTimeOffset now) => now.AddSeconds(client.AccessTokenLifetime ?? _options.AccessTokenLifetime);

    public static RefreshState FirstState(Client client, RefreshToken token, DateTimeOffset grantEnd, DateTimeOffset now) => new()
    {
        FamilyHash = token.Family.Hash(),
        SecretHash = token.Secret.Hash(),
        ExpiresAt = End(client, grantEnd, now),
    };

    public static RefreshState NextState(Client client, RefreshToken presented, RefreshToken successor, DateTimeOffset grantEnd, DateTimeOffset now) => new()
    {
        FamilyHash = presented.Family.Hash(),
        SecretHash = successor.Secret.Hash(),
        PreviousHash = presented.Secret.Hash(),
        RotatedAt = now,
        SealedSuccessor = presented.Seal(successor.Secret),
        ExpiresAt = End(client, grantEnd, now),
    };

    private static DateTimeOffset End(Client client, DateTimeOffset grantEnd, DateTimeOffset now)
    {
        if (client.RefreshTokenIdleLifetime is not { } idle) return grantEnd;
        var sliding = now.AddSeconds(idle);
        return sliding < grantEnd ? sliding : grantEnd;
    }
}
