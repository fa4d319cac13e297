using System.Xml.Linq;
using AuthServer.Engine.Keys;
using AuthServer.Storage;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>The Data Protection ring (it protects cookies) lives in the database, shared by all nodes, wrapped by the key-encryption key.</summary>
internal sealed class DataProtectionRing(DataProtectionKeyRepository repository, KeyEncryption encryption) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = repository;
        options.XmlEncryptor = new WrappingEncryptor(encryption);
    }
}

internal sealed class WrappingEncryptor(KeyEncryption encryption) : IXmlEncryptor
{
    internal const string Purpose = "data-protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var wrapped = encryption.Wrap(System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), Purpose);
        return new EncryptedXmlInfo(new XElement("wrapped", Convert.ToBase64String(wrapped)), typeof(WrappingDecryptor));
    }
}

/// <summary>Made by Data Protection by its type name, which stands in the stored key.</summary>
internal sealed class WrappingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(System.Text.Encoding.UTF8.GetString(services.GetRequiredService<KeyEncryption>().Unwrap(Convert.FromBase64String(encryptedElement.Value), WrappingEncryptor.Purpose)));
}
