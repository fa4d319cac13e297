using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>What has to be true before the first request: the schema is current, keys exist, declared clients are in, the pictures in memory are loaded.</summary>
internal sealed class Preparation(
    DatabaseMigration migration, DirectoryUpkeep directory, KeyRotation rotation, KeyRing keys, DeclaredClients declared, ClientRegistry clients, Issuer issuer, IHostEnvironment environment, IStartupValidator settings)
{
    public async Task RunAsync(CancellationToken ct)
    {
        settings.Validate();
        await migration.MigrateAsync(ct);
        await directory.RunAsync(ct);
        await rotation.EnsureAsync(ct);
        await keys.ReloadAsync(ct);
        await declared.ApplyAsync(ct);
        await clients.ReloadAsync(ct);

        // Development is the one environment in which convenience may go before safety.
        if (!environment.IsDevelopment() && ProductionRules.Breaches(issuer, clients.All) is { Count: > 0 } breaches) throw new StartRefusedException(breaches);
    }
}

/// <summary>The server will not start like this; each line says what to set.</summary>
internal sealed class StartRefusedException(IReadOnlyList<string> reasons) : Exception(string.Join(Environment.NewLine, reasons))
{
    public IReadOnlyList<string> Reasons { get; } = reasons;
}
