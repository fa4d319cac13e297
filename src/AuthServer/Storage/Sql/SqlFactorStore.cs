using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using Microsoft.Extensions.Options;

namespace AuthServer.Storage.Sql;

/// <summary>Second factors; see <see cref="IFactorStore"/>.</summary>
internal sealed class SqlFactorStore(SqlDatabase database, IOptions<AccountOptions> options) : IFactorStore
{
    private const string ReadSql = """
        SELECT (SELECT COUNT(*) FROM authenticator_apps a WHERE a.user_id = u.id),
               (SELECT COUNT(*) FROM recovery_codes r WHERE r.user_id = u.id AND r.used_at IS NULL),
               (SELECT COUNT(*) FROM user_passkeys p WHERE p.user_id = u.id),
               u.email_code_enabled, u.email_confirmed
        FROM users u WHERE u.id = @user
        """;

    public async Task<EnrolledFactors> ReadAsync(string userId, CancellationToken ct) => await database.FindAsync(ReadSql, row => new EnrolledFactors
    {
        Authenticator = row.GetInt64(0) > 0,
        RecoveryCodesLeft = (int)row.GetInt64(1),
        Passkeys = (int)row.GetInt64(2),
        EmailCode = row.GetBoolean(3) && row.GetBoolean(4) && options.Value.EmailCodes,
    }, ct, ("user", userId)) ?? EnrolledFactors.None;
}
