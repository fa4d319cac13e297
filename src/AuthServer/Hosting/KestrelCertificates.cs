using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Engine.Administration;

namespace AuthServer.Hosting;

/// <summary>The certificates that the settings name for Kestrel's endpoints (<c>Kestrel:Certificates</c>, <c>Kestrel:Endpoints:*:Certificate</c>).</summary>
internal sealed class KestrelCertificates(IConfiguration configuration, IHostEnvironment environment) : IExpiringCertificates
{
    public IReadOnlyList<ListedCertificate> List()
    {
        var kestrel = configuration.GetSection("Kestrel");
        var sections = kestrel.GetSection("Certificates").GetChildren().Concat(kestrel.GetSection("Endpoints").GetChildren().Select(static e => e.GetSection("Certificate")));
        return [.. sections.Select(Read).OfType<ListedCertificate>().DistinctBy(static c => c.Name)];
    }

    private ListedCertificate? Read(IConfigurationSection section)
    {
        if (section["Path"] is not { Length: > 0 } path) return null;
        try
        {
            var file = File.ReadAllBytes(Path.Combine(environment.ContentRootPath, path));
            using var certificate = X509Certificate2.GetCertContentType(file) == X509ContentType.Pkcs12 ? X509CertificateLoader.LoadPkcs12(file, section["Password"]) : X509CertificateLoader.LoadCertificate(file);
            var name = certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);
            return new ListedCertificate(name.Length > 0 ? name : section.Path, certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Kestrel itself says at start what is wrong with it.
            return null;
        }
    }
}
