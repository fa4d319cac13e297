using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Storage.Sql;

namespace AuthServer.Storage;

/// <summary>What the directory needs at start: this server's own rights, and the words of the search for people who were here before it.</summary>
internal sealed class DirectoryUpkeep(SqlDatabase database, TimeProvider clock)
{
    private const int Batch = 500;

    private const string AddRightSql = """
        INSERT INTO rights (id, name, normalized_name, description, built_in, version, created_at, updated_at) VALUES (@id, @name, @normalized, @description, TRUE, 1, @now, @now)
        ON CONFLICT (normalized_name) DO UPDATE SET name = excluded.name, built_in = TRUE WHERE rights.built_in = FALSE
        """;

    private const string BuiltInSql = "SELECT name FROM rights WHERE built_in = TRUE";
    private const string WordsVersionSql = "SELECT value FROM counters WHERE name = 'user_words'";
    private const string PeopleSql = "SELECT id, user_name, email, external_id, profile FROM users WHERE id > @after ORDER BY id LIMIT @batch";
    private const string SetWordsVersionSql = "UPDATE counters SET value = @version WHERE name = 'user_words'";

    public async Task RunAsync(CancellationToken ct)
    {
        var there = (await database.ListAsync(BuiltInSql, static row => row.GetString(0), ct)).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, description) in AdminRights.All.Where(r => !there.Contains(r.Name)))
        {
            await database.ExecuteAsync(AddRightSql, ct, ("id", Guid.NewGuid().ToString()), ("name", name), ("normalized", name.ToUpperInvariant()), ("description", description), ("now", clock.GetUtcNow().Ms()));
        }

        if ((await database.ListAsync(WordsVersionSql, static row => row.GetInt64(0), ct))[0] != UserWords.Version) await MakeWordsAsync(ct);
    }

    /// <summary>Two nodes may do this at the same time: a word that is there is left alone.</summary>
    private async Task MakeWordsAsync(CancellationToken ct)
    {
        for (var after = ""; ;)
        {
            var people = await database.ListAsync(PeopleSql, static row => (Id: row.GetString(0), Words: UserWords.Of(row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.GetString(4))), ct, ("after", after), ("batch", Batch));
            if (people.Count == 0) break;
            var statements = people.SelectMany(static p => p.Words.Select(word => new Statement(PersonUpkeep.AddWordSql, ("word", word), ("user", p.Id)))).ToList();
            if (statements.Count > 0) await database.TransactAsync(statements, ct);
            after = people[^1].Id;
        }

        await database.ExecuteAsync(SetWordsVersionSql, ct, ("version", (long)UserWords.Version));
    }
}
