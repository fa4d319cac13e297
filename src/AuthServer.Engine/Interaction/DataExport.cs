using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Interaction;

/// <summary>
/// Everything kept about a person as one JSON document, in words a reader understands and by the wire names where there are any. Each value is named here by hand: a column that is added later
/// does not get out by itself, and no hash, seed or key is ever among them.
/// </summary>
public sealed class DataExport(IServiceScopeFactory scopes, ISessionStore sessions, IConsentStore consents, IGrantList grants, IFactorStore factors, IDeviceStore devices, IAuditReader audit, ClientRegistry clients,
    TimeProvider clock)
{
    private const int EventsAtOnce = 500;
    private const int MostEvents = 10_000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Null where the user is gone.</summary>
    public async Task<byte[]?> WriteAsync(string userId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { } user) return null;

        var now = clock.GetUtcNow();
        var document = new JsonObject
        {
            ["made_at"] = now,
            ["account"] = Account(user),
            ["claims"] = Claims(user),
            ["sign_in"] = await SignInAsync(users, user, ct),
            ["sessions"] = Array((await sessions.ListAsync(userId, now, ct)).Select(Session)),
            ["devices"] = Array((await devices.ListAsync(userId, ct)).Select(DeviceOf)),
            ["consents"] = Array((await consents.ListAsync(userId, ct)).Select(ConsentOf)),
            ["grants"] = Array((await grants.ListAsync(userId, now, ct)).Select(GrantOf)),
            ["events"] = Array((await EventsAsync(userId, ct)).Select(EventOf)),
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, Readable);
    }

    private static JsonObject Account(User user) => new()
    {
        ["id"] = user.Id,
        ["user_name"] = user.UserName,
        ["created_at"] = user.CreatedAt,
        ["updated_at"] = user.UpdatedAt,
        ["administrator"] = user.IsAdministrator,
    };

    private static JsonNode Claims(User user)
    {
        var claims = JsonNode.Parse(user.Profile)!;
        claims["email"] = user.Email;
        claims["email_verified"] = user.EmailConfirmed;
        claims["phone_number"] = user.PhoneNumber;
        claims["phone_number_verified"] = user.PhoneNumberConfirmed;
        return claims;
    }

    private async Task<JsonObject> SignInAsync(UserManager<User> users, User user, CancellationToken ct)
    {
        var enrolled = await factors.ReadAsync(user.Id, ct);
        return new JsonObject
        {
            ["password"] = user.PasswordHash is not null,
            ["password_changed_at"] = user.PasswordChangedAt,
            ["authenticator_app"] = enrolled.Authenticator,
            ["recovery_codes_left"] = enrolled.RecoveryCodesLeft,
            ["email_codes"] = user.EmailCodeEnabled,
            ["passkeys"] = Array((await users.GetPasskeysAsync(user)).Select(static p => new JsonObject { ["name"] = p.Name, ["created_at"] = p.CreatedAt, ["backed_up"] = p.IsBackedUp })),
            ["connections"] = Array((await users.GetLoginsAsync(user)).Select(static l => new JsonObject { ["provider"] = l.LoginProvider, ["identifier_there"] = l.ProviderKey })),
        };
    }

    private static JsonObject Session(Session session) => new()
    {
        ["started_at"] = session.CreatedAt,
        ["signed_in_at"] = session.AuthTime,
        ["last_seen_at"] = session.LastSeenAt,
        ["expires_at"] = session.ExpiresAt,
        ["address"] = session.Address,
        ["user_agent"] = session.UserAgent,
        ["methods"] = Array(session.Amr.Select(static m => (JsonNode)m)),
    };

    private static JsonObject DeviceOf(DeviceSummary device) => new()
    {
        ["first_seen_at"] = device.FirstSeenAt,
        ["last_seen_at"] = device.LastSeenAt,
        ["no_second_step_until"] = device.TrustedUntil,
        ["address"] = device.Address,
        ["user_agent"] = device.UserAgent,
    };

    private JsonObject ConsentOf(Consent consent) => new()
    {
        ["app"] = AppName(consent.ClientId),
        ["scope"] = consent.Scopes.ToString(),
        ["given_at"] = consent.CreatedAt,
        ["changed_at"] = consent.UpdatedAt,
    };

    private JsonObject GrantOf(GrantSummary grant) => new()
    {
        ["app"] = AppName(grant.ClientId),
        ["scope"] = grant.Scopes.ToString(),
        ["given_at"] = grant.CreatedAt,
        ["last_refreshed_at"] = grant.RefreshedAt,
        ["expires_at"] = grant.ExpiresAt,
        ["revoked_at"] = grant.RevokedAt,
        ["ends_with_its_session"] = grant.BoundToSession,
    };

    private JsonObject EventOf(AuditEntry entry) => new()
    {
        ["at"] = entry.At,
        ["event"] = entry.Event.Kind.ToString(),
        ["app"] = entry.Event.ClientId is { } app ? AppName(app) : null,
        ["address"] = entry.Event.Address,
        ["detail"] = entry.Event.Detail,
    };

    private async Task<List<AuditEntry>> EventsAsync(string userId, CancellationToken ct)
    {
        var all = new List<AuditEntry>();
        while (all.Count < MostEvents)
        {
            var page = await audit.ListAsync(userId, [], all.Count == 0 ? null : new AuditPlace(all[^1].At, all[^1].Id), EventsAtOnce, ct);
            all.AddRange(page);
            if (page.Count < EventsAtOnce) break;
        }

        return all;
    }

    private string AppName(string clientId) => clients.Find(clientId)?.DisplayName ?? clientId;

    private static JsonArray Array(IEnumerable<JsonNode> items) => [.. items];
}
