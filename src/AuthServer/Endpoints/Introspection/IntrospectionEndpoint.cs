using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Introspection;

/// <summary>Token introspection (RFC 7662). Whoever may not know about a token hears what he would hear of a made-up one: <c>active</c> is false.</summary>
public sealed class IntrospectionEndpoint(ClientAuthenticator authenticator, AccessTokenVerifier verifier, ApiKeyVerifier keys, ITokenStore store, DirectoryRelease directory, SubjectIdentifiers subjects, Issuer issuer, TimeProvider clock)
{
    public const string Path = "/connect/introspect";

    private static readonly byte[] Inactive = "{\"active\":false}"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext http, IntrospectionEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the client says who it is"));

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var error)) return new OAuthErrorResult(error);
        if (!(await authenticator.AuthenticateAsync(http.Request.Headers.Authorization, form, http.RemoteAddress(), ct)).TryGet(out var caller, out error)) return new OAuthErrorResult(error);
        // RFC 7662 §2.1: to keep strangers from scanning for tokens, the caller has to prove who it is.
        if (!caller.Client.IsConfidential) return new OAuthErrorResult(OAuthErrors.InvalidClient("a public client cannot introspect tokens"));
        if (form["token"] is not { } token) return new OAuthErrorResult(OAuthErrors.InvalidRequest("token is required"));

        var body = RefreshToken.TryRead(token, out var refresh) ? await DescribeAsync(refresh, caller.Client, ct) : await DescribeAsync(token, caller.Client, ct);
        return TypedResults.Bytes(body, "application/json;charset=utf-8");
    }

    private async Task<byte[]> DescribeAsync(string token, Client caller, CancellationToken ct)
    {
        IReadOnlyList<string> from = [];
        Result<VerifiedAccessToken> found;
        if (!ApiKeyText.IsMeant(token)) found = await verifier.VerifyAsync(token, ct);
        else if ((await keys.FindAsync(token, ct)).TryGet(out var key, out var error)) (found, from) = (key.Access, key.Key.AllowedAddresses);
        else found = error;

        if (!found.TryGet(out var access, out _) || !MayKnow(caller, access)) return Inactive;
        return Write(json =>
        {
            json.WriteString("token_type", "Bearer");
            if (!access.Scopes.IsEmpty) json.WriteString("scope", access.Scopes.ToString());
            if (access.Standing?.User is { } user)
            {
                json.WriteString("username", user.UserName);
                directory.Write(json, access.Client, access.Scopes, user.Directory);
            }

            if (from.Count > 0)
            {
                // Only who was asked by the key's holder can see from where.
                json.WriteStartArray("allowed_addresses");
                foreach (var range in from) json.WriteStringValue(range);
                json.WriteEndArray();
            }

            foreach (var claim in access.Claims.EnumerateObject())
            {
                // Said above as it stands now, or for this server alone.
                if (claim.Name is not ("scope" or AccessToken.GrantIdClaim) && !DirectoryClaims.Contains(claim.Name)) claim.WriteTo(json);
            }
        });
    }

    private async Task<byte[]> DescribeAsync(RefreshToken token, Client caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await store.FindGrantByRefreshFamilyAsync(token.Family.Hash(), ct) is not { } standing || !string.Equals(standing.Grant.ClientId, caller.ClientId, StringComparison.Ordinal)) return Inactive;
        var grant = standing.Grant;
        if (standing.Fault(now) is not null || grant.Refresh!.ExpiresAt <= now || !CryptographicOperations.FixedTimeEquals(token.Secret.Hash(), grant.Refresh.SecretHash)) return Inactive;
        return Write(json =>
        {
            json.WriteString("client_id", grant.ClientId);
            json.WriteString("iss", issuer.Identifier);
            json.WriteString("sub", subjects.SubjectOf(caller, grant.UserId!));
            json.WriteString("scope", grant.Scopes.ToString());
            json.WriteNumber("iat", grant.CreatedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp", grant.Refresh.ExpiresAt.ToUnixTimeSeconds());
        });
    }

    /// <summary>The client it was issued to, and the APIs it is for.</summary>
    private static bool MayKnow(Client caller, VerifiedAccessToken access)
    {
        if (string.Equals(access.Client.ClientId, caller.ClientId, StringComparison.Ordinal)) return true;
        var audience = access.Claims.GetProperty("aud");
        return audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Any(IsCaller) : IsCaller(audience);

        bool IsCaller(JsonElement value) => value.GetString() is { } resource
            && (string.Equals(resource, caller.ClientId, StringComparison.Ordinal) || caller.AllowedResources.Contains(resource, StringComparer.Ordinal));
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("active", true);
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
