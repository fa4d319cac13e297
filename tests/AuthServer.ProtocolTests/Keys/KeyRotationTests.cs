using System.Text.Json;
using AuthServer.Engine.Keys;
using AuthServer.ProtocolTests.Authorization;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Keys;

/// <summary>The life of a signing key as clients see it: announced, signing, retired, gone.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private TestUser _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Keys:LifetimeDays"] = "90", ["Keys:AnnouncementDays"] = "7", ["Keys:RetirementDays"] = "30" } });
        await _server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        _alice = await _server.AddUserAsync("alice");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static string KidOf(string jwt)
    {
        using var header = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(jwt.Split('.')[0]));
        return header.RootElement.GetProperty("kid").GetString()!;
    }

    internal static async Task<string[]> KidsAsync(TestServer server)
    {
        var jwks = await TestServer.JsonAsync(await server.GetAsync("/.well-known/jwks.json"));
        return [.. jwks.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!).Order(StringComparer.Ordinal)];
    }

    private async Task<string> IdTokenAsync() => (await _server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, _alice)).IdToken!;

    /// <summary>What the hourly job does.</summary>
    private async Task RotateAsync(int days)
    {
        _server.Clock.Advance(TimeSpan.FromDays(days));
        await _server.Services.GetRequiredService<KeyRotation>().EnsureAsync(CancellationToken.None);
        await _server.Services.GetRequiredService<KeyRing>().ReloadIfChangedAsync(CancellationToken.None);
    }

    private async Task<string?> ErrorWithHintAsync(string hint)
    {
        using var browser = await Ask.SignedInAsync(_server, _alice);
        return (await browser.GetAsync(Ask.Url("web", ("prompt", "none"), ("id_token_hint", hint))))["error"];
    }

    [Fact, Spec("OIDC Core §10.1.1")]
    public async Task A_key_is_announced_before_it_signs_and_published_after_it_has_signed()
    {
        var first = await KidsAsync(_server);
        Assert.Equal(2, first.Length);
        var token = await IdTokenAsync();

        await RotateAsync(82);
        Assert.Equal(first, await KidsAsync(_server));

        await RotateAsync(1);
        var both = await KidsAsync(_server);
        Assert.Equal(4, both.Length);
        Assert.Subset(both.ToHashSet(), first.ToHashSet());
        Assert.Equal(KidOf(token), KidOf(await IdTokenAsync()));

        // The change of keys needs no job to run at that moment.
        _server.Clock.Advance(TimeSpan.FromDays(7));
        var next = await IdTokenAsync();
        Assert.Contains(KidOf(next), both.Except(first));
        Assert.Null(await ErrorWithHintAsync(token));

        await RotateAsync(29);
        Assert.Equal(both, await KidsAsync(_server));
        Assert.Null(await ErrorWithHintAsync(token));

        await RotateAsync(1);
        Assert.Equal(both.Except(first).Order(StringComparer.Ordinal), await KidsAsync(_server));
        Assert.Equal("invalid_request", await ErrorWithHintAsync(token));
        Assert.Null(await ErrorWithHintAsync(next));
    }

    [Fact, Spec("OIDC Core §10.1.1")]
    public async Task An_operator_changes_keys_in_peace_or_at_once()
    {
        var rotation = _server.Services.GetRequiredService<KeyRotation>();
        var ring = _server.Services.GetRequiredService<KeyRing>();
        var token = await IdTokenAsync();

        await rotation.RotateAsync(atOnce: false, CancellationToken.None);
        await ring.ReloadIfChangedAsync(CancellationToken.None);
        Assert.Equal(4, (await KidsAsync(_server)).Length);
        Assert.Equal(KidOf(token), KidOf(await IdTokenAsync()));
        _server.Clock.Advance(TimeSpan.FromDays(8));
        var second = await IdTokenAsync();
        Assert.NotEqual(KidOf(token), KidOf(second));

        await rotation.RotateAsync(atOnce: true, CancellationToken.None);
        await ring.ReloadIfChangedAsync(CancellationToken.None);
        Assert.NotEqual(KidOf(second), KidOf(await IdTokenAsync()));
        Assert.Null(await ErrorWithHintAsync(token));
        Assert.Null(await ErrorWithHintAsync(second));
    }
}
