using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>Passwords that were stolen elsewhere, asked for without telling them.</summary>
[Spec("ASVS 6.2.12")]
public sealed class BreachedPasswordTests : IAsyncLifetime
{
    private const string Stolen = "stolen long ago from a forum";
    private readonly RangeList _list = new();
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await StartAsync("https://list.test/range/");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private async Task<TestServer> StartAsync(string? address)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (address is not null) settings["Accounts:BreachedPasswordLookup"] = address;
        return await TestServer.StartAsync(new TestServerSettings { Settings = settings, Services = s => s.Replace(ServiceDescriptor.Singleton<IOutboundDocuments>(_list)) });
    }

    private static async Task<BrowserPage> RegisterAsync(TestServer server, string name, string password)
    {
        using var browser = server.NewBrowser();
        return await browser.SubmitAsync(await browser.GetAsync("/register"), new Dictionary<string, string> { ["username"] = name, ["email"] = name + "@example.com", ["password"] = password });
    }

    [Fact]
    public async Task A_password_on_the_list_is_refused_and_another_one_is_taken()
    {
        _list.Add(Stolen, 37);

        var refused = await RegisterAsync(_server, "alice", Stolen);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("stolen somewhere else", refused.Document.QuerySelector("#password-fault")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync(_server, "alice", "nobody ever stole this one")).Status);
    }

    [Fact]
    public async Task Five_digits_of_the_hash_are_all_that_leaves_and_the_answer_is_padded()
    {
        await RegisterAsync(_server, "alice", Stolen);

        var (address, headers) = Assert.Single(_list.Asked);
        Assert.Equal("https://list.test/range/" + RangeList.HashOf(Stolen)[..5], address);
        Assert.Contains(("Add-Padding", "true"), headers);
    }

    [Fact]
    public async Task A_line_of_padding_is_no_hit()
    {
        _list.Add(Stolen, 0);

        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync(_server, "alice", Stolen)).Status);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_list_that_is_away_or_slow_stops_nobody_and_stands_in_the_log(bool slow)
    {
        _list.Add(Stolen, 37);
        _list.Away = !slow;
        _list.Clock = slow ? _server.Clock : null;

        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync(_server, "alice", Stolen)).Status);
        Assert.Contains("list.test could not be asked", _server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Stolen, _server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_nobody_is_asked()
    {
        await using var server = await StartAsync(null);
        _list.Add(Stolen, 37);

        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync(server, "alice", Stolen)).Status);
        Assert.Empty(_list.Asked);
    }

    /// <summary>The range API: for five digits, the rest of every hash that begins with them.</summary>
    private sealed class RangeList : IOutboundDocuments
    {
        public Task<byte[]?> PostAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> form, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct) => throw new NotSupportedException();

        private readonly List<string> _lines = ["0000000000000000000000000000000000A:4"];

        public List<(string Address, IReadOnlyCollection<(string Name, string Value)> Headers)> Asked { get; } = [];

        public bool Away { get; set; }

        /// <summary>Set: time passes while it is asked, and no answer comes.</summary>
        public ManualTimeProvider? Clock { get; set; }

        [SuppressMessage("Security", "CA5350", Justification = "What the list is made of.")]
        public static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

        public void Add(string password, int count) => _lines.Add(HashOf(password)[5..] + ":" + count);

        public async Task<byte[]?> GetAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct)
        {
            Asked.Add((address.ToString(), headers));
            if (Away) return null;
            if (Clock is null) return Encoding.ASCII.GetBytes(string.Join("\r\n", _lines));

            var never = new TaskCompletionSource<byte[]?>();
            await using var stop = ct.Register(() => never.TrySetCanceled(ct));
            Clock.Advance(TimeSpan.FromSeconds(3));
            // Only as long as a test may hang where nobody stops waiting.
            return await never.Task.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        }
    }
}
