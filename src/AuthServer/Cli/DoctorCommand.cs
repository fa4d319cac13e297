using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Cli;

/// <summary><c>doctor</c>: looks at what commonly goes wrong and says in plain words what it found and what to do. Changes nothing.</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Check, string State, string Text);

    public static Command Create()
    {
        var json = SharedOptions.Json();
        var command = new Command("doctor", "Checks issuer, proxy, clock, database, keys and certificates.") { json };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken ct)
    {
        await using var app = CommandContext.CreateServices();
        var findings = new List<Finding>();
        await CheckAsync(findings, "issuer", () => Task.FromResult(Issuer(app)));
        await CheckAsync(findings, "proxy", () => Task.FromResult(Proxy(app.Configuration)));
        await CheckAsync(findings, "database", () => DatabaseAsync(app, ct));
        await CheckAsync(findings, "clock", () => ClockAsync(app, ct));
        await CheckAsync(findings, "keys", () => KeysAsync(app, ct));
        await CheckAsync(findings, "certificate", () => Task.FromResult(Certificate(app.Configuration, app.Services.GetRequiredService<TimeProvider>())));

        if (json) Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(findings, ClientJson.Options));
        else foreach (var finding in findings) Console.WriteLine($"{(finding.State == "ok" ? "ok     " : finding.State == "warning" ? "WARNING" : "FAULT  ")} {finding.Check,-12} {finding.Text}");
        return findings.Any(f => f.State == "fault") ? 1 : 0;
    }

    private static async Task CheckAsync(List<Finding> findings, string check, Func<Task<(string State, string Text)>> look)
    {
        try
        {
            var (state, text) = await look();
            findings.Add(new Finding(check, state, text));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            findings.Add(new Finding(check, "fault", fault.GetBaseException().Message));
        }
    }

    private static (string, string) Issuer(WebApplication app)
    {
        string identifier;
        try
        {
            identifier = app.Services.GetRequiredService<Issuer>().Identifier;
        }
        catch (OptionsValidationException missing)
        {
            return ("fault", string.Join(" ", missing.Failures));
        }

        if (identifier.StartsWith("https://", StringComparison.Ordinal)) return ("ok", identifier);
        return app.Environment.IsDevelopment()
            ? ("ok", $"{identifier} (Development; Production needs https)")
            : ("fault", $"{identifier} is http. Production refuses to start with it: set Issuer to the public https URL.");
    }

    private static (string, string) Proxy(IConfiguration configuration)
    {
        var proxied = configuration["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] ?? configuration["FORWARDEDHEADERS_ENABLED"];
        return proxied is null
            ? ("ok", "forwarded headers are ignored; addresses in the audit trail are those of the connection, so behind a proxy they are the proxy's")
            : ("warning", "ASPNETCORE_FORWARDEDHEADERS_ENABLED is set: forwarded headers are believed from anybody. Make sure that only the proxy can reach this server.");
    }

    private static async Task<(string, string)> DatabaseAsync(WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var where = app.Services.GetRequiredService<StorageLocation>().Description;
        if (!await db.Database.CanConnectAsync(ct))
        {
            return db.Database.IsSqlite() && !File.Exists(db.Database.GetDbConnection().DataSource)
                ? ("warning", $"{where} does not exist yet; the first start makes it")
                : ("fault", $"{where} cannot be reached. Is it running, and is ConnectionStrings:AuthServer right?");
        }

        var pending = (await db.Database.GetPendingMigrationsAsync(ct)).ToList();
        return pending.Count == 0 ? ("ok", where) : ("warning", $"{where} is {pending.Count} migration(s) behind; the next start brings it up to date");
    }

    private static async Task<(string, string)> ClockAsync(WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        if (!await db.Database.CanConnectAsync(ct)) return ("warning", "the database's clock cannot be asked");
        var sql = db.Database.IsSqlite() ? "SELECT CAST(strftime('%s','now') AS INTEGER) AS \"Value\"" : "SELECT CAST(extract(epoch FROM clock_timestamp()) AS bigint) AS \"Value\"";
        var database = DateTimeOffset.FromUnixTimeSeconds(await db.Database.SqlQueryRaw<long>(sql).SingleAsync(ct));
        var apart = (app.Services.GetRequiredService<TimeProvider>().GetUtcNow() - database).Duration();
        return apart < TimeSpan.FromSeconds(5) ? ("ok", "this machine and the database agree on the time")
            : ("fault", $"this machine and the database are {apart.TotalSeconds:0} seconds apart. Tokens will be refused as expired or not yet valid: switch on time synchronisation on both.");
    }

    private static async Task<(string, string)> KeysAsync(WebApplication app, CancellationToken ct)
    {
        var ring = app.Services.GetRequiredService<KeyRing>();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        if (!await db.Database.CanConnectAsync(ct) || (await db.Database.GetPendingMigrationsAsync(ct)).Any()) return ("warning", "the database is not ready; the first start makes the keys");
        try
        {
            await ring.ReloadAsync(ct);
        }
        catch (CryptographicException)
        {
            return ("fault", "the signing keys in the database cannot be opened with this key-encryption key. Bring back the one they were made with (Keys:EncryptionKey, or key-encryption.key in AUTHSERVER_HOME).");
        }

        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var active = ring.All.Count(k => k.State(now) == "active");
        return ring.All.Count == 0 ? ("warning", "there are no signing keys yet; the first start makes them") : active >= 2 ? ("ok", $"{active} active, {ring.All.Count} in all") : ("warning", "a key type has no active key; run: keys rotate --now");
    }

    private static (string, string) Certificate(IConfiguration configuration, TimeProvider clock)
    {
        var path = configuration["Kestrel:Certificates:Default:Path"] ?? configuration["Kestrel:Endpoints:Https:Certificate:Path"];
        if (path is null) return ("ok", "no certificate is configured: https ends at a proxy, or this is Development");
        if (!File.Exists(path)) return ("fault", $"the certificate file {path} does not exist");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        var left = certificate.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime;
        return left < TimeSpan.Zero ? ("fault", $"{path} has expired") : left < TimeSpan.FromDays(21) ? ("warning", $"{path} expires in {left.Days} days") : ("ok", $"{path} is good for {left.Days} days");
    }
}
