using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration.Imports;
using AuthServer.Storage.Sql;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>Writes many people at once; see <see cref="IPeopleImportStore"/>. A hundred thousand of them with their words and memberships are a million rows, so they go by constant SQL.</summary>
internal sealed class PeopleImportStore(IServiceScopeFactory scopes, SqlDatabase database, TimeProvider clock) : IPeopleImportStore
{
    private const string Columns = """
        INSERT INTO users (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number, phone_number_confirmed, profile, password_hash, security_stamp, concurrency_stamp,
            disabled, external_id, organization_id, password_reset_required, created_at, updated_at, is_administrator, email_code_enabled, two_factor_enabled, lockout_enabled, access_failed_count, number)
        VALUES (@id, @user_name, @normalized_user_name, @email, @normalized_email, @email_confirmed, @phone_number, @phone_number_confirmed, @profile, @password_hash, @security_stamp, @concurrency_stamp,
            @disabled, @external_id, @organization_id, @password_reset_required, @created_at, @updated_at, FALSE, FALSE, FALSE, TRUE, 0,
        """;

    private const string AddWithNumberSql = Columns + " @number)";
    private const string AddWithNextNumberSql = Columns + " (SELECT value FROM counters WHERE name = 'user_number'))";
    private const string AddToGroupSql = "INSERT INTO user_groups (user_id, group_id, created_at) VALUES (@user, @group, @now)";
    private const string GiveRoleSql = "INSERT INTO user_roles (user_id, role_id, created_at) VALUES (@user, @role, @now)";

    public async Task<PeopleThere> FindAsync(IReadOnlyCollection<string> ids, IReadOnlyCollection<int> numbers, IReadOnlyCollection<string> userNames, IReadOnlyCollection<string> verifiedEmails, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.Db().Users.AsNoTracking();
        return new PeopleThere(
            await SetAsync(ids, users.Where(u => ids.Contains(u.Id)).Select(u => u.Id), ct),
            await SetAsync(numbers, users.Where(u => numbers.Contains(u.Number)).Select(u => u.Number), ct),
            await SetAsync(userNames, users.Where(u => userNames.Contains(u.NormalizedUserName!)).Select(u => u.NormalizedUserName!), ct),
            await SetAsync(verifiedEmails, users.Where(u => u.EmailConfirmed && verifiedEmails.Contains(u.NormalizedEmail!)).Select(u => u.NormalizedEmail!), ct));
    }

    private static async Task<IReadOnlySet<T>> SetAsync<T>(IReadOnlyCollection<T> wanted, IQueryable<T> found, CancellationToken ct) => wanted.Count == 0 ? new HashSet<T>() : await found.ToHashSetAsync(ct);

    public async Task AddAsync(IReadOnlyList<PersonToAdd> people, CancellationToken ct)
    {
        var now = clock.GetUtcNow().Ms();
        var statements = new List<Statement>(people.Count * 12);
        // Those whose number is said come first, so that nobody is given it meanwhile.
        foreach (var (_, user, roles, groups) in people.OrderBy(static p => p.User.Number == 0))
        {
            if (user.Number == 0) statements.Add(new Statement(PersonUpkeep.TakeNumberSql));
            statements.Add(user.Number == 0 ? new Statement(AddWithNextNumberSql, Parameters(user)) : new Statement(AddWithNumberSql, [.. Parameters(user), ("number", user.Number)]));
            foreach (var word in UserWords.Of(user)) statements.Add(new Statement(PersonUpkeep.AddWordSql, ("word", word), ("user", user.Id)));
            foreach (var role in roles) statements.Add(new Statement(GiveRoleSql, ("user", user.Id), ("role", role), ("now", now)));
            foreach (var group in groups) statements.Add(new Statement(AddToGroupSql, ("user", user.Id), ("group", group), ("now", now)));
        }

        await database.TransactAsync(statements, ct);
    }

    private static (string, object?)[] Parameters(User user) =>
    [
        ("id", user.Id), ("user_name", user.UserName), ("normalized_user_name", user.NormalizedUserName), ("email", user.Email), ("normalized_email", user.NormalizedEmail), ("email_confirmed", user.EmailConfirmed),
        ("phone_number", user.PhoneNumber), ("phone_number_confirmed", user.PhoneNumberConfirmed), ("profile", user.Profile), ("password_hash", user.PasswordHash), ("security_stamp", user.SecurityStamp),
        ("concurrency_stamp", user.ConcurrencyStamp), ("disabled", user.Disabled), ("external_id", user.ExternalId), ("organization_id", user.OrganizationId), ("password_reset_required", user.PasswordResetRequired),
        ("created_at", user.CreatedAt.Ms()), ("updated_at", user.UpdatedAt.Ms()),
    ];
}
