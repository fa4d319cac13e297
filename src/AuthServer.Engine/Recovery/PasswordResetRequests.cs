using System.Globalization;
using System.Threading.Channels;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthServer.Engine.Recovery;

/// <summary>
/// Takes the wish for a new password. Whether there is such an account is looked up after the page has answered, so neither the answer nor its time tells (ASVS 6.3.8, 6.4.3).
/// </summary>
public sealed partial class PasswordResetRequests(
    IServiceScopeFactory scopes, SignInBrake brake, PasswordResetLetters letters, IAuditTrail audit, ILogger<PasswordResetRequests> logger) : BackgroundService
{
    private const int LongestIdentifier = 256;
    private const int Queue = 1_000;

    private readonly Channel<Wish> _wishes = Channel.CreateBounded<Wish>(Queue);
    private readonly SemaphoreSlim _working = new(1, 1);

    private sealed record Wish(string Identifier, string? Request, string? Source, string Culture);

    /// <summary>Returns at once.</summary>
    /// <param name="request">Handle of the waiting request the person came from.</param>
    /// <param name="source">The person's IP address.</param>
    public void Ask(string identifier, string? request, string? source)
    {
        if (identifier.Length > LongestIdentifier) return;
        if (!_wishes.Writer.TryWrite(new Wish(identifier, request, source, CultureInfo.CurrentUICulture.Name))) Full(logger);
    }

    /// <summary>Works off what was asked so far.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _working.WaitAsync(ct);
        try
        {
            while (_wishes.Reader.TryRead(out var wish)) await TryAnswerAsync(wish, ct);
        }
        finally
        {
            _working.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _wishes.Reader.WaitToReadAsync(stoppingToken)) await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping. Whoever asked a moment ago asks again.
        }
    }

    private async Task TryAnswerAsync(Wish wish, CancellationToken ct)
    {
        try
        {
            await AnswerAsync(wish, ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failed(logger, fault.GetBaseException().GetType().Name);
        }
    }

    private async Task AnswerAsync(Wish wish, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        // Nobody's mailbox is flooded: neither by one source, nor by many.
        if (await brake.ReserveAsync("reset:" + users.NormalizeName(wish.Identifier), wish.Source, ct) is not null) return;
        var user = await UserLookup.FindAsync(users, wish.Identifier, ct);
        audit.Record(new AuditEvent(AuditKind.PasswordResetAsked, Subject: user?.Id, Address: wish.Source, Detail: user is null ? "unknown" : null));
        if (user is null || !letters.MaySend(user)) return;
        if (await brake.ReserveAsync("reset:" + user.Id, null, ct) is not null) return;
        await letters.TrySendAsync(user, wish.Request, wish.Culture, ct);
    }

    public override void Dispose()
    {
        _working.Dispose();
        base.Dispose();
    }

    [LoggerMessage(8201, LogLevel.Error, "Too many people ask for a new password at once; one was not answered")]
    private static partial void Full(ILogger logger);

    [LoggerMessage(8202, LogLevel.Error, "A wish for a new password could not be answered: {Fault}")]
    private static partial void Failed(ILogger logger, string fault);
}
