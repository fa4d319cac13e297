using Microsoft.AspNetCore.Identity;

namespace AuthServer.Engine.Accounts;

/// <summary>Whom a person means by what they type.</summary>
internal static class UserLookup
{
    /// <summary>
    /// An address finds its account only where it was verified, and for one account only. It goes before a name of the same spelling, and unverified claims to it do not count:
    /// otherwise a stranger could shut somebody out by registering that person's address.
    /// </summary>
    public static async Task<User?> FindAsync(UserManager<User> users, string identifier, CancellationToken ct)
    {
        if (identifier.Contains('@', StringComparison.Ordinal))
        {
            var verified = await WithConfirmedAsync(users, identifier, ct);
            if (verified.Count > 0) return verified.Count == 1 ? verified[0] : null;
        }

        return await users.FindByNameAsync(identifier);
    }

    /// <summary>Two at most.</summary>
    public static async Task<IReadOnlyList<User>> WithConfirmedAsync(UserManager<User> users, string address, CancellationToken ct)
    {
        var email = users.NormalizeEmail(address);
        var query = users.Users.Where(u => u.NormalizedEmail == email && u.EmailConfirmed).Take(2);
        return query is IAsyncEnumerable<User> rows ? await rows.ToListAsync(ct) : [.. query];
    }
}
