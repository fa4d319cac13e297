using AuthServer.Engine.Accounts;

namespace AuthServer.Storage.Sql;

/// <summary>One-time setup codes; see <see cref="ISetupCodeStore"/>.</summary>
internal sealed class SqlSetupCodeStore(SqlDatabase database) : ISetupCodeStore
{
    private const string AddSql = "INSERT INTO setup_codes (hash, expires_at) VALUES (@hash, @expires)";

    public Task AddAsync(byte[] hash, DateTimeOffset expiresAt, CancellationToken ct) => database.ExecuteAsync(AddSql, ct, ("hash", hash), ("expires", expiresAt.Ms()));

    private const string UseSql = "UPDATE setup_codes SET used_at = @now WHERE hash = @hash AND used_at IS NULL AND expires_at > @now";

    public async Task<bool> TryUseAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => await database.ExecuteAsync(UseSql, ct, ("now", now.Ms()), ("hash", hash)) == 1;

    private const string IsOpenSql = "SELECT hash FROM setup_codes WHERE hash = @hash AND used_at IS NULL AND expires_at > @now";

    public async Task<bool> IsOpenAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => await database.FindAsync(IsOpenSql, static row => row.Bytes(0), ct, ("hash", hash), ("now", now.Ms())) is not null;

    private const string AnyAdministratorSql = "SELECT id FROM users WHERE is_administrator = TRUE LIMIT 1";

    public async Task<bool> AnyAdministratorAsync(CancellationToken ct) => await database.FindAsync(AnyAdministratorSql, static row => row.GetString(0), ct) is not null;
}
