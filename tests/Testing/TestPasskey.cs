using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Factors;

namespace AuthServer.Testing;

/// <summary>A passkey of a test's own (Web Authentication Level 3 §6), in software, so that each thing it says can be made wrong.</summary>
public sealed class TestPasskey(string origin) : IDisposable
{
    private const byte UserPresent = 0x01, Verified = 0x04, Backup = 0x08, HasKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(16);

    public string Origin { get; set; } = origin;

    public string Domain { get; set; } = new Uri(origin).Host;

    public string UserHandle { get; set; } = "";

    public bool UserVerified { get; set; } = true;

    public bool UserIsPresent { get; set; } = true;

    public bool CrossOrigin { get; set; }

    /// <summary>It may be copied to other devices.</summary>
    public bool Synced { get; init; }

    /// <summary>0: does not count, as synced ones do.</summary>
    public uint Counter { get; set; }

    public bool SpoilSignature { get; set; }

    /// <summary>Answers another question than the one put.</summary>
    public string? Challenge { get; set; }

    /// <summary>As <c>navigator.credentials.create</c>.</summary>
    public string Create(PasskeyOptions question)
    {
        using var json = JsonDocument.Parse(question.Json);
        UserHandle = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(json.RootElement.GetProperty("user").GetProperty("id").GetString()));
        var point = _key.ExportParameters(false).Q;
        byte[] cose = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. AuthenticatorData(HasKey), .. new byte[16], 0, (byte)Id.Length, .. Id, .. cose];
        byte[] attestation = [0xa3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xa0, .. Text("authData"), 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        return Answer(new Dictionary<string, object?> { ["attestationObject"] = Base64Url.EncodeToString(attestation), ["transports"] = (string[])["internal"] }, ClientDataOf("webauthn.create", json));
    }

    /// <summary>As <c>navigator.credentials.get</c>.</summary>
    public string Get(PasskeyOptions question)
    {
        using var json = JsonDocument.Parse(question.Json);
        var (data, client) = (AuthenticatorData(0), ClientDataOf("webauthn.get", json));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (SpoilSignature) signature[^1] ^= 1;
        return Answer(new Dictionary<string, object?>
        {
            ["authenticatorData"] = Base64Url.EncodeToString(data), ["signature"] = Base64Url.EncodeToString(signature), ["userHandle"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(UserHandle)),
        }, client);
    }

    public void Dispose() => _key.Dispose();

    private byte[] AuthenticatorData(byte more)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        var flags = (byte)(more | (UserIsPresent ? UserPresent : 0) | (UserVerified ? Verified : 0) | (Synced ? Backup : 0));
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), flags, .. counter];
    }

    private byte[] ClientDataOf(string type, JsonDocument question) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["type"] = type, ["challenge"] = Challenge ?? question.RootElement.GetProperty("challenge").GetString()!, ["origin"] = Origin, ["crossOrigin"] = CrossOrigin,
    });

    private string Answer(Dictionary<string, object?> response, byte[] client)
    {
        response["clientDataJSON"] = Base64Url.EncodeToString(client);
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = Base64Url.EncodeToString(Id), ["rawId"] = Base64Url.EncodeToString(Id), ["type"] = "public-key", ["clientExtensionResults"] = new Dictionary<string, object>(), ["response"] = response,
        });
    }

    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];
}
