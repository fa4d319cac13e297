using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tickets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Engine.Upstream;

/// <summary>Why a journey to another provider ended without a sign-in.</summary>
public enum UpstreamRefusal
{
    /// <summary>Unknown, used, too old, or begun in another browser.</summary>
    Expired,

    /// <summary>The person said no there.</summary>
    Cancelled,

    /// <summary>The provider cannot be reached, or its answer is not what it has to be.</summary>
    ProviderFailed,

    /// <summary>An account here has the address already: sign in to it, then connect.</summary>
    AddressKnown,

    /// <summary>This provider's account is connected with another account here.</summary>
    LinkedToOther,

    /// <summary>Nobody here, and new accounts are not made this way.</summary>
    NoAccount,

    /// <summary>The account here is disabled or locked.</summary>
    ShutOut,
}

/// <summary>How a journey to another provider ended.</summary>
public abstract record UpstreamOutcome
{
    private UpstreamOutcome() { }

    public sealed record SignedIn(User User, string Provider, bool MultiFactor, SignInTarget Target) : UpstreamOutcome;

    public sealed record Linked : UpstreamOutcome;

    public sealed record Refused(UpstreamRefusal Reason, SignInTarget Target) : UpstreamOutcome;
}

/// <summary>What is remembered while a person is away at a provider.</summary>
/// <param name="Browser">SHA-256 of this browser's cookie, in hex: an answer counts only where the journey began (RFC 9700 §4.7).</param>
/// <param name="FreshFrom">The person has to prove there once more who they are, not before this moment; null: a sign-in of the provider that stands is enough.</param>
/// <param name="LinkTo">The account to connect with; null for a sign-in.</param>
public sealed record UpstreamJourney(string Provider, string Nonce, string Verifier, SignInTarget Target, string Browser, DateTimeOffset? FreshFrom, string? LinkTo)
{
    internal static readonly TicketKind<UpstreamJourney> Kind = new("upstream", TimeSpan.FromMinutes(15));
}

