using System.Buffers.Text;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Interaction;

/// <summary>The two codes of a device's request; each is shown once, here.</summary>
/// <param name="UserCode">In groups of four.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Interval">Seconds.</param>
public sealed record IssuedDeviceCodes(string DeviceCode, string UserCode, int ExpiresIn, int Interval);

/// <summary>A device's request in front of a person.</summary>
/// <param name="UserCode">As the device shows it.</param>
public sealed record WaitingDevice(string Handle, PendingAuthorization Pending, DeviceAuthorization Request, Client Client, string UserCode)
{
    public ScopeSet Scopes { get; } = ScopeSet.Parse(Request.Parameters.GetValueOrDefault("scope"));
}

/// <summary>
/// The device authorization grant (RFC 8628) between the device that asks and the person who decides. Once a code was typed, the request waits for its person like any other: the same
/// sign-in, the same second factors, the same rules; only the last page is another, and it is never skipped, for a link may come from a stranger (§5.4).
/// </summary>
public sealed class DeviceAuthorizations(
    IDeviceCodeStore store, UserCodes codes, PendingAuthorizations requests, IPendingAuthorizationStore pendings, IConsentStore consents, ClientRegistry clients, IDataProtectionProvider protection,
    IOptions<TokenOptions> options, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Where people type the code: <c>verification_uri</c>.</summary>
    public const string Page = "/device";

    /// <summary>Carries the hash of the device code beside a waiting request's parameters; never read from a client.</summary>
    private const string DeviceParameter = "\ndevice";

    /// <summary>The code as it was typed, encrypted, for the page on which it is compared.</summary>
    private const string UserCodeParameter = "\nuser_code";

    private readonly IDataProtector _protector = protection.CreateProtector("user-code");

    /// <summary>That page with the code filled in, as the path of a page of ours: for a sign-in on the way.</summary>
    /// <param name="code">Eight letters.</param>
    public static string PageOf(string code) => Page + "/" + UserCodes.Show(code).ToLowerInvariant();

    /// <summary>Where a waiting request of a device is decided.</summary>
    public static string DecisionUrl(string handle) => Page + "/approve?request=" + Uri.EscapeDataString(handle);

    public static bool IsOfDevice(PendingAuthorization pending) => pending.Parameters.ContainsKey(DeviceParameter);

    /// <param name="parameters">Checked, and without anything that proves who the client is.</param>
    public async Task<IssuedDeviceCodes> BeginAsync(Client client, FormParameters parameters, string? address, string? userAgent, CancellationToken ct)
    {
        var device = Handle.New();
        var now = clock.GetUtcNow();
        var asked = new DeviceAuthorization
        {
            Hash = device.Hash(),
            UserCodeHash = [],
            ClientId = client.ClientId,
            Parameters = parameters.All,
            Resources = parameters.Resources,
            Interval = options.Value.DevicePollingInterval,
            CreatedAt = now,
            ExpiresAt = now.AddSeconds(options.Value.DeviceCodeLifetime),
            Address = address,
            UserAgent = userAgent,
        };

        // Two devices with one code would be one too many; with 2³⁴ codes it hardly ever comes to a second round.
        for (var round = 0; round < 10; round++)
        {
            var code = UserCodes.New();
            if (await store.TryAddAsync(asked with { UserCodeHash = codes.Hash(code) }, ct))
                return new IssuedDeviceCodes(device.Reveal(), UserCodes.Show(code), options.Value.DeviceCodeLifetime, asked.Interval);
        }

        throw new InvalidOperationException("Ten user codes in a row were in use: far more devices wait than there are codes for.");
    }

    /// <summary>A code was typed. Answers the handle of the request that waits for its person from here on; null: no device shows this code.</summary>
    public async Task<string?> EnterAsync(string? typed, CancellationToken ct)
    {
        if (UserCodes.Read(typed) is not { } code || await store.FindWaitingByUserCodeAsync(codes.Hash(code), clock.GetUtcNow(), ct) is not { } found) return null;
        var parameters = FormParameters.Of(found.Parameters, found.Resources).With(DeviceParameter, Base64Url.EncodeToString(found.Hash)).With(UserCodeParameter, _protector.Protect(code));
        return await requests.BeginAsync(found.ClientId, parameters, found.CreatedAt, ct);
    }

    /// <summary>Null where the handle is nobody's, or the request is decided, expired, or its client gone.</summary>
    public async Task<WaitingDevice?> ReadAsync(string? handle, CancellationToken ct)
    {
        if (await requests.ReadAsync(handle, ct) is not { } pending || !IsOfDevice(pending)) return null;
        var hash = Base64Url.DecodeFromChars(pending.Parameters[DeviceParameter]);
        return clients.Find(pending.ClientId) is { } client && client.Allows(GrantTypes.DeviceCode) && await store.FindWaitingAsync(hash, clock.GetUtcNow(), ct) is { } request
            ? new WaitingDevice(handle!, pending, request, client, UserCodes.Show(_protector.Unprotect(pending.Parameters[UserCodeParameter])))
            : null;
    }

    /// <summary>What the person has to do before they may decide. <see cref="NextStep.AskConsent"/> and <see cref="NextStep.Issue"/> both mean: nothing, they are asked now.</summary>
    public async Task<NextStep> NextAsync(WaitingDevice waiting, Session? session, CancellationToken ct)
    {
        var parameters = waiting.Request.Parameters;
        var step = new StepRequest
        {
            Client = waiting.Client,
            Scopes = waiting.Scopes,
            Prompts = parameters.GetValueOrDefault("prompt")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            MaxAge = parameters.GetValueOrDefault("max_age") is { } seconds ? int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) : waiting.Client.DefaultMaxAge,
            StartedAt = waiting.Pending.CreatedAt,
            Acr = AcrRequest.Of(waiting.Pending, waiting.Client),
            ClientIsAssured = true,
            Proofs = waiting.Pending.Proofs,
        };
        var consent = session is null ? null : await consents.FindAsync(session.UserId, waiting.Client.ClientId, ct);
        return StepDecider.Decide(step, session, consent, clock.GetUtcNow());
    }

    /// <summary>The person says yes. False where the request was decided in another window meanwhile. Call only where <see cref="NextAsync"/> leaves nothing to do.</summary>
    public async Task<bool> TryApproveAsync(WaitingDevice waiting, CurrentSession current, string? address, CancellationToken ct)
    {
        var (client, session, now) = (waiting.Client, current.Session, clock.GetUtcNow());
        var claims = waiting.Request.Parameters.GetValueOrDefault("claims") is { } json && ClaimsRequest.TryParse(json, out var read) ? read : ClaimsRequest.None;
        var grant = new Grant
        {
            Id = Grant.NewId(),
            ClientId = client.ClientId,
            UserId = session.UserId,
            SessionId = session.Id,
            BoundToSession = !waiting.Scopes.Contains(StandardScopes.OfflineAccess),
            Scopes = waiting.Scopes,
            CreatedAt = now,
            // Until the device fetches its tokens the grant lives as long as its code.
            ExpiresAt = waiting.Request.ExpiresAt,
            Details = new GrantDetails
            {
                Resources = waiting.Request.Resources,
                AuthTime = session.AuthTime.ToUnixTimeSeconds(),
                Acr = AcrRequest.Of(waiting.Pending, client).Answer(session.Acr),
                Amr = session.Amr,
                IdTokenClaims = claims.IdToken,
                UserInfoClaims = claims.UserInfo,
            },
        };
        if (!await store.TryApproveAsync(waiting.Request.Hash, grant, now, ct)) return false;

        await pendings.TryFinishAsync(waiting.Pending.Hash, ct);
        if (string.Equals(client.ConsentType, ConsentTypes.Explicit, StringComparison.Ordinal)) await consents.SaveAsync(session.UserId, client.ClientId, waiting.Scopes, now, ct);
        audit.Record(new AuditEvent(AuditKind.ConsentGiven, client.ClientId, session.UserId, session.Id, address, $"for a device: {waiting.Scopes}"));
        return true;
    }

    /// <summary>The person says no. As <see cref="TryApproveAsync"/>.</summary>
    public async Task<bool> TryDenyAsync(WaitingDevice waiting, CurrentSession current, string? address, CancellationToken ct)
    {
        if (!await store.TryDenyAsync(waiting.Request.Hash, clock.GetUtcNow(), ct)) return false;
        await pendings.TryFinishAsync(waiting.Pending.Hash, ct);
        audit.Record(new AuditEvent(AuditKind.ConsentRefused, waiting.Client.ClientId, current.Session.UserId, current.Session.Id, address, "for a device"));
        return true;
    }
}
