using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.ClientAuthentication;

/// <summary>Clients that prove themselves by their secret, in the header or in the form, and clients that have none.</summary>
public sealed class SecretTests(SecretTests.Fixture shared) : IClassFixture<SecretTests.Fixture>
{
    private const string OddId = "a+b:c%41";
    private const string OddSecret = "s+e%c:r&e=t/? 0123456789abcdef";
    private const string Chosen = "what somebody thought of";

    /// <summary>So many rounds that whether they are done again can be told by a watch.</summary>
    private const int Rounds = 1_000_000;

    public sealed class Fixture : SharedServer
    {
        protected override async Task PrepareAsync()
        {
            var now = Server.Clock.GetUtcNow();
            await Server.AddClientAsync(Service(OddId, "client_secret_basic"), OddSecret);
            await Server.AddClientAsync(Service("post", "client_secret_post"), Secret);
            await Server.AddClientAsync(Service("slow", "client_secret_basic") with { Secrets = [new ClientSecret(SlowHashOf(Chosen))] });
            await Server.AddClientAsync(Service("expired", "client_secret_basic") with { Secrets = [new ClientSecret(ClientSecret.HashOfMade(Secret), now)] });
            await Server.AddClientAsync(Service("none-left", "client_secret_basic"));
        }
    }

    public static Client Service(string id, string method) => new()
    {
        ClientId = id, TokenEndpointAuthMethod = method, GrantTypes = ["client_credentials"], ResponseTypes = [], Scope = ScopeSet.Parse("notes"),
    };

    private static string SlowHashOf(string chosen)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
        return $"pbkdf2-sha256${Rounds}${Text(salt)}${Text(Rfc2898DeriveBytes.Pbkdf2(chosen, salt, Rounds, HashAlgorithmName.SHA256, 32))}";
    }

    private Task<HttpResponseMessage> AskAsync((string, string)? basic, params (string, string?)[] more) => shared.Server.TokenAsync([("grant_type", "client_credentials"), .. more], basic);

    private Task<HttpResponseMessage> AskWithHeaderAsync(string header)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(header)));
        return shared.Server.Http.SendAsync(request);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.Unauthorized, string error = "invalid_client")
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(error, (await TestServer.JsonAsync(response)).GetProperty("error").GetString());
    }

    [Fact, Spec("RFC 6749 §2.3.1")]
    public async Task Id_and_secret_of_the_header_are_form_encoded_each()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync((OddId, OddSecret))).StatusCode);
        // A form writes a space as a plus sign.
        Assert.Equal(HttpStatusCode.OK, (await AskWithHeaderAsync(WebUtility.UrlEncode(OddId) + ":" + WebUtility.UrlEncode(OddSecret))).StatusCode);
        await AssertRefusedAsync(await AskWithHeaderAsync(Uri.EscapeDataString(OddId) + ":" + OddSecret));
        await AssertRefusedAsync(await AskAsync((OddId, OddSecret + " ")));
    }

    [Theory, Spec("RFC 7617 §2")]
    [InlineData("%%%")]
    [InlineData("")]
    [InlineData("bm8tY29sb24=")]
    [InlineData("OnNlY3JldA==")]
    public async Task A_header_that_is_none_is_refused_with_a_challenge(string parameter)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic " + parameter);
        var response = await shared.Server.Http.SendAsync(request);
        await AssertRefusedAsync(response);
        if (parameter.Length > 0) Assert.Equal("Basic", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact, Spec("RFC 6749 §2.3.1")]
    public async Task A_secret_in_the_form_is_good_for_a_client_registered_for_it()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(null, ("client_id", "post"), ("client_secret", SharedServer.Secret))).StatusCode);
        await AssertRefusedAsync(await AskAsync(null, ("client_id", "post"), ("client_secret", "wrong")));
    }

    [Fact, Spec("RFC 7591 §2")]
    public async Task The_right_secret_by_another_way_than_the_registered_one_is_refused()
    {
        await AssertRefusedAsync(await AskAsync(("post", SharedServer.Secret)));
        await AssertRefusedAsync(await AskAsync(null, ("client_id", "worker"), ("client_secret", SharedServer.Secret)));
        await AssertRefusedAsync(await AskAsync(null, ("client_id", "worker")));
    }

    [Fact, Spec("RFC 6749 §2.3")]
    public async Task Two_ways_at_once_are_refused_even_if_both_are_right()
    {
        await AssertRefusedAsync(await AskAsync(("worker", SharedServer.Secret), ("client_secret", SharedServer.Secret)), HttpStatusCode.BadRequest, "invalid_request");
        await AssertRefusedAsync(
            await AskAsync(("worker", SharedServer.Secret), ("client_assertion", "x"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")),
            HttpStatusCode.BadRequest, "invalid_request");
        await AssertRefusedAsync(await AskAsync(("worker", SharedServer.Secret), ("client_id", "post")), HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact, Spec("RFC 6749 §3.2.1")]
    public async Task A_public_client_names_itself_and_proves_nothing()
    {
        var flow = await shared.SignInAsync(clientId: "spa");
        Assert.NotEmpty(flow.AccessToken);
        await AssertRefusedAsync(await shared.Server.TokenAsync([("grant_type", "authorization_code"), ("code", "x"), ("client_id", "spa"), ("client_secret", "anything")]));
    }

    [Fact, Spec("RFC 6749 §2.3.1")]
    public async Task An_expired_secret_is_no_secret()
    {
        await AssertRefusedAsync(await AskAsync(("expired", SharedServer.Secret)));
        await AssertRefusedAsync(await AskAsync(("none-left", "")));
        await AssertRefusedAsync(await AskAsync(("none-left", SharedServer.Secret)));
    }

    [Fact, Spec("RFC 6749 §10.1")]
    public async Task A_chosen_secret_costs_its_slow_hash_once()
    {
        var first = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(("slow", Chosen))).StatusCode);
        first.Stop();

        var more = Stopwatch.StartNew();
        for (var i = 0; i < 15; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(("slow", Chosen))).StatusCode);
        Assert.True(more.Elapsed < 5 * first.Elapsed, $"The first took {first.Elapsed}, fifteen more took {more.Elapsed}.");

        await AssertRefusedAsync(await AskAsync(("slow", Chosen + "!")));
    }

    [Fact, Spec("RFC 6749 §2.3.1")]
    public async Task Two_secrets_are_good_side_by_side_until_the_old_one_ends()
    {
        await using var server = await TestServer.StartAsync();
        var (old, fresh) = (ClientSecret.NewValue(), ClientSecret.NewValue());
        await server.AddClientAsync(new Client
        {
            ClientId = "turning", GrantTypes = ["client_credentials"], ResponseTypes = [],
            Secrets = [new ClientSecret(ClientSecret.HashOfMade(fresh)), new ClientSecret(ClientSecret.HashOfMade(old), server.Clock.GetUtcNow().AddHours(1))],
        });
        async Task<HttpStatusCode> AskHereAsync(string secret) => (await server.TokenAsync([("grant_type", "client_credentials")], ("turning", secret))).StatusCode;
        Assert.Equal(HttpStatusCode.OK, await AskHereAsync(old));
        Assert.Equal(HttpStatusCode.OK, await AskHereAsync(fresh));

        server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskHereAsync(old));
        Assert.Equal(HttpStatusCode.OK, await AskHereAsync(fresh));
    }
}
