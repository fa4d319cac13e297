using System.Net;
using System.Text;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.ClientAuthentication;

/// <summary>Clients that prove themselves by a JWT they sign, with their secret or with their private key.</summary>
public sealed class AssertionTests(AssertionTests.Fixture shared) : IClassFixture<AssertionTests.Fixture>
{
    public sealed class Fixture : SharedServer
    {
        public JsonWebKey Rsa { get; } = Assertion.NewRsaKey("rsa");

        public JsonWebKey Ec { get; } = Assertion.NewEcKey("ec");

        protected override async Task PrepareAsync()
        {
            var jwks = Assertion.SetOf(Rsa, Ec);
            await Server.AddClientAsync(SecretTests.Service("signer", "private_key_jwt") with { Jwks = jwks });
            await Server.AddClientAsync(SecretTests.Service("signer2", "private_key_jwt") with { Jwks = jwks });
            await Server.AddClientAsync(SecretTests.Service("only-ps256", "private_key_jwt") with { Jwks = jwks, TokenEndpointAuthSigningAlg = "PS256" });
            await Server.AddClientAsync(SecretTests.Service("mac", "client_secret_jwt"), Secret);
        }

        public SigningCredential Key(string algorithm) => algorithm switch
        {
            "HS256" => SigningCredential.FromSharedSecret(Encoding.UTF8.GetBytes(Secret)),
            _ => SigningCredential.FromJsonWebKey(algorithm.StartsWith("ES", StringComparison.Ordinal) ? Ec : Rsa, SignatureAlgorithm.Asymmetric.Single(a => a.Name == algorithm)),
        };
    }

