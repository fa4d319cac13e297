using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthServer.UnitTests.Mail;

/// <summary>An SMTP server that takes one letter at a time, offers no encryption and keeps every line (RFC 5321).</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public SmtpServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the client said, commands and letters.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Greets, and never says anything again.</summary>
    public bool Silent { get; init; }

    public string Text => string.Join('\n', Lines);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test is over, or the client has hung up.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.test ESMTP");
        var letter = false;
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            Lines.Add(line);
            if (Silent) continue;
            if (letter && line != ".") continue;
            if (letter)
            {
                letter = false;
                await writer.WriteLineAsync("250 taken");
                continue;
            }

            var command = line.Split(' ')[0].ToUpperInvariant();
            letter = command == "DATA";
            await writer.WriteLineAsync(command switch
            {
                "EHLO" => "250-mail.test\r\n250 AUTH LOGIN PLAIN",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 fine",
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }
}
