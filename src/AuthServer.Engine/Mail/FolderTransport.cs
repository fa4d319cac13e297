using System.Globalization;

namespace AuthServer.Engine.Mail;

/// <summary>A letter in the folder, as a page shows it.</summary>
public sealed record KeptLetter(string Id, DateTimeOffset At, string To, string Subject, string Text, string Html);

/// <summary>Development's way out: every letter becomes a file of text and a file of HTML.</summary>
public sealed class FolderTransport(string folder, TimeProvider clock) : IMailTransport
{
    private const int Most = 200;

    private static int _count;

    public async Task SendAsync(WrittenLetter letter, CancellationToken ct)
    {
        System.IO.Directory.CreateDirectory(folder);
        var now = clock.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{Interlocked.Increment(ref _count):D4}");
        await File.WriteAllTextAsync(Path.Combine(folder, id + ".html"), letter.Html, ct);
        // The text goes last, and by a rename: whoever lists the folder finds whole letters.
        var unfinished = Path.Combine(folder, id + ".tmp");
        await File.WriteAllTextAsync(unfinished, $"To: {letter.To}\nSubject: {letter.Subject}\nDate: {now:R}\n\n{letter.Text}", ct);
        File.Move(unfinished, Path.Combine(folder, id + ".txt"));
        foreach (var old in System.IO.Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).SkipLast(Most))
        {
            File.Delete(old);
            File.Delete(Path.ChangeExtension(old, ".html"));
        }
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<KeptLetter>> ListAsync(CancellationToken ct)
    {
        if (!System.IO.Directory.Exists(folder)) return [];
        var letters = new List<KeptLetter>();
        foreach (var file in System.IO.Directory.GetFiles(folder, "*.txt").OrderDescending(StringComparer.Ordinal)) letters.Add(await ReadAsync(file, ct));
        return letters;
    }

    private static async Task<KeptLetter> ReadAsync(string file, CancellationToken ct)
    {
        var whole = await File.ReadAllTextAsync(file, ct);
        var end = whole.IndexOf("\n\n", StringComparison.Ordinal);
        var head = whole[..end].Split('\n');
        string Of(string name) => head.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..];
        var html = Path.ChangeExtension(file, ".html");
        return new KeptLetter(Path.GetFileNameWithoutExtension(file), DateTimeOffset.Parse(Of("Date: "), CultureInfo.InvariantCulture), Of("To: "), Of("Subject: "), whole[(end + 2)..],
            File.Exists(html) ? await File.ReadAllTextAsync(html, ct) : "");
    }
}
