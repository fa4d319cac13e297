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

    private const string FindAppSql = "SELECT secret, last_step, created_at, last_used_at FROM authenticator_apps WHERE user_id = @user";

    public Task<StoredAuthenticator?> FindAuthenticatorAsync(string userId, CancellationToken ct) =>
        database.FindAsync(FindAppSql, static row => new StoredAuthenticator(row.Bytes(0), row.GetInt64(1), row.Time(2), row.TimeOrNull(3)), ct, ("user", userId));

    private const string PutAppSql = """
        INSERT INTO authenticator_apps (user_id, secret, last_step, created_at, last_used_at) VALUES (@user, @secret, @step, @now, NULL)
        ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, created_at = excluded.created_at, last_used_at = NULL
        """;

    public Task PutAuthenticatorAsync(string userId, byte[] secret, long lastStep, DateTimeOffset now, CancellationToken ct) =>
        database.ExecuteAsync(PutAppSql, ct, ("user", userId), ("secret", secret), ("step", lastStep), ("now", now.Ms()));

    private const string UseStepSql = "UPDATE authenticator_apps SET last_step = @step, last_used_at = @now WHERE user_id = @user AND last_step < @step";

    public async Task<bool> TryUseStepAsync(string userId, long step, DateTimeOffset now, CancellationToken ct) =>
        await database.ExecuteAsync(UseStepSql, ct, ("step", step), ("now", now.Ms()), ("user", userId)) == 1;

    private const string RemoveAppSql = "DELETE FROM authenticator_apps WHERE user_id = @user";

    // Recovery codes and trust stand in for a strong factor: without one they have nothing to stand in for.
    private const string NothingStrong = "NOT EXISTS (SELECT 1 FROM authenticator_apps WHERE user_id = @user) AND NOT EXISTS (SELECT 1 FROM user_passkeys WHERE user_id = @user)";
    private const string DropCodesSql = $"DELETE FROM recovery_codes WHERE user_id = @user AND {NothingStrong}";
    private const string DropTrustSql = $"UPDATE devices SET trusted_until = NULL WHERE user_id = @user AND {NothingStrong}";

    public async Task<bool> TryRemoveAuthenticatorAsync(string userId, CancellationToken ct)
    {
        (string, object?) user = ("user", userId);
        return (await database.TransactAsync([new Statement(RemoveAppSql, user), new Statement(DropCodesSql, user), new Statement(DropTrustSql, user)], ct))[0] == 1;
    }

    private const string DropAllCodesSql = "DELETE FROM recovery_codes WHERE user_id = @user";
    private const string AddCodeSql = "INSERT INTO recovery_codes (user_id, hash, salt, created_at) VALUES (@user, @hash, @salt, @now)";

    public Task ReplaceRecoveryCodesAsync(string userId, byte[] salt, IReadOnlyList<byte[]> hashes, DateTimeOffset now, CancellationToken ct) => database.TransactAsync(
        [new Statement(DropAllCodesSql, ("user", userId)), .. hashes.Select(hash => new Statement(AddCodeSql, ("user", userId), ("hash", hash), ("salt", salt), ("now", now.Ms())))], ct);

    private const string SaltSql = "SELECT salt FROM recovery_codes WHERE user_id = @user LIMIT 1";

    public Task<byte[]?> FindRecoverySaltAsync(string userId, CancellationToken ct) => database.FindAsync(SaltSql, static row => row.Bytes(0), ct, ("user", userId));

    private const string UseCodeSql = "UPDATE recovery_codes SET used_at = @now WHERE user_id = @user AND hash = @hash AND used_at IS NULL";

    public async Task<bool> TryUseRecoveryCodeAsync(string userId, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        await database.ExecuteAsync(UseCodeSql, ct, ("now", now.Ms()), ("user", userId), ("hash", hash)) == 1;

    // The stamp changes too: whoever read the row before must not write the old choice back.
    private const string MailSql = "UPDATE users SET email_code_enabled = @on, concurrency_stamp = @stamp WHERE id = @user AND email_code_enabled <> @on AND (email_confirmed = TRUE OR @on = FALSE)";

    public async Task<bool> TrySetEmailCodesAsync(string userId, bool on, CancellationToken ct) =>
        await database.ExecuteAsync(MailSql, ct, ("on", on), ("stamp", Guid.NewGuid().ToString()), ("user", userId)) == 1;

    private const string PurposeOfMail = "email-code";
    // The key is the user: there is one code at a time, also where several are sent in the same moment.
    private const string PutMailCodeSql = $"""
        INSERT INTO tickets (purpose, hash, user_id, payload, created_at, expires_at) VALUES ('{PurposeOfMail}', @hash, @user, @payload, @now, @expires)
        ON CONFLICT (purpose, hash) DO UPDATE SET payload = excluded.payload, created_at = excluded.created_at, expires_at = excluded.expires_at
        """;

    public Task PutEmailCodeAsync(string userId, string codeHash, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken ct) => database.ExecuteAsync(PutMailCodeSql, ct,
        ("hash", Engine.Protocol.Handle.HashOf(userId)), ("user", userId), ("payload", "0" + codeHash), ("now", now.Ms()), ("expires", expiresAt.Ms()));

    private const string SpendTrySql = $"""
        UPDATE tickets SET payload = CAST(CAST(substr(payload, 1, 1) AS INTEGER) + 1 AS TEXT) || substr(payload, 2)
        WHERE purpose = '{PurposeOfMail}' AND user_id = @user AND expires_at > @now AND CAST(substr(payload, 1, 1) AS INTEGER) < @most RETURNING substr(payload, 2)
        """;

    public Task<string?> TrySpendEmailTryAsync(string userId, int most, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync(SpendTrySql, static row => row.GetString(0), ct, ("user", userId), ("now", now.Ms()), ("most", most));

    private const string TakeMailCodeSql = $"DELETE FROM tickets WHERE purpose = '{PurposeOfMail}' AND user_id = @user AND expires_at > @now AND substr(payload, 2) = @code";

    public async Task<bool> TryTakeEmailCodeAsync(string userId, string codeHash, DateTimeOffset now, CancellationToken ct) =>
        await database.ExecuteAsync(TakeMailCodeSql, ct, ("user", userId), ("now", now.Ms()), ("code", codeHash)) == 1;

    private const string UsesSql = "SELECT credential_id, last_used_at FROM passkey_uses WHERE user_id = @user";

    public Task<IReadOnlyList<PasskeyUse>> ListPasskeyUsesAsync(string userId, CancellationToken ct) =>
        database.ListAsync(UsesSql, static row => new PasskeyUse(row.Bytes(0), row.Time(1)), ct, ("user", userId));

    private const string NoteUseSql = """
        INSERT INTO passkey_uses (credential_id, user_id, last_used_at) VALUES (@credential, @user, @now) ON CONFLICT (credential_id) DO UPDATE SET last_used_at = excluded.last_used_at
        """;

    public Task NotePasskeyUseAsync(string userId, byte[] credentialId, DateTimeOffset now, CancellationToken ct) =>
        database.ExecuteAsync(NoteUseSql, ct, ("credential", credentialId), ("user", userId), ("now", now.Ms()));

    private const string ForgetSql = "DELETE FROM passkey_uses WHERE credential_id = @credential AND user_id = @user";

    public Task ForgetPasskeyAsync(string userId, byte[] credentialId, CancellationToken ct) => database.TransactAsync(
        [new Statement(ForgetSql, ("credential", credentialId), ("user", userId)), new Statement(DropCodesSql, ("user", userId)), new Statement(DropTrustSql, ("user", userId))], ct);
}