/// <summary>Sends a person to another provider and takes the answer: authorization code with PKCE, state and nonce (RFC 9700 §2.1, OpenID Connect Core §3.1).</summary>
public sealed class UpstreamSignIn(
    UpstreamProviders providers, UpstreamDiscovery discovery, UpstreamExchange exchange, UpstreamAccounts accounts, TicketOffice tickets, Issuer issuer, IAuditTrail audit, TimeProvider clock)
{
    private string CookieName => issuer.IsHttps ? "__Host-upstream" : "upstream";

    /// <summary>Between the provider's clock and ours.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>Where to send the browser; null where the provider is unknown or away.</summary>
    /// <param name="fresh">Somebody is signed in here already and has to show that it is still them: the provider's own standing sign-in would show nothing (ASVS 7.5.1).</param>
    public async Task<Uri?> BeginAsync(HttpContext http, string providerName, SignInTarget target, bool fresh, string? linkTo, CancellationToken ct)
    {
        if (providers.Find(providerName) is not { } provider || await discovery.FindAsync(provider, ct) is not { } metadata) return null;
        var journey = new UpstreamJourney(provider.Name, Handle.New().Reveal(), Handle.New().Reveal(), target, BindBrowser(http), fresh ? clock.GetUtcNow() : null, linkTo);
        var state = await tickets.IssueAsync(UpstreamJourney.Kind, linkTo, journey, ct);
        return new Uri(QueryHelpers.AddQueryString(metadata.AuthorizationEndpoint.AbsoluteUri, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = CallbackOf(provider),
            ["scope"] = provider.Scopes,
            ["state"] = state,
            ["nonce"] = journey.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(journey.Verifier))),
            ["code_challenge_method"] = CodeChallenge.S256,
            ["prompt"] = fresh ? Prompts.Login : null,
            ["max_age"] = fresh ? "0" : null,
        }));
    }

    /// <param name="currentUserId">Who is signed in in this browser: only that person can be connected.</param>
    public async Task<UpstreamOutcome> FinishAsync(HttpContext http, string providerName, string? currentUserId, CancellationToken ct)
    {
        var query = http.Request.Query;
        var nowhere = SignInTarget.Of(null, null);
        if (await tickets.TryTakeAsync(UpstreamJourney.Kind, query["state"], ct) is not { Payload: var journey } || journey.Provider != providerName || !IsThisBrowser(http, journey)
            || providers.Find(providerName) is not { } provider) return Refuse(http, UpstreamRefusal.Expired, nowhere);

        var target = journey.Target;
        if (await discovery.FindAsync(provider, ct) is not { } metadata) return Refuse(http, UpstreamRefusal.ProviderFailed, target);
        // RFC 9207 §2.4: an answer of another server must not be taken for this one's.
        if (query.TryGetValue("iss", out var said) ? said != metadata.Issuer : metadata.SendsIssuer) return Refuse(http, UpstreamRefusal.ProviderFailed, target);
        if (query.ContainsKey("error")) return Refuse(http, query["error"] == "access_denied" ? UpstreamRefusal.Cancelled : UpstreamRefusal.ProviderFailed, target);
        if (query["code"].ToString() is not { Length: > 0 and < 4096 } code) return Refuse(http, UpstreamRefusal.ProviderFailed, target);

        if (await exchange.RedeemAsync(provider, metadata, code, CallbackOf(provider), journey.Verifier, journey.Nonce, ct) is not { } identity) return Refuse(http, UpstreamRefusal.ProviderFailed, target);
        if (journey.FreshFrom is { } from && !(identity.AuthTime >= from - ClockSkew)) return Refuse(http, UpstreamRefusal.ProviderFailed, target);
        return journey.LinkTo is { } owner ? await LinkAsync(http, provider, identity, owner, currentUserId, target, ct) : await SignInAsync(http, provider, identity, target, ct);
    }

    private async Task<UpstreamOutcome> LinkAsync(HttpContext http, UpstreamProvider provider, UpstreamIdentity identity, string owner, string? currentUserId, SignInTarget target, CancellationToken ct)
    {
        if (!string.Equals(owner, currentUserId, StringComparison.Ordinal)) return Refuse(http, UpstreamRefusal.Expired, target);
        return await accounts.TryLinkAsync(owner, provider, identity, AddressOf(http), http.Request.Headers.UserAgent, ct)
            ? new UpstreamOutcome.Linked()
            : Refuse(http, UpstreamRefusal.LinkedToOther, target);
    }

    private async Task<UpstreamOutcome> SignInAsync(HttpContext http, UpstreamProvider provider, UpstreamIdentity identity, SignInTarget target, CancellationToken ct)
    {
        var user = await accounts.FindAsync(provider, identity, ct);
        if (user is null)
        {
            if (!provider.CreateAccounts) return Refuse(http, UpstreamRefusal.NoAccount, target);
            if (await accounts.AddressIsKnownAsync(provider, identity, ct)) return Refuse(http, UpstreamRefusal.AddressKnown, target);
            user = await accounts.TryCreateAsync(provider, identity, AddressOf(http), ct);
            if (user is null) return Refuse(http, UpstreamRefusal.ProviderFailed, target);
        }

        if (user.Disabled || user.LockoutEnd > clock.GetUtcNow()) return Refuse(http, UpstreamRefusal.ShutOut, target);
        return new UpstreamOutcome.SignedIn(user, provider.Name, provider.TrustMultiFactor && identity.MultiFactor, target);
    }

    private UpstreamOutcome.Refused Refuse(HttpContext http, UpstreamRefusal reason, SignInTarget target)
    {
        audit.Record(new AuditEvent(AuditKind.SignInRefused, Address: AddressOf(http), Detail: $"other provider: {reason}"));
        return new UpstreamOutcome.Refused(reason, target);
    }

    private string CallbackOf(UpstreamProvider provider) => issuer.Url($"/login/upstream/{provider.Name}/callback");

    private string BindBrowser(HttpContext http)
    {
        var handle = Handle.TryRead(http.Request.Cookies[CookieName], out var known) ? known : Handle.New();
        http.Response.Cookies.Append(CookieName, handle.Reveal(), new CookieOptions { HttpOnly = true, Secure = issuer.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true });
        return Convert.ToHexStringLower(handle.Hash());
    }

    private bool IsThisBrowser(HttpContext http, UpstreamJourney journey) =>
        Handle.TryRead(http.Request.Cookies[CookieName], out var handle) && string.Equals(Convert.ToHexStringLower(handle.Hash()), journey.Browser, StringComparison.Ordinal);

    private static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
