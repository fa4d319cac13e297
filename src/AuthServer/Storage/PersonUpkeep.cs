using AuthServer.Engine.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AuthServer.Storage;

/// <summary>What follows from a person's row: the number, and the words of the search.</summary>
internal static class PersonUpkeep
{
    /// <summary>
    /// Takes the next number that nobody has. Imported numbers may lie anywhere: where the next one is taken, the first gap behind it is found once and the counter goes on from there.
    /// The counter's row is held until the person is saved, so two people never get one number.
    /// </summary>
    public const string TakeNumberSql = """
        UPDATE counters SET value = CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.number = counters.value + 1)
            THEN (SELECT CAST(MIN(u.number) AS BIGINT) + 1 FROM users u WHERE u.number > counters.value AND NOT EXISTS (SELECT 1 FROM users n WHERE n.number = CAST(u.number AS BIGINT) + 1))
            ELSE value + 1 END
        WHERE name = 'user_number'
        """;

    private const string ReadNumberSql = "SELECT value AS \"Value\" FROM counters WHERE name = 'user_number'";

    public static async Task<int> NextNumberAsync(DatabaseFacade database, CancellationToken ct)
    {
        await database.ExecuteSqlRawAsync(TakeNumberSql, ct);
        return checked((int)await database.SqlQueryRaw<long>(ReadNumberSql).SingleAsync(ct));
    }

    public static WordChange Changed(EntityEntry<User> entry)
    {
        var after = UserWords.Of(entry.Entity);
        var before = entry.State == EntityState.Added ? new HashSet<string>(StringComparer.Ordinal) : UserWords.Of(
            entry.OriginalValues.GetValue<string?>(nameof(User.UserName)), entry.OriginalValues.GetValue<string?>(nameof(User.Email)),
            entry.OriginalValues.GetValue<string?>(nameof(User.ExternalId)), entry.OriginalValues.GetValue<string>(nameof(User.Profile)));
        return new WordChange(entry.Entity.Id, [.. before.Except(after)], [.. after.Except(before)]);
    }

    public const string AddWordSql = "INSERT INTO user_words (word, user_id) VALUES (@word, @user) ON CONFLICT (word, user_id) DO NOTHING";

    public sealed record WordChange(string UserId, IReadOnlyList<string> Gone, IReadOnlyList<string> Added)
    {
        public async Task WriteAsync(DatabaseFacade database, CancellationToken ct)
        {
            foreach (var word in Gone) await database.ExecuteSqlAsync($"DELETE FROM user_words WHERE user_id = {UserId} AND word = {word}", ct);
            foreach (var word in Added) await database.ExecuteSqlAsync($"INSERT INTO user_words (word, user_id) VALUES ({word}, {UserId}) ON CONFLICT (word, user_id) DO NOTHING", ct);
        }
    }
}