    private Task<HttpResponseMessage> TryAsync(string clientId = "signer", string algorithm = "ES256", params (string, object?)[] changes) =>
        Assertion.SendAsync(shared.Server, Assertion.Sign(shared.Key(algorithm), Assertion.Claims(shared.Server, clientId, changes)));

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> sent)
    {
        var response = await sent;
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_client", (await TestServer.JsonAsync(response)).GetProperty("error").GetString());
    }

    [Theory, Spec("OIDC Core §9"), Spec("RFC 7523 §2.2")]
    [InlineData("signer", "RS256")]
    [InlineData("signer", "PS256")]
    [InlineData("signer", "ES256")]
    [InlineData("only-ps256", "PS256")]
    [InlineData("mac", "HS256")]
    public async Task A_client_proves_itself_by_its_signature(string clientId, string algorithm) =>
        Assert.Equal(HttpStatusCode.OK, (await TryAsync(clientId, algorithm)).StatusCode);

    [Theory, Spec("RFC 8725 §3.1")]
    [InlineData("only-ps256", "RS256")]
    [InlineData("only-ps256", "ES256")]
    [InlineData("signer", "HS256")]
    [InlineData("mac", "ES256")]
    public Task The_registration_says_which_algorithm_and_never_the_header(string clientId, string algorithm) => AssertRefusedAsync(TryAsync(clientId, algorithm));

    /// <summary>The public key, which everybody has, as the secret of a MAC.</summary>
    [Fact, Spec("RFC 8725 §2.1")]
    public async Task A_public_key_is_no_shared_secret()
    {
        using var key = SigningCredential.FromSharedSecret(Encoding.UTF8.GetBytes(Assertion.SetOf(shared.Ec)), "ec");
        await AssertRefusedAsync(Assertion.SendAsync(shared.Server, Assertion.Sign(key, Assertion.Claims(shared.Server, "signer"))));
    }

    [Theory, Spec("OIDC Core §9"), Spec("RFC 7523 §3")]
    [InlineData("https://auth.test", true)]
    [InlineData("https://auth.test/connect/token", true)]
    [InlineData("https://auth.test/connect/par", true)]
    [InlineData("https://auth.test/connect/authorize", false)]
    [InlineData("https://auth.test.evil.test", false)]
    [InlineData("http://auth.test", false)]
    [InlineData("https://auth.test/connect/token?x", false)]
    [InlineData("signer", false)]
    [InlineData("", false)]
    public async Task It_has_to_be_made_for_this_server(string audience, bool good)
    {
        Assert.Equal(good ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await TryAsync(changes: ("aud", audience))).StatusCode);
        Assert.Equal(good ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await TryAsync(changes: ("aud", new[] { "https://else.test", audience }))).StatusCode);
    }

    public static TheoryData<string, long?> WrongTimes => new()
    {
        { "exp", -31 },
        { "exp", 3 * 3600 },
        { "exp", null },
        { "nbf", 60 },
        { "iat", 60 },
        { "iat", -2 * 3600 },
    };

    [Theory, MemberData(nameof(WrongTimes)), Spec("RFC 7523 §3")]
    public Task Too_late_too_early_or_too_long_is_refused(string claim, long? seconds) =>
        AssertRefusedAsync(TryAsync(changes: (claim, seconds is { } s ? shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds() + s : null)));

    [Theory, Spec("RFC 7523 §3")]
    [InlineData("iss", "signer2")]
    [InlineData("iss", null)]
    [InlineData("sub", "signer2")]
    [InlineData("sub", "nobody")]
    [InlineData("sub", null)]
    [InlineData("aud", null)]
    [InlineData("jti", null)]
    [InlineData("jti", "")]
    public Task Each_claim_has_to_be_there_and_right(string claim, string? value) => AssertRefusedAsync(TryAsync(changes: (claim, value)));

    [Fact, Spec("RFC 7523 §3")]
    public async Task An_assertion_is_good_once_and_its_identifier_is_the_clients_own()
    {
        var id = Guid.NewGuid().ToString();
        var assertion = Assertion.Sign(shared.Key("ES256"), Assertion.Claims(shared.Server, "signer", ("jti", id)));
        Assert.Equal(HttpStatusCode.OK, (await Assertion.SendAsync(shared.Server, assertion)).StatusCode);
        await AssertRefusedAsync(Assertion.SendAsync(shared.Server, assertion));
        await AssertRefusedAsync(TryAsync(changes: ("jti", id)));
        Assert.Equal(HttpStatusCode.OK, (await TryAsync("signer2", changes: ("jti", id))).StatusCode);
    }

    [Fact, Spec("RFC 7523 §3")]
    public async Task A_stranger_cannot_use_up_an_identifier()
    {
        var id = Guid.NewGuid().ToString();
        using var stranger = SigningCredential.FromJsonWebKey(Assertion.NewEcKey("ec"), SignatureAlgorithm.ES256);
        await AssertRefusedAsync(Assertion.SendAsync(shared.Server, Assertion.Sign(stranger, Assertion.Claims(shared.Server, "signer", ("jti", id)))));
        Assert.Equal(HttpStatusCode.OK, (await TryAsync(changes: ("jti", id))).StatusCode);
    }

    [Fact, Spec("RFC 8725 §3.11")]
    public async Task A_token_made_for_something_else_is_refused()
    {
        await AssertRefusedAsync(Assertion.SendAsync(shared.Server, Assertion.Sign(shared.Key("ES256"), Assertion.Claims(shared.Server, "signer"), "at+jwt")));
        var typed = await Assertion.SendAsync(shared.Server, Assertion.Sign(shared.Key("ES256"), Assertion.Claims(shared.Server, "signer"), "client-authentication+jwt"));
        Assert.Equal(HttpStatusCode.OK, typed.StatusCode);
    }

    [Fact, Spec("RFC 7521 §4.2")]
    public async Task What_stands_beside_the_assertion_must_agree_with_it()
    {
        string New() => Assertion.Sign(shared.Key("ES256"), Assertion.Claims(shared.Server, "signer"));
        Assert.Equal(HttpStatusCode.OK, (await Assertion.SendAsync(shared.Server, New(), ("client_id", "signer"))).StatusCode);
        await AssertRefusedAsync(Assertion.SendAsync(shared.Server, New(), ("client_id", "signer2")));

        var withSecret = await Assertion.SendAsync(shared.Server, New(), ("client_secret", SharedServer.Secret));
        Assert.Equal("invalid_request", (await TestServer.JsonAsync(withSecret)).GetProperty("error").GetString());
        var withoutType = await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("client_assertion", New())]);
        Assert.Equal("invalid_request", (await TestServer.JsonAsync(withoutType)).GetProperty("error").GetString());
        var otherType = await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("client_assertion", New()), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]);
        Assert.Equal("invalid_request", (await TestServer.JsonAsync(otherType)).GetProperty("error").GetString());
    }

    [Fact, Spec("RFC 7591 §2")]
    public async Task A_client_with_a_secret_registered_for_the_header_has_no_use_for_an_assertion()
    {
        await AssertRefusedAsync(TryAsync("worker", "HS256"));
        await AssertRefusedAsync(shared.Server.TokenAsync([("grant_type", "client_credentials")], ("mac", SharedServer.Secret)));
    }

    [Theory, Spec("RFC 7515 §5.2")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIifQ.")]
    public async Task What_is_no_signed_token_is_refused_quietly(string assertion)
    {
        var response = await Assertion.SendAsync(shared.Server, assertion);
        Assert.InRange((int)response.StatusCode, 400, 401);
    }
}
