using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace AuthServer.PeerTests;

/// <summary>A program of somebody else's: run to its end, or kept running beside the test.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private PeerProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
    }

    /// <summary>What the program wrote to its output. One that fails shows its own words.</summary>
    public static async Task<string> RunAsync(string folder, string program, string[] arguments, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Process.Start(NewStart(folder, program, arguments, environment))!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {arguments.FirstOrDefault()}: {await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Returns when the program says that it is ready.</summary>
    public static async Task<PeerProgram> StartAsync(string folder, string program, string[] arguments, string readyWord, IReadOnlyDictionary<string, string>? environment = null)
    {
        var running = new PeerProgram(NewStart(folder, program, arguments, environment));
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Patience);
        var said = new StringBuilder();
        try
        {
            await foreach (var line in running._lines.Reader.ReadAllAsync(limit.Token))
            {
                said.AppendLine(line);
                if (line.Contains(readyWord, StringComparison.Ordinal)) return running;
            }
        }
        catch (OperationCanceledException)
        {
            said.AppendLine("It did not get ready in time.");
        }

        await running.DisposeAsync();
        throw new InvalidOperationException($"{program} {arguments.FirstOrDefault()}: {said}");
    }

    /// <summary>Waits for an end that was asked for elsewhere.</summary>
    public async Task StoppedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text) _lines.Writer.TryWrite(text);
        else if (_process.HasExited) _lines.Writer.TryComplete();
    }

    private static ProcessStartInfo NewStart(string folder, string program, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }
}
