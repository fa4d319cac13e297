using System.Buffers.Text;
using System.Text;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary><c>client_secret_jwt</c> (OpenID Connect Core §9): the secret is the MAC key, so this one method needs it readable.</summary>
internal sealed class ClientSecretJwt(ClientAssertion assertions, KeyEncryption encryption, TimeProvider clock) : IClientAuthenticationMethod, IClientAssertionMethod
{
    public string Name => "client_secret_jwt";

    public bool Matches(ClientCredentials credentials) => ClientAssertion.IsIn(credentials);

    public string? ClientIdOf(ClientCredentials credentials) => ClientAssertion.ClaimedClientId(credentials);

    public ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(Client client, ClientCredentials credentials, CancellationToken ct) =>
        assertions.VerifyAsync(client, credentials, _ => ValueTask.FromResult(KeysOf(client)), [SignatureAlgorithm.HS256], ct);

    private JsonWebKeySet KeysOf(Client client)
    {
        var now = clock.GetUtcNow();
        return new JsonWebKeySet([.. client.Secrets.Where(s => s.Encrypted is not null && (s.ExpiresAt is null || s.ExpiresAt > now))
            .Select(s => JsonWebKey.FromSymmetric(encryption.Unwrap(Base64Url.DecodeFromChars(s.Encrypted), ReadableSecret.Purpose)))]);
    }
}

/// <summary>Makes a secret readable to <see cref="ClientSecretJwt"/> and to nothing that has only the database.</summary>
public static class ReadableSecret
{
    internal const string Purpose = "client-secret";

    public static string Encrypt(KeyEncryption encryption, string secret) => Base64Url.EncodeToString(encryption.Wrap(Encoding.UTF8.GetBytes(secret), Purpose));
}
