using System.Buffers.Text;
using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Testing;
using AuthServer.UnitTests.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Sessions;

public sealed class SessionCookieTests
{
    private readonly SessionsInMemory _store = new();
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordedAudit _audit = new();
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly SessionCookie _cookie;

    public SessionCookieTests() => _cookie = Cookie("https://issuer.example");

    [Fact]
    [Spec("ASVS 7.2.1")]
    public async Task The_next_request_finds_the_session()
    {
        var (session, value) = await SignInAsync("alice");
        var current = (await ReadAsync(value))!;
        Assert.Equal((session.Id, "alice", "name of alice"), (current.Session.Id, current.Session.UserId, current.UserName));
        Assert.Equal((_clock.GetUtcNow(), "pwd", AuthenticationContexts.SingleFactor), (current.Session.AuthTime, Assert.Single(current.Session.Amr), current.Session.Acr));
    }

    [Fact]
    public async Task The_very_request_that_signs_in_sees_the_session_too()
    {
        var http = Request(null);
        Assert.Null(await _cookie.ReadAsync(http, CancellationToken.None));
        var session = await _cookie.SignInAsync(http, AccountsBench.SignedIn("alice"), "Alice", persistent: false, CancellationToken.None);
        Assert.Equal((session.Id, "Alice"), ((await _cookie.ReadAsync(http, CancellationToken.None))!.Session.Id, (await _cookie.ReadAsync(http, CancellationToken.None))!.UserName));
    }

    [Fact]
    [Spec("ASVS 3.3.1")]
    public async Task The_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts()
    {
        var http = Request(null);
        await _cookie.SignInAsync(http, AccountsBench.SignedIn("alice"), "Alice", persistent: false, CancellationToken.None);
        Assert.Matches(@"\A__Host-session=[A-Za-z0-9_-]+; path=/; secure; samesite=lax; httponly\z", Assert.Single(http.Response.Headers.SetCookie)!);

        http = Request(null);
        await _cookie.SignInAsync(http, AccountsBench.SignedIn("alice"), "Alice", persistent: true, CancellationToken.None);
        Assert.Contains("; expires=Sun, 15 Mar 2026 12:00:00 GMT; ", Assert.Single(http.Response.Headers.SetCookie)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_plain_http_in_development_the_cookie_has_a_plain_name()
    {
        var http = Request(null);
        await Cookie("http://localhost:5000").SignInAsync(http, AccountsBench.SignedIn("alice"), "Alice", persistent: false, CancellationToken.None);
        Assert.Matches(@"\Asession=[A-Za-z0-9_-]+; path=/; samesite=lax; httponly\z", Assert.Single(http.Response.Headers.SetCookie)!);
    }

    [Fact]
    public async Task A_cookie_changed_in_any_character_is_none()
    {
        var (_, value) = await SignInAsync("alice");
        for (var i = 0; i < value.Length; i++)
        {
            var changed = value[..i] + (value[i] == 'A' ? 'B' : 'A') + value[(i + 1)..];
            if (i < value.Length - 1) Assert.Null(await ReadAsync(changed));
        }

        foreach (var other in new[] { "", "x", "....", value[..^1], value + "AAAA", value.ToUpperInvariant(), new string('A', 1023), new string('A', 5000), value + "%" }) Assert.True(await ReadAsync(other) is null, other);
    }

    [Theory]
    [InlineData("another purpose", "{0}.{1}")]
    [InlineData("session", "{0}")]
    [InlineData("session", "{0}.")]
    [InlineData("session", "{0}.AAAA")]
    [InlineData("session", "{0}.!!!")]
    [InlineData("session", "unknown.{1}")]
    [InlineData("session", "")]
    public async Task A_value_that_only_looks_protected_by_us_is_none(string purpose, string form)
    {
        var (session, _) = await SignInAsync("alice");
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, session.Id, Base64Url.EncodeToString(new byte[32]));
        Assert.Null(await ReadAsync(Base64Url.EncodeToString(_protection.CreateProtector(purpose).Protect(System.Text.Encoding.ASCII.GetBytes(text)))));
    }

    [Fact]
    public async Task A_cookie_with_another_key_than_the_rows_is_none()
    {
        var (session, value) = await SignInAsync("alice");
        _store.Rows[session.Id] = session with { KeyHash = new byte[32] };
        Assert.Null(await ReadAsync(value));
    }

    [Fact]
    [Spec("ASVS 7.2.4")]
    public async Task Signing_in_again_keeps_the_sid_and_makes_the_old_cookie_useless()
    {
        var (first, old) = await SignInAsync("alice");
        _clock.Advance(TimeSpan.FromHours(1));
        var (second, renewed) = await SignInAsync("alice", old, persistent: true);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal((first.CreatedAt, _clock.GetUtcNow(), true), (_store.Rows[first.Id].CreatedAt, _store.Rows[first.Id].AuthTime, _store.Rows[first.Id].Persistent));
        Assert.Null(await ReadAsync(old));
        Assert.NotNull(await ReadAsync(renewed));
        Assert.Single(_store.Rows);
    }

    [Fact]
    [Spec("ASVS 7.2.4")]
    public async Task Another_user_gets_a_new_session_and_the_old_one_ends()
    {
        var (first, old) = await SignInAsync("alice");
        var (second, value) = await SignInAsync("bob", old);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(_clock.GetUtcNow(), _store.Rows[first.Id].EndedAt);
        Assert.Null(await ReadAsync(old));
        Assert.Equal("bob", (await ReadAsync(value))!.Session.UserId);
        Assert.Equal(new AuditEvent(AuditKind.SignedOut, Subject: "alice", SessionId: first.Id, Address: "192.0.2.1"), Assert.Single(_audit.Events));
    }

    [Fact]
    public async Task A_session_that_ends_while_its_person_signs_in_again_is_replaced()
    {
        var (first, value) = await SignInAsync("alice");
        var http = Request(value);
        Assert.NotNull(await _cookie.ReadAsync(http, CancellationToken.None));
        await _store.TryEndAsync(first.Id, _clock.GetUtcNow(), CancellationToken.None);
        await _cookie.SignInAsync(http, AccountsBench.SignedIn("alice"), "Alice", persistent: false, CancellationToken.None);
        var current = await ReadAsync(Value(http));
        Assert.NotNull(current);
        Assert.NotEqual(first.Id, current.Session.Id);
    }

    [Fact]
    [Spec("ASVS 7.4.1")]
    public async Task Signing_out_ends_the_row_and_takes_the_cookie_away()
    {
        var (session, value) = await SignInAsync("alice");
        var http = Request(value);
        await _cookie.SignOutAsync(http, CancellationToken.None);
        Assert.Null(await _cookie.ReadAsync(http, CancellationToken.None));
        Assert.NotNull(_store.Rows[session.Id].EndedAt);
        Assert.Matches(@"\A__Host-session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; secure; samesite=lax; httponly\z", Assert.Single(http.Response.Headers.SetCookie)!);
        Assert.Null(await ReadAsync(value));
        Assert.Equal(AuditKind.SignedOut, Assert.Single(_audit.Events).Kind);
    }

    [Fact]
    [Spec("ASVS 7.4.2")]
    public async Task A_user_who_is_shut_out_has_no_session_at_once()
    {
        var (_, value) = await SignInAsync("alice");
        _store.UsersShutOut.Add("alice");
        Assert.Null(await ReadAsync(value));
    }

    [Fact]
    [Spec("ASVS 7.3.2")]
    public async Task A_session_ends_absolutely_however_much_it_is_used()
    {
        var (_, value) = await SignInAsync("alice");
        for (var hour = 0; hour < 23; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            Assert.NotNull(await ReadAsync(value));
        }

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await ReadAsync(value));
    }

