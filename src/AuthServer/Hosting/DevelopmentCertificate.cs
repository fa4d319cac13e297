using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthServer.Hosting;

/// <summary>The certificate for https://localhost in Development: a private root and a leaf, made once, kept beside each other as PEM files that git ignores.</summary>
internal static class DevelopmentCertificate
{
    public static X509Certificate2 Open(string folder, TimeProvider clock)
    {
        var (leaf, key) = (Path.Combine(folder, "localhost.pem"), Path.Combine(folder, "localhost.key"));
        if (!File.Exists(leaf) || !File.Exists(key) || IsOver(leaf, clock)) Make(folder, leaf, key, clock);
        // Through PKCS#12, because a certificate from PEM keeps its key in a form that TLS on some platforms cannot use.
        using var pem = X509Certificate2.CreateFromPemFile(leaf, key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static bool IsOver(string leaf, TimeProvider clock)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(leaf);
        return certificate.NotAfter.ToUniversalTime() < clock.GetUtcNow().AddDays(7).UtcDateTime;
    }

    private static void Make(string folder, string leafFile, string keyFile, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        var from = clock.GetUtcNow().AddDays(-1);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=AuthServer development root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var root = rootRequest.CreateSelfSigned(from, from.AddYears(5));

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var leaf = request.Create(root, from, from.AddYears(2), RandomNumberGenerator.GetBytes(16));

        // The root's key is not kept: nobody can make another certificate that this machine would trust.
        File.WriteAllText(Path.Combine(folder, "root.pem"), root.ExportCertificatePem());
        WritePrivate(keyFile, leafKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(leafFile, leaf.ExportCertificatePem() + "\n" + root.ExportCertificatePem());
    }

    private static void WritePrivate(string file, string text)
    {
        var access = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, access);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
