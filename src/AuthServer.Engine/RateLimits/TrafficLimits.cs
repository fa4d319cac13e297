using AuthServer.Engine.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.RateLimits;

/// <summary>For whom a request is; what is null is not counted.</summary>
/// <param name="KeyLimit">The key's own limit; null: the server's.</param>
public readonly record struct Caller(string? KeyId = null, int? KeyLimit = null, string? ClientId = null, string? UserId = null);

/// <summary>The limits of this server by name. Every entry point asks here: APIs once they know who is calling, pages when a form arrives.</summary>
public sealed class TrafficLimits(RateLimiter limiter, IOptions<RateLimitOptions> options, IAuditTrail audit)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>A request with an API key, or through a compatibility API: by key, client, person and address. True: it may pass. The headers are written either way.</summary>
    public bool TryPass(HttpContext http, in Caller caller)
    {
        var (perCaller, perAddress) = (options.Value.RequestsPerHour, options.Value.RequestsPerAddressPerHour);
        return TryPass(http, "address", perAddress, RateSubject.OfAddress(http.Connection.RemoteIpAddress), caller)
            && TryPass(http, "key", caller.KeyLimit ?? perCaller, caller.KeyId, caller)
            && TryPass(http, "client", perCaller, caller.ClientId, caller)
            && TryPass(http, "user", perCaller, caller.UserId, caller);
    }

    /// <summary>A request to the administration API with an access token.</summary>
    public bool TryPassAdministration(HttpContext http, in Caller caller) =>
        TryPass(http, "administration", options.Value.AdministrationRequestsPerHour, caller.UserId ?? caller.ClientId, caller);

    /// <param name="account">The name that was typed, or the id of the person who is signing in; null where the form has none.</param>
    public bool TryPassSignIn(HttpContext http, string? account) =>
        TryPassForm(http, "sign-in", options.Value.SignInsPerAddressPerHour, "sign-in-account", options.Value.SignInsPerAccountPerHour, account);

    public bool TryPassRegistration(HttpContext http) => TryPassForm(http, "registration", options.Value.RegistrationsPerAddressPerHour, "", 0, null);

    /// <inheritdoc cref="TryPassSignIn"/>
    public bool TryPassReset(HttpContext http, string? account) =>
        TryPassForm(http, "reset", options.Value.ResetsPerAddressPerHour, "reset-account", options.Value.ResetsPerAccountPerHour, account);

    /// <summary>Somebody types the code of a device: counted before it is looked up, so that guesses made in parallel all count (RFC 8628 §5.1).</summary>
    /// <param name="userId">Who is signed in; null: nobody.</param>
    public bool TryPassUserCode(HttpContext http, string? userId) =>
        TryPass(http, "user-code", options.Value.UserCodesPerHour, RateSubject.OfAddress(http.Connection.RemoteIpAddress), new Caller(UserId: userId))
        && TryPass(http, "user-code-person", options.Value.UserCodesPerHour, userId, new Caller(UserId: userId));

    /// <summary>Many addresses guess together: those who are not signed in share one measure. Where it is used up nobody is shut out, for signing in first is still open.</summary>
    public bool TryPassUserCodeOfStranger(HttpContext http) => TryPass(http, "user-code-strangers", options.Value.UserCodesOfStrangersPerHour, "all", default);

    /// <summary>A device asks for codes.</summary>
    public bool TryPassDeviceRequest(HttpContext http, string clientId) =>
        TryPass(http, "device-request", options.Value.DeviceRequestsPerAddressPerHour, RateSubject.OfAddress(http.Connection.RemoteIpAddress), new Caller(ClientId: clientId));

    /// <summary>An account is counted by the address it is asked for from: otherwise a stranger could use up what belongs to its owner.</summary>
    private bool TryPassForm(HttpContext http, string byAddress, int perAddress, string byAccount, int perAccount, string? account)
    {
        var address = RateSubject.OfAddress(http.Connection.RemoteIpAddress);
        return TryPass(http, byAddress, perAddress, address, default)
            && (address is null || string.IsNullOrWhiteSpace(account) || TryPass(http, byAccount, perAccount, RateSubject.OfAccount(account) + "@" + address, default));
    }

    private bool TryPass(HttpContext http, string name, int limit, string? subject, in Caller caller)
    {
        if (subject is null || limit <= 0) return true;
        var verdict = limiter.Spend(new RateRule(name, limit, Hour), subject);
        RateHeaders.Write(http, verdict);
        if (verdict.First)
        {
            audit.Record(new AuditEvent(AuditKind.RateLimited, ClientId: caller.ClientId, Subject: caller.UserId, Address: http.Connection.RemoteIpAddress?.ToString(),
                Detail: $"more than {limit} in an hour, limit {name}", Target: caller.KeyId is { } key ? "api_key:" + key : null));
        }

        return verdict.Allowed;
    }
}
