using AuthServer.Engine.Audit;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>Who did what is kept, and no secret with it.</summary>
public sealed class AuditTrailTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task Sign_ins_grants_and_refusals_are_remembered_without_secrets()
    {
        var flow = await shared.SignInAsync("openid");
        await shared.Server.RedeemAsync("web", SharedServer.Secret, SharedServer.Callback, flow.Code, flow.Verifier);
        await shared.Server.TokenAsync([("grant_type", "client_credentials")], ("web", "wrong-secret-of-web"));
        using var browser = shared.Server.NewBrowser();
        await browser.SignInAsync(await browser.GetAsync("/login"), "alice", "wrong-password-of-alice");

        await shared.Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);
        await using var scope = shared.Server.Services.CreateAsyncScope();
        var events = await scope.ServiceProvider.GetRequiredService<AuthDbContext>().AuditEvents.AsNoTracking().ToListAsync();

        foreach (var kind in (AuditKind[])[AuditKind.SignedIn, AuditKind.SignInRefused, AuditKind.GrantIssued, AuditKind.TokenReuseDetected, AuditKind.ClientAuthenticationRefused])
            Assert.Contains(events, e => e.Kind == kind.ToString());
        Assert.Contains(events, e => e.Kind == nameof(AuditKind.GrantIssued) && e.Subject == shared.Alice.Id && e.ClientId == "web");
        var text = string.Join('\n', events.Select(e => $"{e.Detail} {e.Subject} {e.ClientId} {e.SessionId}")) + shared.Server.Log.Text;
        foreach (var secret in (string[])[flow.Code, flow.AccessToken, flow.RefreshToken!, flow.Verifier, TestServer.Password, SharedServer.Secret, "wrong-secret-of-web", "wrong-password-of-alice"])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }
}
