namespace AuthServer.Engine.Administration;

/// <summary>Certificates that this server shows to others, so that somebody is told before they end.</summary>
public interface IExpiringCertificates
{
    /// <summary>Those that can be read now; one that cannot is left out.</summary>
    IReadOnlyList<ListedCertificate> List();
}

/// <param name="Name">Whom it names, else where it is configured.</param>
public sealed record ListedCertificate(string Name, DateTimeOffset NotAfter);
