using System.Text.Json;
using System.Xml.Linq;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using AuthServer.Storage;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Clients, scopes and keys, and the versions by which other nodes notice a change.</summary>
public abstract class RegistryConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : RegistryConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : RegistryConformance(TestStorage.PostgreSql);

    private ClientStore Clients => Database.Get<ClientStore>();

    private IKeyStore Keys => Database.Get<IKeyStore>();

    private static readonly Client Web = new()
    {
        ClientId = "web", ClientName = "Wéb", RedirectUris = ["https://app.test/cb"], Scope = ScopeSet.Parse("openid email"), Secrets = [new ClientSecret("sha256$x", Encrypted: "y")],
        Jwks = """{"keys":[]}""", DefaultMaxAge = 60,
    };

    private StoredKey NewKey(string kid) => new()
    {
        Kid = kid, Kty = "EC", Wrapped = TestDatabase.Hash(), CreatedAt = Now, ActiveFrom = Now.AddDays(1), RetiredFrom = Now.AddDays(90), RemovedFrom = Now.AddDays(120),
    };

    private static string Text<T>(T value) => JsonSerializer.Serialize(value);

    [Fact]
    public async Task A_client_comes_back_as_it_was_stored_with_its_secrets()
    {
        await Clients.UpsertAsync(Web, null, None);

        Assert.Equal(Text(Web), Text(await Clients.FindAsync("web", None)));
        Assert.Equal(Text(Web), Text(Assert.Single(await Clients.ReadClientsAsync(None))));
        Assert.Null(await Clients.FindAsync("WEB", None));
    }

    [Fact]
    public async Task A_changed_client_replaces_the_old_one_and_its_fingerprint()
    {
        await Clients.UpsertAsync(Web, "first", None);
        Assert.Equal("first", (await Clients.ReadFingerprintsAsync(None))["web"]);
        var created = await Database.NumberAsync("SELECT created_at FROM clients");
        Database.Clock.Advance(TimeSpan.FromMinutes(1));

        await Clients.UpsertAsync(Web with { ClientName = "Other", Secrets = [] }, null, None);

        var found = await Clients.FindAsync("web", None);
        Assert.Equal(("Other", 0), (found!.ClientName, found.Secrets.Count));
        Assert.Empty(await Clients.ReadFingerprintsAsync(None));
        Assert.Equal(created, await Database.NumberAsync("SELECT created_at FROM clients"));
        Assert.Equal(Now.ToUnixTimeMilliseconds(), await Database.NumberAsync("SELECT updated_at FROM clients"));
    }

    [Fact]
    public async Task A_removed_client_takes_its_grants_and_consents_with_it()
    {
        var user = await Database.AddUserAsync();
        foreach (var client in new[] { Web, Web with { ClientId = "app" } }) await Clients.UpsertAsync(client, null, None);
        var (fallen, other) = (await Database.AddGrantAsync(user), Database.NewGrant(user) with { ClientId = "app" });
        await Database.Get<ITokenStore>().AddGrantAsync(other, null, None);
        var consents = Database.Get<IConsentStore>();
        foreach (var client in new[] { "web", "app" }) await consents.SaveAsync(user.Id, client, ScopeSet.Parse("openid"), Now, None);

        Assert.True(await Clients.RemoveAsync("web", None));
        Assert.False(await Clients.RemoveAsync("web", None));

        Assert.Equal("app", Assert.Single(await Clients.ReadClientsAsync(None)).ClientId);
        Assert.Equal(Now, (await Database.Get<ITokenStore>().FindGrantAsync(fallen.Id, "token", None))!.Grant.RevokedAt);
        Assert.Null((await Database.Get<ITokenStore>().FindGrantAsync(other.Id, "token", None))!.Grant.RevokedAt);
        Assert.Equal("app", Assert.Single(await consents.ListAsync(user.Id, None)).ClientId);
    }

    [Fact]
    public async Task Each_change_of_a_client_or_scope_moves_the_version_and_looking_does_not()
    {
        var scope = new ScopeDefinition { Name = "api", DisplayName = "Ä", Claims = ["c"], Resources = ["https://api.test"], Reserved = true };
        List<long> versions = [await Clients.ReadVersionAsync(None)];
        foreach (var change in new Func<Task>[]
        {
            () => Clients.UpsertAsync(Web, null, None), () => Clients.UpsertAsync(Web, null, None), () => Clients.UpsertScopeAsync(scope, None),
            () => Clients.UpsertScopeAsync(scope with { Claims = [] }, None), () => Clients.RemoveAsync("web", None),
        })
        {
            await change();
            versions.Add(await Clients.ReadVersionAsync(None));
        }

        Assert.Equal(versions.Order().Distinct(), versions);
        await Clients.UpsertScopeAsync(scope with { Claims = [] }, None);
        await Clients.ReadClientsAsync(None);
        Assert.Equal(versions[^1], await Clients.ReadVersionAsync(None));
        Assert.Equal(Text(scope with { Claims = [] }), Text(Assert.Single(await Clients.ReadScopesAsync(None))));
    }

    [Fact]
    public async Task Nodes_that_start_together_declare_the_same_client_and_scope()
    {
        var before = await Clients.ReadVersionAsync(None);

        await Database.CrowdAsync<ClientStore, bool>(async store =>
        {
            await store.UpsertAsync(Web, "declared", None);
            await store.UpsertScopeAsync(new ScopeDefinition { Name = "api" }, None);
            return true;
        });

        Assert.Single(await Clients.ReadClientsAsync(None));
        Assert.Single(await Clients.ReadScopesAsync(None));
        Assert.InRange(await Clients.ReadVersionAsync(None) - before, TestDatabase.Crowd + 1, 2 * TestDatabase.Crowd);
    }

    [Fact]
    public async Task A_key_comes_back_as_it_was_stored()
    {
        var key = NewKey("one");

        Assert.True(await Keys.TryAddAsync(key, "EC/1", None));

        Assert.Equivalent(key, Assert.Single(await Keys.ReadAsync(None)), strict: true);
    }

    [Fact]
    public async Task A_slot_takes_one_key()
    {
        Assert.True(await Keys.TryAddAsync(NewKey("one"), "EC/1", None));
        Assert.False(await Keys.TryAddAsync(NewKey("two"), "EC/1", None));
        Assert.True(await Keys.TryAddAsync(NewKey("two"), "RSA/1", None));
    }

    [Fact]
    public async Task Of_many_nodes_that_fill_a_slot_at_once_one_does()
    {
        Assert.Equal(1, await Database.RaceAsync<IKeyStore>(store => store.TryAddAsync(NewKey(TestDatabase.Id()), "EC/1", None)));
        Assert.Single(await Keys.ReadAsync(None));
    }

    [Fact]
    public async Task Each_change_of_a_key_moves_the_version_and_nothing_else_does()
    {
        var start = await Keys.ReadVersionAsync(None);
        await Keys.TryAddAsync(NewKey("one"), "EC/1", None);
        var added = await Keys.ReadVersionAsync(None);
        await Keys.SetScheduleAsync("one", Now, Now.AddDays(1), Now.AddDays(2), None);
        var scheduled = await Keys.ReadVersionAsync(None);
        Assert.Equal(0, await Keys.DeleteRemovedAsync(Now, None));
        await Keys.TryAddAsync(NewKey("two"), "EC/1", None);
        Assert.Equal(scheduled, await Keys.ReadVersionAsync(None));
        var key = Assert.Single(await Keys.ReadAsync(None));
        Assert.Equal((Now, Now.AddDays(1), Now.AddDays(2)), (key.ActiveFrom, key.RetiredFrom, key.RemovedFrom));

        Assert.Equal(1, await Keys.DeleteRemovedAsync(Now.AddDays(2), None));

        Assert.Empty(await Keys.ReadAsync(None));
        Assert.True(start < added && added < scheduled && scheduled < await Keys.ReadVersionAsync(None));
    }

    [Fact]
    public void The_data_protection_ring_is_kept()
    {
        var ring = Database.Get<DataProtectionKeyRepository>();
        ring.StoreElement(XElement.Parse("<key id=\"1\"><v>ä</v></key>"), "key-1");
        ring.StoreElement(XElement.Parse("<revocation />"), "revocation-1");

        Assert.Equal(["<key id=\"1\"><v>ä</v></key>", "<revocation />"], ring.GetAllElements().Select(e => e.ToString(SaveOptions.DisableFormatting)).Order());
    }
}
