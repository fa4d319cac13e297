using System.Threading.Channels;
using AuthServer.Engine.Mail;
using AuthServer.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthServer.UnitTests.Mail;

public sealed class PostOfficeTests : IAsyncDisposable
{
    private readonly Transport _transport = new();
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CapturedLog _log = new();
    private readonly ServiceProvider _services;

    public PostOfficeTests() => _services = new ServiceCollection()
        .AddLogging(l => l.AddProvider(_log)).AddSingleton<TimeProvider>(_clock).AddSingleton<IMailTransport>(_transport)
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Mail:Queue", "10")]).Build())
        .AddMail(static _ => "").BuildServiceProvider();

    private PostOffice Office => _services.GetRequiredService<PostOffice>();

    [Fact]
    public async Task What_was_posted_is_delivered_once()
    {
        Office.Post(Of("alice@example.com"));
        await Office.FlushAsync(CancellationToken.None);
        await Office.FlushAsync(CancellationToken.None);
        Assert.Equal("alice@example.com", Assert.Single(_transport.Sent).To);
    }

    [Fact]
    public async Task A_letter_that_does_not_get_through_is_tried_again()
    {
        _transport.Failures = 2;
        await Office.StartAsync(CancellationToken.None);
        Office.Post(Of("alice@example.com"));
        await _transport.TriedAsync();
        await _clock.NextTimerAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _transport.TriedAsync();
        await _clock.NextTimerAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _transport.TriedAsync();
        await Office.StopAsync(CancellationToken.None);
        Assert.Single(_transport.Sent);
    }

    [Fact]
    public async Task A_stop_delivers_what_waits()
    {
        Office.Post(Of("alice@example.com"));
        await Office.StartAsync(CancellationToken.None);
        await Office.StopAsync(CancellationToken.None);
        Assert.Single(_transport.Sent);
    }

    [Fact]
    public async Task More_than_the_queue_holds_is_dropped_and_the_caller_never_waits()
    {
        for (var i = 0; i < 25; i++) Office.Post(Of($"person{i}@example.com"));
        await Office.FlushAsync(CancellationToken.None);
        Assert.Equal(10, _transport.Sent.Count);
        Assert.Contains("dropped", _log.Text, StringComparison.Ordinal);
    }

    [Fact, Spec("ASVS 16.2.5")]
    public async Task The_log_says_that_it_failed_and_neither_to_whom_nor_what()
    {
        _transport.Failures = 1;
        Office.Post(Of("alice@example.com"));
        await Office.FlushAsync(CancellationToken.None);
        Assert.Contains("ResetPassword", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-handle", _log.Text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private static Letter Of(string to) => new() { Kind = MailKind.ResetPassword, To = to, Values = new Dictionary<string, string> { ["link"] = "https://issuer.example/reset?code=secret-handle" } };

    private sealed class Transport : IMailTransport
    {
        private readonly Channel<WrittenLetter> _tries = Channel.CreateUnbounded<WrittenLetter>();
        private int _tried;

        public int Failures { get; set; }

        public List<WrittenLetter> Sent { get; } = [];

        public Task SendAsync(WrittenLetter letter, CancellationToken ct)
        {
            _tries.Writer.TryWrite(letter);
            if (Interlocked.Increment(ref _tried) <= Failures) throw new InvalidOperationException("550 no mailbox for " + letter.To);
            Sent.Add(letter);
            return Task.CompletedTask;
        }

        /// <summary>Until there was one more attempt.</summary>
        public Task<WrittenLetter> TriedAsync() => _tries.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }
}
