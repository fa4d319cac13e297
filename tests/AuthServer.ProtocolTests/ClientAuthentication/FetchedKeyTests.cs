using System.Collections.Concurrent;
using System.Net;
using System.Text;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AuthServer.ProtocolTests.ClientAuthentication;

/// <summary>Keys that the client publishes at its <c>jwks_uri</c>.</summary>
[Spec("OIDC Core §10.1.1")]
public sealed class FetchedKeyTests : IAsyncLifetime
{
    private const string JwksUri = "https://app.test/jwks";
    private readonly Documents _documents = new();
    private readonly JsonWebKey _first = Assertion.NewEcKey("first");
    private readonly JsonWebKey _second = Assertion.NewEcKey("second");
    private TestServer _server = null!;

    private sealed class Documents : IOutboundDocuments
    {
        public Task<byte[]?> PostAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> form, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct) => throw new NotSupportedException();

        public ConcurrentQueue<string> Fetched { get; } = new();

        /// <summary>Null: it cannot be had.</summary>
        public string? Answer { get; set; }

        public Task<byte[]?> GetAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct)
        {
            Fetched.Enqueue(address.ToString());
            return Task.FromResult(Answer is null ? null : Encoding.UTF8.GetBytes(Answer));
        }
    }

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new TestServerSettings { Services = s => s.Replace(ServiceDescriptor.Singleton<IOutboundDocuments>(_documents)) });
        await _server.AddClientAsync(new Client { ClientId = "signer", TokenEndpointAuthMethod = "private_key_jwt", JwksUri = JwksUri, GrantTypes = ["client_credentials"], ResponseTypes = [] });
        _documents.Answer = Assertion.SetOf(_first);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private async Task<HttpStatusCode> TryAsync(JsonWebKey key)
    {
        using var credential = SigningCredential.FromJsonWebKey(key, SignatureAlgorithm.ES256);
        return (await Assertion.SendAsync(_server, Assertion.Sign(credential, Assertion.Claims(_server, "signer")))).StatusCode;
    }

    [Fact]
    public async Task They_are_fetched_when_first_needed_and_then_remembered()
    {
        Assert.Empty(_documents.Fetched);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await TryAsync(_first));
        Assert.Equal([JwksUri], _documents.Fetched);

        _server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_first));
        Assert.Equal(2, _documents.Fetched.Count);
    }

    [Fact]
    public async Task A_new_key_is_looked_for_at_once_but_made_up_ones_make_nobody_fetch_more_often()
    {
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_first));
        _documents.Answer = Assertion.SetOf(_first, _second);
        _server.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_second));
        Assert.Equal(2, _documents.Fetched.Count);

        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(Assertion.NewEcKey($"made-up-{i}")));
        Assert.Equal(2, _documents.Fetched.Count);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_second));
    }

    [Fact]
    public async Task A_key_that_was_taken_away_is_worth_nothing_once_the_set_is_fetched_again()
    {
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_first));
        _documents.Answer = Assertion.SetOf(_second);
        _server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(_first));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("<html>we are down</html>")]
    public async Task While_the_set_cannot_be_had_the_last_good_one_stays_in_force(string? answer)
    {
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_first));
        _documents.Answer = answer;
        _server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_first));
    }

    [Fact]
    public async Task Without_any_set_nobody_comes_in()
    {
        _documents.Answer = null;
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(_first));
    }
}
