using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Mail;

/// <summary>A queue in, deliveries behind the caller's back: whether there was a letter to write cannot be told from the time an answer takes.</summary>
public sealed partial class PostOffice : BackgroundService, IPostOffice
{
    /// <summary>Seconds before each further attempt.</summary>
    private static readonly int[] Pauses = [5, 30, 120];

    private readonly Channel<Letter> _letters;
    private readonly LetterWriter _writer;
    private readonly IMailTransport _transport;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _sending = new(1, 1);

    public PostOffice(LetterWriter writer, IMailTransport transport, IOptions<MailOptions> options, TimeProvider clock, ILogger<PostOffice> logger)
    {
        (_writer, _transport, _clock, _logger) = (writer, transport, clock, logger);
        _letters = Channel.CreateBounded<Letter>(options.Value.Queue);
    }

    public void Post(Letter letter)
    {
        if (!_letters.Writer.TryWrite(letter with { Culture = letter.Culture ?? CultureInfo.CurrentUICulture.Name })) Full(_logger, letter.Kind);
    }

    /// <summary>Delivers what has been posted so far, each letter once.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            while (_letters.Reader.TryRead(out var letter)) await TrySendAsync(letter, ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _letters.Reader.WaitToReadAsync(stoppingToken))
            {
                await _sending.WaitAsync(stoppingToken);
                Letter? letter;
                try
                {
                    if (!_letters.Reader.TryRead(out letter) || await TrySendAsync(letter, stoppingToken)) continue;
                }
                finally
                {
                    _sending.Release();
                }

                // The next one need not wait for one that does not get through.
                _ = TryAgainAsync(letter, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: StopAsync delivers the rest.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Left(_logger, _letters.Reader.Count);
        }
    }

    private async Task TryAgainAsync(Letter letter, CancellationToken ct)
    {
        try
        {
            foreach (var pause in Pauses)
            {
                await Task.Delay(TimeSpan.FromSeconds(pause), _clock, ct);
                if (await TrySendAsync(letter, ct)) return;
            }

            GivenUp(_logger, letter.Kind, Pauses.Length + 1);
        }
        catch (OperationCanceledException)
        {
            GivenUp(_logger, letter.Kind, 1);
        }
    }

    private async Task<bool> TrySendAsync(Letter letter, CancellationToken ct)
    {
        try
        {
            await _transport.SendAsync(_writer.Write(letter), ct);
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The kind of fault only: an SMTP server's words may repeat the address.
            Failed(_logger, letter.Kind, fault.GetBaseException().GetType().Name);
            return false;
        }
    }

    public override void Dispose()
    {
        _sending.Dispose();
        base.Dispose();
    }

    [LoggerMessage(8101, LogLevel.Error, "Too many letters wait; one of kind {Kind} was dropped")]
    private static partial void Full(ILogger logger, MailKind kind);

    [LoggerMessage(8102, LogLevel.Warning, "A letter of kind {Kind} could not be sent: {Fault}")]
    private static partial void Failed(ILogger logger, MailKind kind, string fault);

    [LoggerMessage(8103, LogLevel.Error, "A letter of kind {Kind} was given up after {Attempts} attempts")]
    private static partial void GivenUp(ILogger logger, MailKind kind, int attempts);

    [LoggerMessage(8104, LogLevel.Warning, "The server stopped with {Count} letters unsent")]
    private static partial void Left(ILogger logger, int count);
}
