using System.Buffers.Text;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization;

/// <summary>Opens <c>request_uri</c>s that the pushed authorization request endpoint gave out (RFC 9126 §4).</summary>
/// <remarks>A request survives being looked at more than once (a browser that reloads, a sign-in that takes two pages) but is completed once.</remarks>
public sealed class PushedRequests(IPendingAuthorizationStore store, TimeProvider clock)
{
    public const string UrnPrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>The row outlives the request_uri by the time a person may take, so that a completion after a slow sign-in still finds what it has to use up.</summary>
    public static readonly TimeSpan Kept = PendingAuthorizations.Lifetime;

    /// <summary>Carries the hash of the pushed request's handle beside its parameters; never read from a client.</summary>
    public const string OpenedParameter = "\npushed";

    /// <summary>The parameters that count: the pushed ones, or those of the request itself.</summary>
    public async Task<Result<FormParameters>> OpenAsync(Client client, FormParameters parameters, CancellationToken ct)
    {
        if (parameters["request_uri"] is not { } uri || !uri.StartsWith(UrnPrefix, StringComparison.Ordinal))
        {
            return client.RequirePushedAuthorizationRequests
                ? OAuthErrors.InvalidRequest("this client has to push its authorization requests")
                : parameters;
        }

        if (!Handle.TryRead(uri[UrnPrefix.Length..], out var handle) || await store.FindPushedAsync(handle.Hash(), ct) is not { } pushed
            || !string.Equals(pushed.ClientId, client.ClientId, StringComparison.Ordinal) || pushed.ExpiresAt - Kept <= clock.GetUtcNow())
            return OAuthErrors.InvalidRequestUri();

        return FormParameters.Of(pushed.Parameters, pushed.Resources).With(OpenedParameter, Base64Url.EncodeToString(pushed.Hash));
    }

    /// <summary>True where the request was not pushed, or this is its first completion.</summary>
    public async Task<bool> TryFinishAsync(PendingAuthorization pending, CancellationToken ct) =>
        !pending.Parameters.TryGetValue(OpenedParameter, out var text) || await store.TryFinishPushedAsync(Base64Url.DecodeFromChars(text), ct);
}
