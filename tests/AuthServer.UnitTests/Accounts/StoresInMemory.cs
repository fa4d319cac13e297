using System.Collections.Concurrent;
using System.Data.Common;
using AuthServer.Engine.Accounts;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.UnitTests.Accounts;

internal sealed class FailuresInMemory : ISignInFailureStore
{
    private readonly Dictionary<(string, string), (int Failures, DateTimeOffset LastAt, DateTimeOffset? BlockedUntil)> _rows = [];

    /// <summary>Runs after each look at the block, before anything is counted: where parallel requests meet.</summary>
    public Func<Task> AfterRead { get; set; } = static () => Task.CompletedTask;

    public int Rows => _rows.Count;

    public IReadOnlyCollection<(string Account, string Source)> Keys => [.. _rows.Keys];

    public Task<SignInFailures> AddAsync(string accountKey, string sourceKey, DateTimeOffset now, DateTimeOffset forgetBefore, CancellationToken ct)
    {
        lock (_rows)
        {
            var old = _rows.GetValueOrDefault((accountKey, sourceKey));
            var row = (old.LastAt < forgetBefore ? 1 : old.Failures + 1, now, old.BlockedUntil);
            _rows[(accountKey, sourceKey)] = row;
            return Task.FromResult(new SignInFailures(row.Item1, row.BlockedUntil));
        }
    }

    public async Task<SignInFailures?> ReadAsync(string accountKey, string sourceKey, CancellationToken ct)
    {
        SignInFailures? found;
        lock (_rows) found = _rows.TryGetValue((accountKey, sourceKey), out var row) ? new SignInFailures(row.Failures, row.BlockedUntil) : null;
        await AfterRead();
        return found;
    }

    public Task<bool> TrySetBlockAsync(string accountKey, string sourceKey, DateTimeOffset? expected, DateTimeOffset until, CancellationToken ct)
    {
        lock (_rows)
        {
            if (!_rows.TryGetValue((accountKey, sourceKey), out var row) || row.BlockedUntil != expected) return Task.FromResult(false);
            _rows[(accountKey, sourceKey)] = row with { BlockedUntil = until };
            return Task.FromResult(true);
        }
    }

    public Task ForgetAsync(string accountKey, CancellationToken ct)
    {
        lock (_rows)
            foreach (var key in _rows.Keys.Where(k => k.Item1 == accountKey).ToList()) _rows.Remove(key);
        return Task.CompletedTask;
    }

    public Task ResetAsync(string accountKey, string sourceKey, CancellationToken ct)
    {
        lock (_rows) _rows.Remove((accountKey, sourceKey));
        return Task.CompletedTask;
    }
}

internal sealed class SetupCodesInMemory : ISetupCodeStore
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _open = [];

    public Func<bool> AnyAdministrator { get; set; } = static () => false;

    public Task AddAsync(byte[] hash, DateTimeOffset expiresAt, CancellationToken ct)
    {
        _open[Convert.ToHexString(hash)] = expiresAt;
        return Task.CompletedTask;
    }

    /// <summary>Runs after each look whether a code is open, before anybody uses it: where parallel requests meet.</summary>
    public Func<Task> AfterLook { get; set; } = static () => Task.CompletedTask;

    public Task<bool> TryUseAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => Task.FromResult(_open.TryRemove(Convert.ToHexString(hash), out var end) && end > now);

    public async Task<bool> IsOpenAsync(byte[] hash, DateTimeOffset now, CancellationToken ct)
    {
        var open = _open.TryGetValue(Convert.ToHexString(hash), out var end) && end > now;
        await AfterLook();
        return open;
    }

    public Task<bool> AnyAdministratorAsync(CancellationToken ct) => Task.FromResult(AnyAdministrator());
}

/// <summary>The part of an Identity store that accounts need. Like a database it refuses a second row with the same name, and like a database it says so late.</summary>
internal sealed class UsersInMemory : IUserPasswordStore<User>, IUserEmailStore<User>, IQueryableUserStore<User>
{
    public List<User> All { get; } = [];

    public int Updates { get; private set; }

    /// <summary>Runs just before a row is written.</summary>
    public Action BeforeCreate { get; set; } = static () => { };

    IQueryable<User> IQueryableUserStore<User>.Users => All.AsQueryable();

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        BeforeCreate();
        if (All.Any(u => u.NormalizedUserName == user.NormalizedUserName)) throw new InvalidOperationException("saving failed", new UniqueViolation());
        All.Add(user);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        Updates++;
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        All.Remove(user);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(All.Find(u => u.Id == userId));
    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult(All.Find(u => u.NormalizedUserName == normalizedUserName));
    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) => Task.FromResult(All.SingleOrDefault(u => u.NormalizedEmail == normalizedEmail));
    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);
    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);
    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);
    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);
    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.EmailConfirmed);
    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);
    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => Set(() => user.UserName = userName);
    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Set(() => user.NormalizedUserName = normalizedName);
    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);
    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email);
    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) => Set(() => user.EmailConfirmed = confirmed);
    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) => Set(() => user.NormalizedEmail = normalizedEmail);

    public void Dispose()
    {
    }

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }

    private sealed class UniqueViolation : DbException;
}

internal sealed class BreachedInMemory : IBreachedPasswords
{
    public HashSet<string> Passwords { get; } = [];

    public int Asked { get; private set; }

    public Task<bool> ContainsAsync(string password, CancellationToken ct)
    {
        Asked++;
        return Task.FromResult(Passwords.Contains(password));
    }
}
