using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// Asks a list of stolen passwords by k-anonymity: five of the forty digits of the password's SHA-1 leave this server, the answer holds every hash that begins so, and the comparison happens here.
/// Padded, the answer's length tells nothing either. The password itself never leaves.
/// </summary>
internal sealed partial class BreachedPasswordRange(IOutboundDocuments documents, IOptions<AccountOptions> options, TimeProvider clock, ILogger<BreachedPasswordRange> logger) : IBreachedPasswords
{
    private const int PrefixLength = 5;

    /// <summary>As long as a person may wait for it on top of everything else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<bool> ContainsAsync(string password, CancellationToken ct)
    {
        if (options.Value.BreachedPasswordLookup is not { Length: > 0 } address) return false;

        var hash = HashOf(password);
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        byte[]? answer;
        try
        {
            answer = await documents.GetAsync(new Uri(address.TrimEnd('/') + '/' + hash[..PrefixLength]), [("Add-Padding", "true")], either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            answer = null;
        }

        if (answer is not null) return IsListed(Encoding.ASCII.GetString(answer), hash[PrefixLength..]);
        NotAsked(logger, new Uri(address).Host);
        return false;
    }

    /// <summary>Lines of <c>SUFFIX:COUNT</c>. A count of 0 is padding.</summary>
    private static bool IsListed(string answer, string suffix)
    {
        foreach (var line in answer.AsSpan().EnumerateLines())
        {
            if (line.Length > suffix.Length + 1 && line[suffix.Length] == ':' && line[..suffix.Length].Equals(suffix, StringComparison.OrdinalIgnoreCase))
                return !line[(suffix.Length + 1)..].Trim().SequenceEqual("0");
        }

        return false;
    }

    [SuppressMessage("Security", "CA5350", Justification = "The list is made of such hashes; nothing is kept or protected by this one.")]
    private static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

    [LoggerMessage(9111, LogLevel.Warning, "The list of stolen passwords at {Host} could not be asked in time; the password was taken without it")]
    private static partial void NotAsked(ILogger logger, string host);
}