    [Fact]
    [Spec("ASVS 7.3.1")]
    public async Task A_session_nobody_uses_ends_and_use_puts_that_off()
    {
        var (_, value) = await SignInAsync("alice");
        _clock.Advance(TimeSpan.FromHours(8));
        Assert.NotNull(await ReadAsync(value));
        _clock.Advance(TimeSpan.FromHours(8));
        Assert.NotNull(await ReadAsync(value));
        _clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMinutes(1));
        Assert.NotNull(await ReadAsync(value));

        var (_, unused) = await SignInAsync("alice");
        _clock.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(1));
        Assert.Null(await ReadAsync(unused));
    }

    [Fact]
    public async Task A_remembered_session_lasts_unused_until_its_end()
    {
        var (_, value) = await SignInAsync("alice", persistent: true);
        _clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await ReadAsync(value));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await ReadAsync(value));
    }

    [Fact]
    public async Task A_renewed_session_is_remembered_or_not_as_asked_last()
    {
        var (_, value) = await SignInAsync("alice", persistent: true);
        (_, value) = await SignInAsync("alice", value, persistent: false);
        _clock.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(1));
        Assert.Null(await ReadAsync(value));
    }

    [Fact]
    public async Task The_database_is_asked_once_per_request_and_told_of_use_once_a_minute()
    {
        var (_, value) = await SignInAsync("alice");
        var http = Request(value);
        var reads = _store.Reads;
        for (var i = 0; i < 3; i++) await _cookie.ReadAsync(http, CancellationToken.None);
        Assert.Equal(1, _store.Reads - reads);

        for (var second = 0; second < 59; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await ReadAsync(value);
        }

        Assert.Equal(0, _store.Touches);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(value);
        await ReadAsync(value);
        Assert.Equal(1, _store.Touches);
    }

    [Fact]
    public async Task Who_administers_is_read_anew_with_every_request()
    {
        var (_, value) = await SignInAsync("alice");
        Assert.False((await ReadAsync(value))!.IsAdministrator);
        _store.Administrators.Add("alice");
        Assert.True((await ReadAsync(value))!.IsAdministrator);
    }

    [Fact]
    public async Task The_row_holds_no_secret_and_the_cookie_no_name()
    {
        var (session, value) = await SignInAsync("alice");
        var text = System.Text.Encoding.ASCII.GetString(_protection.CreateProtector("session").Unprotect(Base64Url.DecodeFromChars(value)));
        Assert.Matches(@"\A[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\z", text);
        var secret = Base64Url.DecodeFromChars(text.AsSpan(23));
        Assert.NotEqual(secret, session.KeyHash);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(secret), session.KeyHash);
    }

    private SessionCookie Cookie(string issuer) => new(_store, _protection, new Issuer(issuer), Options.Create(new AccountOptions()), _audit, _clock);

    private static DefaultHttpContext Request(string? cookie)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        if (cookie is not null) http.Request.Headers.Cookie = "__Host-session=" + cookie;
        return http;
    }

    private async Task<(Session Session, string Value)> SignInAsync(string user, string? cookie = null, bool persistent = false)
    {
        var http = Request(cookie);
        var session = await _cookie.SignInAsync(http, AccountsBench.SignedIn(user), user, persistent, CancellationToken.None);
        return (session, Value(http));
    }

    private static string Value(DefaultHttpContext http) => http.Response.Headers.SetCookie.ToString().Split(';')[0].Split('=', 2)[1];

    private Task<CurrentSession?> ReadAsync(string cookie) => _cookie.ReadAsync(Request(cookie), CancellationToken.None);
}
