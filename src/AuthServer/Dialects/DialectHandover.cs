using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects;

/// <summary>Who began a sign-in in a browser, kept in that browser until it comes back: without it an answer is somebody else's.</summary>
/// <param name="State">What comes back in the address.</param>
/// <param name="Verifier">RFC 7636 §4.1; never leaves the cookie.</param>
internal sealed record BrowserSignIn(string State, string Verifier)
{
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public string Cookie => State + "." + Verifier;

    /// <param name="note">Stands at the beginning of the state, for whoever reads it on the way.</param>
    public static BrowserSignIn New(string note) => new(note + Handle.New().Reveal(), Handle.New().Reveal());

    /// <summary>Null: no cookie, none of ours, or the state is another one.</summary>
    public static BrowserSignIn? Read(string? cookie, string? state)
    {
        if (cookie is null || state is null || cookie.LastIndexOf('.') is not (> 0 and var dot)) return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie[..dot]), Encoding.UTF8.GetBytes(state)) ? new BrowserSignIn(state, cookie[(dot + 1)..]) : null;
    }
}

/// <param name="Page">Where the person types the code.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Interval">Seconds.</param>
internal sealed record DialectDeviceCodes(string DeviceCode, string UserCode, string Page, int ExpiresIn, int Interval);

/// <summary>How a device's request stands (RFC 8628 §3.5).</summary>
internal enum DeviceState
{
    /// <summary>No such code, or it was used.</summary>
    Unknown,
    Waiting,
    TooEarly,
    Denied,
    Expired,
    Given,
}

/// <summary>
/// For old APIs that lead people to a sign-in in a browser: that is this server's own, by OAuth, as the registered client of the settings. What it gave that client becomes a grant of the API,
/// and the client keeps nothing.
/// </summary>
internal sealed class DialectHandover(
    ITokenStore store, ClientRegistry clients, DialectTokens tokens, DeviceAuthorizations devices, IDeviceCodeStore deviceCodes, TrafficLimits limits, Issuer issuer, TimeProvider clock)
{
    /// <summary>Null: none is set, or it does not exist.</summary>
    public Client? ClientOf(DialectSettings settings) => clients.Find(settings.ClientId);

    /// <summary>Uses an authorization code up (RFC 6749 §4.1.3). Null where it is not good.</summary>
    public async Task<DialectGrant?> TakeCodeAsync(IDialect dialect, Client client, string? text, string redirectUri, BrowserSignIn began, TimeSpan lifetime, string? address, CancellationToken ct)
    {
        if (!Handle.TryRead(text, out var handle) || await store.FindCodeAsync(handle.Hash(), ct) is not { Code: var code, Grant: var standing }) return null;
        if (code.ClientId != client.ClientId || code.RedirectUri != redirectUri || !CodeChallenge.Matches(code.CodeChallenge, began.Verifier)) return null;
        var now = clock.GetUtcNow();
        if (code.RedeemedAt is not null || code.ExpiresAt <= now || !await store.TryRedeemCodeAsync(handle.Hash(), now, ct)) return null;
        return await TakeOverAsync(dialect, standing, lifetime, address, ct);
    }

    /// <summary>Null: none is set, or it may not use the device grant.</summary>
    public Client? DeviceClientOf(DialectSettings settings) => ClientOf(settings) is { } client && client.Allows(GrantTypes.DeviceCode) ? client : null;

    /// <summary>Null: more requests of devices in an hour than one address may make.</summary>
    public async Task<DialectDeviceCodes?> BeginDeviceAsync(DialectRequest request, Client client, CancellationToken ct)
    {
        if (!limits.TryPassDeviceRequest(request.Http, client.ClientId)) return null;
        var scopes = ScopeSet.From(DialectTokens.Scopes.Where(s => clients.Scopes.Allows(client, s)));
        var parameters = FormParameters.Of(new Dictionary<string, string>(StringComparer.Ordinal) { ["client_id"] = client.ClientId, ["scope"] = scopes.ToString() }, []);
        var codes = await devices.BeginAsync(client, parameters, request.Address, Session.AgentOf(request.Http), ct);
        return new DialectDeviceCodes(codes.DeviceCode, codes.UserCode, issuer.Url(DeviceAuthorizations.Page), codes.ExpiresIn, codes.Interval);
    }

    /// <summary>A device asks how it stands, and takes what it was given.</summary>
    public async Task<(DeviceState State, DialectGrant? Opened)> TakeDeviceAsync(IDialect dialect, DialectRequest request, string text, TimeSpan lifetime, CancellationToken ct)
    {
        if (DeviceClientOf(request.Settings) is not { } client || !Handle.TryRead(text, out var handle)) return (DeviceState.Unknown, null);
        var now = clock.GetUtcNow();
        if (await deviceCodes.PollAsync(handle.Hash(), client.ClientId, now, ct) is not { RedeemedAt: null } polled) return (DeviceState.Unknown, null);
        if (polled.ExpiresAt <= now) return (DeviceState.Expired, null);
        if (polled.DeniedAt is not null) return (DeviceState.Denied, null);
        if (polled.GrantId is null) return (polled.TooEarly ? DeviceState.TooEarly : DeviceState.Waiting, null);
        if (await store.FindGrantAsync(polled.GrantId, "", ct) is not { } standing || !await deviceCodes.TryRedeemAsync(handle.Hash(), now, ct)) return (DeviceState.Unknown, null);
        return await TakeOverAsync(dialect, standing, lifetime, request.Address, ct) is { } opened ? (DeviceState.Given, opened) : (DeviceState.Unknown, null);
    }

    private async Task<DialectGrant?> TakeOverAsync(IDialect dialect, StandingGrant standing, TimeSpan lifetime, string? address, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (standing.Fault(now) is not null || standing.User is null) return null;
        var facts = new GrantDetails { AuthTime = standing.Grant.Details.AuthTime, Acr = standing.Grant.Details.Acr, Amr = standing.Grant.Details.Amr };
        var opened = await tokens.OpenFromAsync(dialect, standing.User.Id, standing.Grant.SessionId, facts, lifetime, refreshable: false, address, ct);
        await store.RevokeGrantAsync(standing.Grant.Id, now, ct);
        return opened;
    }
}
