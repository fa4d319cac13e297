using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>What every database has to do alike: each suite is written once and run on each. Every test has a database of its own.</summary>
public abstract class Conformance(TestStorage provider) : IAsyncLifetime
{
    private protected static CancellationToken None => CancellationToken.None;

    private protected TestDatabase Database { get; private set; } = null!;

    private protected DateTimeOffset Now => Database.Now;

    public async Task InitializeAsync() => Database = await TestDatabase.CreateAsync(provider);

    public async Task DisposeAsync() => await Database.DisposeAsync();
}
