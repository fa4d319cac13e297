using System.Text.RegularExpressions;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Recovery;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Testing;

/// <summary>The mailbox of everybody: what the server has sent.</summary>
public sealed partial class SentMail : IMailTransport
{
    private readonly List<WrittenLetter> _letters = [];
    private PostOffice? _office;
    private PasswordResetRequests? _wishes;

    public Task SendAsync(WrittenLetter letter, CancellationToken ct)
    {
        lock (_letters) _letters.Add(letter);
        return Task.CompletedTask;
    }

    /// <summary>Everything that was written to this address, oldest first.</summary>
    public async Task<IReadOnlyList<WrittenLetter>> ToAsync(string address)
    {
        await _wishes!.FlushAsync(CancellationToken.None);
        await _office!.FlushAsync(CancellationToken.None);
        lock (_letters) return [.. _letters.Where(letter => letter.To == address)];
    }

    /// <summary>The newest letter to this address.</summary>
    public async Task<WrittenLetter> LastAsync(string address) =>
        (await ToAsync(address)) is [.., var last] ? last : throw new InvalidOperationException("Nothing was written to this address.");

    /// <summary>The link in the newest letter, as a path on this server.</summary>
    public async Task<string> LinkAsync(string address) => new Uri(Link.Match((await LastAsync(address)).Text).Value).PathAndQuery;

    /// <summary>The code in the newest letter.</summary>
    public async Task<string> CodeAsync(string address) => Code.Match((await LastAsync(address)).Text).Groups[1].Value;

    internal void Attach(IServiceProvider services) => (_office, _wishes) = (services.GetRequiredService<PostOffice>(), services.GetRequiredService<PasswordResetRequests>());

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"^    (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Code { get; }
}
