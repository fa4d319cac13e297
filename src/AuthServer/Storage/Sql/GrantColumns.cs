using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Storage.Sql;

/// <summary>The columns of a grant with its user and its session, and how they are read: one list for every statement that judges a grant.</summary>
internal static class GrantColumns
{
    /// <summary>The directory is read only where somebody is told of it: a scope of its name was granted, or the caller says so. A word too many is cheaper than a look too few.</summary>
    private const string Told = "(@directory = TRUE OR g.scopes LIKE '%roles%' OR g.scopes LIKE '%groups%' OR g.scopes LIKE '%permissions%' OR g.scopes LIKE '%org%')";

    /// <summary>For <c>FROM grants g LEFT JOIN users u … LEFT JOIN sessions s …</c>.</summary>
    public const string List = $"""
        g.id, g.client_id, g.user_id, g.session_id, g.bound_to_session, g.scopes, g.details, g.created_at, g.expires_at, g.revoked_at,
        g.family_hash, g.secret_hash, g.previous_hash, g.rotated_at, g.sealed_successor, g.refresh_expires_at,
        u.id, u.user_name, u.email, u.email_confirmed, u.phone_number, u.phone_number_confirmed, u.profile, u.updated_at, u.disabled, u.lockout_end, u.is_administrator,
        s.id, s.ended_at, s.expires_at,
        {Told}, CASE WHEN {Told} THEN u.organization_id END, CASE WHEN {Told} THEN ({UserDirectoryColumns.OrganizationName}) END,
        CASE WHEN {Told} THEN ({UserDirectoryColumns.Roles}) END, CASE WHEN {Told} THEN ({UserDirectoryColumns.Groups}) END, CASE WHEN {Told} THEN ({UserDirectoryColumns.Permissions}) END, u.number
        """;

    public const string Joins = "LEFT JOIN users u ON u.id = g.user_id LEFT JOIN sessions s ON s.id = g.session_id";

    /// <summary>Columns in <see cref="List"/>.</summary>
    public const int Count = 37;

    public static StandingGrant Read(DbDataReader row, int first, DateTimeOffset now)
    {
        var grant = new Grant
        {
            Id = row.GetString(first),
            ClientId = row.GetString(first + 1),
            UserId = row.TextOrNull(first + 2),
            SessionId = row.TextOrNull(first + 3),
            BoundToSession = row.GetBoolean(first + 4),
            Scopes = ScopeSet.Parse(row.GetString(first + 5)),
            Details = JsonSerializer.Deserialize(row.GetString(first + 6), StorageJson.Default.GrantDetails)!,
            CreatedAt = row.Time(first + 7),
            ExpiresAt = row.Time(first + 8),
            RevokedAt = row.TimeOrNull(first + 9),
            Refresh = row.IsDBNull(first + 10) ? null : new RefreshState
            {
                FamilyHash = row.Bytes(first + 10),
                SecretHash = row.Bytes(first + 11),
                PreviousHash = row.BytesOrNull(first + 12),
                RotatedAt = row.TimeOrNull(first + 13),
                SealedSuccessor = row.BytesOrNull(first + 14),
                ExpiresAt = row.Time(first + 15),
            },
        };
        return new StandingGrant(grant)
        {
            User = row.IsDBNull(first + 16) ? null : ReadUser(row, first + 16, now),
            // A session that was pruned has ended as well.
            SessionEnded = grant.SessionId is not null && (row.IsDBNull(first + 27) || !row.IsDBNull(first + 28) || row.Time(first + 29) <= now),
        };
    }

    private static GrantUser ReadUser(DbDataReader row, int first, DateTimeOffset now) => new()
    {
        Id = row.GetString(first),
        Number = row.GetInt32(first + 20),
        UserName = row.GetString(first + 1),
        Email = row.TextOrNull(first + 2),
        EmailVerified = row.GetBoolean(first + 3),
        PhoneNumber = row.TextOrNull(first + 4),
        PhoneNumberVerified = row.GetBoolean(first + 5),
        Profile = row.GetString(first + 6),
        UpdatedAt = row.Time(first + 7).ToUnixTimeSeconds(),
        MaySignIn = !row.GetBoolean(first + 8) && (row.IsDBNull(first + 9) || row.Time(first + 9) <= now),
        IsAdministrator = row.GetBoolean(first + 10),
        Directory = row.GetBoolean(first + 14) ? UserDirectoryColumns.Read(row, first + 15) : null,
    };
}
