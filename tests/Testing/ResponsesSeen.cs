using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AuthServer.Engine.Accounts;
using AuthServer.Storage;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Testing;

/// <summary>What a server answered, held against what it keeps: passwords and secrets that were set before, and every hash and wrapped key of its database. Nothing of that belongs in an answer.</summary>
/// <remarks>The one answer that makes a secret may show it; from then on nobody may.</remarks>
public sealed partial class ResponsesSeen
{
    /// <summary>Characters. A test that asks for more than this has been looked at long enough.</summary>
    private const int Most = 8_000_000;

    private readonly ConcurrentDictionary<string, byte> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _leaks = new();
    private int _length;

    /// <summary>What was shown that is kept, so far: what it is and where, never the secret itself.</summary>
    public IReadOnlyCollection<string> Leaks => _leaks;

    /// <summary>A password or secret that the server was given.</summary>
    public void AddKept(string? secret)
    {
        if (secret is { Length: >= 12 }) _kept.TryAdd(secret, 0);
    }

    /// <summary>The passwords in a body that is sent.</summary>
    public void AddSent(string json)
    {
        foreach (Match member in Password.Matches(json)) AddKept(member.Groups[1].Value);
    }

    public void Look(HttpResponseMessage response, string body)
    {
        // Its examples are written in the source and are nobody's; the tests send them.
        if (response.RequestMessage?.RequestUri?.AbsolutePath.EndsWith("/openapi.json", StringComparison.Ordinal) == true) return;
        var where = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath} {(int)response.StatusCode}";
        var text = response.Headers + "\n" + response.Content.Headers + "\n" + body;
        if (Hash.Match(text) is { Success: true } hash) _leaks.Enqueue($"{where}: a stored hash, {hash.Value[..Math.Min(hash.Length, 12)]}…");
        if (_kept.Keys.Any(secret => text.Contains(secret, StringComparison.Ordinal))) _leaks.Enqueue($"{where}: a password or secret that was set before");
        foreach (Match made in Made.Matches(body)) AddKept(made.Groups[1].Value);
        if (Interlocked.Add(ref _length, text.Length) <= Most) _bodies.TryAdd(text, where);
    }

    /// <summary>Looks through everything again, for the bytes of the database.</summary>
    public async Task LookForStoredAsync(IServiceProvider services)
    {
        if (_bodies.IsEmpty) return;
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var stored = await db.Set<User>().Where(static u => u.PasswordHash != null).Select(static u => u.PasswordHash!).ToListAsync();
        // Without what stands before it in the same text, too: how it was made is no secret, the end of it is.
        stored.AddRange([.. stored.Select(static h => h[(h.LastIndexOf('$') + 1)..])]);
        foreach (var secrets in await db.Set<ClientRow>().Select(static c => c.Secrets).ToListAsync()) stored.AddRange(StoredText.Matches(secrets).Select(static m => m.Value));
        List<byte[]> bytes = [.. await db.Set<AuthenticatorAppRow>().Select(static a => a.Secret).ToListAsync(), .. await db.Set<RecoveryCodeRow>().Select(static r => r.Hash).ToListAsync(), .. await db.Set<SigningKeyRow>().Select(static k => k.Wrapped).ToListAsync()];
        foreach (var value in bytes) stored.AddRange([Convert.ToBase64String(value), System.Buffers.Text.Base64Url.EncodeToString(value), Convert.ToHexStringLower(value), Convert.ToHexString(value)]);
        foreach (var (body, where) in _bodies)
            if (stored.Exists(value => value.Length >= 16 && body.Contains(value, StringComparison.Ordinal))) _leaks.Enqueue($"{where}: bytes of the database that are a secret");
    }

    [GeneratedRegex("\"(?:password|new_password)\":\\s*\"([^\"\\\\]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Password { get; }

    [GeneratedRegex("\"client_secret\":\\s*\"([^\"]+)\"")]
    private static partial Regex Made { get; }

    [GeneratedRegex(@"\$argon2(?:id|i|d)\$|pbkdf2-sha256\$[0-9]|sha256\$[A-Za-z0-9_-]{40}|\$2[aby]\$[0-9]{2}\$")]
    private static partial Regex Hash { get; }

    [GeneratedRegex("[A-Za-z0-9_-]{32,}")]
    private static partial Regex StoredText { get; }
}
