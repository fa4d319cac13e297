using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>Makes what is stored of a client's secret.</summary>
public static class NewSecret
{
    /// <summary>Whether the client's way to authenticate needs a secret at all.</summary>
    public static bool IsNeededBy(Client client) => client.TokenEndpointAuthMethod is not ("none" or "private_key_jwt");

    /// <summary>256 random bits, so one SHA-256 keeps it. The value is for the one answer that hands it out.</summary>
    public static (string Value, ClientSecret Stored) Make(Client client, KeyEncryption encryption)
    {
        var value = ClientSecret.NewValue();
        return (value, new ClientSecret(ClientSecret.HashOfMade(value), Encrypted: Readable(client, value, encryption)));
    }

    /// <summary>One that came from outside: somebody may have thought it up, so it gets the slow hash.</summary>
    public static ClientSecret Chosen(Client client, string secret, KeyEncryption encryption) =>
        new(ClientSecret.HashOfChosen(secret), Encrypted: Readable(client, secret, encryption));

    /// <summary>Whether the stored secret can be used by the client's way to authenticate: one of them needs it readable.</summary>
    public static bool Fits(Client client, ClientSecret stored) => IsNeededBy(client) && (client.TokenEndpointAuthMethod != "client_secret_jwt" || stored.Encrypted is not null);

    private static string? Readable(Client client, string secret, KeyEncryption encryption) =>
        client.TokenEndpointAuthMethod == "client_secret_jwt" ? ReadableSecret.Encrypt(encryption, secret) : null;
}
