using System.Net;
using System.Net.Sockets;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Npgsql;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>A database that goes away and comes back: requests that need it are told to come again, the others go on, and nothing is half done.</summary>
public sealed class DatabaseAway
{
    [Fact]
    public async Task While_the_database_is_away_requests_get_503_and_afterwards_all_goes_on()
    {
        var direct = new NpgsqlConnectionStringBuilder(await PostgreSqlCluster.CreateDatabaseAsync());
        await using var wire = new Wire(direct.Port);
        var through = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = wire.Port, Timeout = 5 };
        await using var server = await TestServer.StartAsync(new TestServerSettings { Provider = TestStorage.PostgreSql, ConnectionString = through.ConnectionString });
        await server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        await server.AddClientAsync(new Client { ClientId = "worker", GrantTypes = ["client_credentials"], ResponseTypes = [] }, SharedServer.Secret);
        var alice = await server.AddUserAsync("alice");
        var flow = await server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, alice);

        wire.Cut();
        var refused = await server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("temporarily_unavailable", (await TestServer.JsonAsync(refused)).GetProperty("error").GetString());
        using var browser = server.NewBrowser();
        var page = await browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", SharedServer.Callback), ("scope", "openid"),
            ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.DoesNotContain("Npgsql", page.Html, StringComparison.Ordinal);
        // What needs no database has not noticed.
        Assert.Equal(HttpStatusCode.OK, (await server.TokenAsync([("grant_type", "client_credentials")], ("worker", SharedServer.Secret))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/.well-known/openid-configuration")).StatusCode);

        wire.Mend();
        Assert.Equal(HttpStatusCode.OK, (await server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!)).StatusCode);
    }

    /// <summary>A TCP connection to the database that a test can cut.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _open = [];
        private readonly Lock _gate = new();
        private readonly int _target;
        private readonly Task _accepting;
        private bool _cut;

        public Wire(int target)
        {
            _target = target;
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Cut()
        {
            lock (_gate)
            {
                _cut = true;
                foreach (var client in _open) client.Dispose();
                _open.Clear();
            }
        }

        public void Mend()
        {
            lock (_gate) _cut = false;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var incoming = await _listener.AcceptTcpClientAsync();
                    var outgoing = new TcpClient();
                    lock (_gate)
                    {
                        if (_cut)
                        {
                            incoming.Dispose();
                            continue;
                        }

                        _open.Add(incoming);
                        _open.Add(outgoing);
                    }

                    await outgoing.ConnectAsync(IPAddress.Loopback, _target);
                    _ = PumpAsync(incoming, outgoing);
                    _ = PumpAsync(outgoing, incoming);
                }
            }
            catch (Exception fault) when (fault is ObjectDisposedException or SocketException)
            {
                // The test is over.
            }
        }

        private static async Task PumpAsync(TcpClient from, TcpClient to)
        {
            try
            {
                await from.GetStream().CopyToAsync(to.GetStream());
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut.
            }
        }

        public async ValueTask DisposeAsync()
        {
            Cut();
            _listener.Dispose();
            await _accepting;
        }
    }
}
