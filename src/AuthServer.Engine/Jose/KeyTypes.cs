namespace AuthServer.Engine.Jose;

/// <summary>Values of <c>kty</c> (RFC 7518 §6.1).</summary>
public static class KeyTypes
{
    public const string Rsa = "RSA";
    public const string Ec = "EC";
    public const string Oct = "oct";
}
