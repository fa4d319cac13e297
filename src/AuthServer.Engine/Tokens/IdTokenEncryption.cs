using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;

namespace AuthServer.Engine.Tokens;

/// <summary>Encrypts what is signed, for clients that registered it (OpenID Connect Core §10.2: nested, sign then encrypt).</summary>
public sealed class IdTokenEncryption(ClientKeys keys)
{
    /// <summary>OpenID Connect Registration §2.</summary>
    private const string DefaultEnc = "A128CBC-HS256";

    public async ValueTask<string> EncryptAsync(Client client, string nested, CancellationToken ct) =>
        await EncryptAsync(client, nested, client.IdTokenEncryptedResponseAlg!, client.IdTokenEncryptedResponseEnc, ct);

    /// <exception cref="InvalidOperationException">The client publishes no key that fits what it registered; sending the token in the clear instead would break its wish.</exception>
    public async ValueTask<string> EncryptAsync(Client client, string nested, string alg, string? enc, CancellationToken ct)
    {
        var kty = alg == "RSA-OAEP-256" ? KeyTypes.Rsa : KeyTypes.Ec;
        var set = await keys.FindAsync(client, null, ct);
        var recipient = set.Keys.FirstOrDefault(k => k.Kty == kty && k.Use is null or "enc" && (k.Alg is null || k.Alg == alg) && Jwe.CanEncrypt(k, alg, enc ?? DefaultEnc))
            ?? throw new InvalidOperationException($"Client {client.ClientId} has no key for {alg}.");
        return Jwe.EncryptJwt(recipient, alg, enc ?? DefaultEnc, nested);
    }
}
