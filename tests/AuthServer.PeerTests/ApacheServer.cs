using System.Security.Cryptography;

namespace AuthServer.PeerTests;

/// <summary>An Apache of our own with mod_auth_openidc, in a folder of its own: Debian's modules, none of Debian's configuration.</summary>
internal sealed class ApacheServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/apache2";
    private readonly DirectoryInfo _folder;
    private readonly PeerProgram _running;

    private ApacheServer(DirectoryInfo folder, PeerProgram running) => (_folder, _running) = (folder, running);

    public static async Task<ApacheServer> StartAsync(string origin, string issuer, string clientId, string secret)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("This is Debian's Apache.");
        var folder = Directory.CreateTempSubdirectory("authserver-apache");
        var site = folder.CreateSubdirectory("site");
        await File.WriteAllTextAsync(Path.Combine(site.CreateSubdirectory("protected").FullName, "index.html"), "<h1>The protected page</h1>");
        await File.WriteAllTextAsync(Path.Combine(site.FullName, "bye.html"), "<h1>Signed out at Apache</h1>");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "apache.conf"), Configuration(folder.FullName, origin, issuer, clientId, secret));
        // Apache leaves root behind and has to read the site all the same.
        foreach (var path in (DirectoryInfo[])[folder, site, .. site.GetDirectories()])
            File.SetUnixFileMode(path.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        try
        {
            return new ApacheServer(folder, await PeerProgram.StartAsync(folder.FullName, Program, ["-f", Path.Combine(folder.FullName, "apache.conf"), "-D", "FOREGROUND"], "resuming normal operations"));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Asked to stop, Apache takes its shared memory with it.
        await PeerProgram.RunAsync(_folder.FullName, Program, ["-f", Path.Combine(_folder.FullName, "apache.conf"), "-k", "stop"]);
        await _running.StoppedAsync();
        await _running.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Configuration(string folder, string origin, string issuer, string clientId, string secret)
    {
        string[] modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "dir", "mime", "headers", "auth_openidc"];
        return $"""
            {string.Join('\n', modules.Select(m => $"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so"))}
            ServerRoot {folder}
            ServerName localhost
            Listen 127.0.0.1:{PeerServer.PortOf(origin)}
            PidFile {folder}/apache.pid
            DefaultRuntimeDir {folder}
            User www-data
            Group www-data
            ErrorLog /dev/stderr
            LogLevel notice
            TypesConfig /dev/null
            AddType text/html .html
            DirectoryIndex index.html
            DocumentRoot {folder}/site
            StartServers 1
            ThreadsPerChild 64
            MaxRequestWorkers 64

            OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
            OIDCClientID {clientId}
            OIDCClientSecret {secret}
            OIDCProviderTokenEndpointAuth client_secret_basic
            OIDCRedirectURI {origin}/protected/redirect
            OIDCCryptoPassphrase {RandomNumberGenerator.GetHexString(32)}
            OIDCPKCEMethod S256
            OIDCScope "openid profile email"
            OIDCRemoteUserClaim preferred_username
            OIDCCookieSameSite On

            <Directory {folder}/site>
              Require all granted
            </Directory>
            <Location /protected>
              AuthType openid-connect
              Require valid-user
              Header set X-Remote-User "expr=%{"{REMOTE_USER}"}"
              Header set X-Claim-Name "expr=%{"{HTTP:OIDC_CLAIM_name}"}"
              Header set X-Claim-Sub "expr=%{"{HTTP:OIDC_CLAIM_sub}"}"
            </Location>
            """;
    }
}
