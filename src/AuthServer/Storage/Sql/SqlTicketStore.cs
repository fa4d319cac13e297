using System.Data.Common;
using AuthServer.Engine.Tickets;

namespace AuthServer.Storage.Sql;

/// <summary>Tickets; see <see cref="ITicketStore"/>. Taking one is deleting its row.</summary>
internal sealed class SqlTicketStore(SqlDatabase database) : ITicketStore
{
    private const string Columns = "purpose, hash, user_id, payload, created_at, expires_at";

    private const string AddSql = $"INSERT INTO tickets ({Columns}) VALUES (@purpose, @hash, @user, @payload, @created, @expires)";

    public Task AddAsync(StoredTicket ticket, CancellationToken ct) => database.ExecuteAsync(AddSql, ct, ("purpose", ticket.Purpose), ("hash", ticket.Hash), ("user", ticket.UserId),
        ("payload", ticket.Payload), ("created", ticket.CreatedAt.Ms()), ("expires", ticket.ExpiresAt.Ms()));

    private const string FindSql = $"SELECT {Columns} FROM tickets WHERE purpose = @purpose AND hash = @hash AND expires_at > @now";

    public Task<StoredTicket?> FindAsync(string purpose, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        database.FindAsync(FindSql, Read, ct, ("purpose", purpose), ("hash", hash), ("now", now.Ms()));

    private const string FindNewestSql = $"SELECT {Columns} FROM tickets WHERE user_id = @user AND purpose = @purpose AND expires_at > @now ORDER BY created_at DESC LIMIT 1";

    public Task<StoredTicket?> FindNewestAsync(string purpose, string userId, DateTimeOffset now, CancellationToken ct) =>
        database.FindAsync(FindNewestSql, Read, ct, ("user", userId), ("purpose", purpose), ("now", now.Ms()));

    private const string TakeSql = $"DELETE FROM tickets WHERE purpose = @purpose AND hash = @hash AND expires_at > @now RETURNING {Columns}";

    public Task<StoredTicket?> TryTakeAsync(string purpose, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync(TakeSql, Read, ct, ("purpose", purpose), ("hash", hash), ("now", now.Ms()));

    private const string ChangeSql = "UPDATE tickets SET payload = @to WHERE purpose = @purpose AND hash = @hash AND payload = @from";

    public async Task<bool> TryChangeAsync(string purpose, byte[] hash, string from, string to, CancellationToken ct) =>
        await database.ExecuteAsync(ChangeSql, ct, ("to", to), ("purpose", purpose), ("hash", hash), ("from", from)) == 1;

    private const string DropSql = "DELETE FROM tickets WHERE user_id = @user AND purpose = @purpose";

    public Task DropAsync(string purpose, string userId, CancellationToken ct) => database.ExecuteAsync(DropSql, ct, ("user", userId), ("purpose", purpose));

    private static StoredTicket Read(DbDataReader row) => new(row.GetString(0), row.Bytes(1), row.TextOrNull(2), row.GetString(3), row.Time(4), row.Time(5));
}
