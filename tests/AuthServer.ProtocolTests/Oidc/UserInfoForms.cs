using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace AuthServer.ProtocolTests.Oidc;

/// <summary>What a client registered about the form of its tokens is what it gets: signed UserInfo, encrypted ID tokens, algorithms, pairwise subjects.</summary>
public sealed class UserInfoForms(UserInfoForms.Fixture shared) : IClassFixture<UserInfoForms.Fixture>
{
    public sealed class Fixture : SharedServer
    {
        public JsonWebKey PrivateKey { get; private set; } = null!;

        protected override async Task PrepareAsync()
        {
            using var rsa = RSA.Create(2048);
            PrivateKey = JsonWebKey.FromRsa(rsa, includePrivate: true, "enc", use: "enc");
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using (var json = new System.Text.Json.Utf8JsonWriter(buffer)) new JsonWebKeySet([PrivateKey.ToPublic()]).WritePublic(json);
            await Server.AddClientAsync(Web("signed") with { UserinfoSignedResponseAlg = "ES256", IdTokenSignedResponseAlg = "PS256" }, Secret);
            await Server.AddClientAsync(Web("encrypted") with { IdTokenEncryptedResponseAlg = "RSA-OAEP-256", IdTokenEncryptedResponseEnc = "A256GCM", Jwks = Encoding.UTF8.GetString(buffer.WrittenSpan) }, Secret);
            await Server.AddClientAsync(Web("pairwise-a") with { SubjectType = "pairwise", RedirectUris = [Callback] }, Secret);
            await Server.AddClientAsync(Web("pairwise-b") with { SubjectType = "pairwise", RedirectUris = [Callback] }, Secret);
            await Server.AddClientAsync(Web("pairwise-c") with { SubjectType = "pairwise", SectorIdentifierUri = "https://elsewhere.test/sector.json" }, Secret);
        }
    }

    private JsonWebKeySet Keys => shared.Server.Services.GetRequiredService<KeyRing>().PublicKeys;

    [Fact, Spec("OIDC Core §5.3.2")]
    public async Task A_client_registered_for_signed_UserInfo_gets_a_JWT_with_issuer_and_audience()
    {
        var flow = await shared.SignInAsync("openid profile", "signed");
        var response = await shared.Server.GetAsync("/connect/userinfo", flow.AccessToken);
        Assert.Equal("application/jwt", response.Content.Headers.ContentType?.MediaType);
        var read = Jwt.Read(await response.Content.ReadAsStringAsync());
        Assert.True(read.TryGet(out var token, out _));
        Assert.True(Jwt.TryVerify(token, Keys, [SignatureAlgorithm.ES256], JwtType.Plain, out var verified, out var fault), fault.ToString());
        Assert.Equal(shared.Server.Issuer, verified.Claims.Issuer);
        Assert.Equal(["signed"], verified.Claims.Audience);
        Assert.Equal("Alice", verified.Claims.Json.GetProperty("given_name").GetString());
    }

    [Fact, Spec("OIDC Registration §2")]
    public async Task An_ID_token_is_signed_with_the_registered_algorithm()
    {
        var flow = await shared.SignInAsync("openid", "signed");
        Assert.True(Jwt.Read(flow.IdToken!).TryGet(out var token, out _));
        Assert.True(Jwt.TryVerify(token, Keys, [SignatureAlgorithm.PS256], JwtType.IdToken, out _, out var fault), fault.ToString());
    }

    [Fact, Spec("OIDC Core §10.2")]
    public async Task An_encrypted_ID_token_is_a_signed_one_inside()
    {
        var flow = await shared.SignInAsync("openid", "encrypted");
        Assert.True(Jwe.TryDecrypt(flow.IdToken!, shared.PrivateKey, out var content));
        Assert.True(Jwt.Read(content.NestedJwt!).TryGet(out var token, out _));
        Assert.True(Jwt.TryVerify(token, Keys, [SignatureAlgorithm.RS256], JwtType.IdToken, out var verified, out var fault), fault.ToString());
        Assert.Equal(shared.Alice.Id, verified.Claims.Subject);
    }

    [Fact, Spec("OIDC Core §8.1")]
    public async Task A_pairwise_subject_is_the_same_within_a_sector_and_tells_nothing_outside()
    {
        var a = TestFlow.Claims((await shared.SignInAsync("openid", "pairwise-a")).IdToken!).GetProperty("sub").GetString();
        var b = TestFlow.Claims((await shared.SignInAsync("openid", "pairwise-b")).IdToken!).GetProperty("sub").GetString();
        var flow = await shared.SignInAsync("openid", "pairwise-c");
        var c = TestFlow.Claims(flow.IdToken!).GetProperty("sub").GetString();
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);
        Assert.NotEqual(shared.Alice.Id, a);
        Assert.Equal(c, (await TestServer.JsonAsync(await shared.Server.GetAsync("/connect/userinfo", flow.AccessToken))).GetProperty("sub").GetString());
        Assert.Equal(c, TestFlow.Claims(flow.AccessToken).GetProperty("sub").GetString());
    }

    [Fact, Spec("OIDC Core §5.1")]
    public async Task Claims_come_in_their_types_and_empty_ones_not_at_all()
    {
        var flow = await shared.SignInAsync("openid profile email phone address");
        var claims = await TestServer.JsonAsync(await shared.Server.GetAsync("/connect/userinfo", flow.AccessToken));
        Assert.Equal(System.Text.Json.JsonValueKind.Number, claims.GetProperty("updated_at").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.True, claims.GetProperty("email_verified").ValueKind);
        Assert.False(claims.TryGetProperty("phone_number", out _));
        Assert.False(claims.TryGetProperty("address", out _));
    }
}
