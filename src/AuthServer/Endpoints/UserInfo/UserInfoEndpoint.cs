using System.Buffers;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.UserInfo;

/// <summary>UserInfo (OpenID Connect Core §5.3): the claims of the access token's scopes, as JSON or as the signed JWT the client registered.</summary>
public sealed class UserInfoEndpoint(AccessTokenVerifier verifier, ApiKeyVerifier apiKeys, ClaimsForScopes claims, DirectoryRelease directory, SubjectIdentifiers subjects, KeyRing keys, IdTokenEncryption encryption, Issuer issuer)
{
    public const string Path = "/connect/userinfo";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, ["GET", "POST"], (HttpContext http, UserInfoEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the access token says whose claims are read"));

    /// <summary>A personal access token is as good here as an access token with the same scopes.</summary>
    private async Task<Result<VerifiedAccessToken>> VerifyAsync(HttpContext http, string token, CancellationToken ct)
    {
        if (!ApiKeyText.IsMeant(token) && !http.Request.Headers.ContainsKey(ApiKeyHeader.Name)) return await verifier.VerifyAsync(token, ct);
        return (await apiKeys.PresentedAsync(http, token, ct)).TryGet(out var key, out var error) ? key.Access : error;
    }

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var token = ApiKeyHeader.Read(http, out var twice);
        if (twice) return new OAuthErrorResult(BearerToken.Challenged(OAuthErrors.InvalidRequest("the request carries two credentials")));
        OAuthError? error = null;
        if (token is null && !(await BearerToken.ReadAsync(http, ct)).TryGet(out token, out error)) return new OAuthErrorResult(error);
        if (!(await VerifyAsync(http, token, ct)).TryGet(out var access, out error)) return new OAuthErrorResult(error.Status == StatusCodes.Status429TooManyRequests ? error : BearerToken.Challenged(error));
        if (!access.Scopes.Contains(StandardScopes.OpenId)) return new OAuthErrorResult(BearerToken.Challenged(OAuthErrors.InsufficientScope(StandardScopes.OpenId)));
        if (access.Standing?.User is not { } user) return new OAuthErrorResult(BearerToken.Challenged(OAuthErrors.InvalidToken()));

        if (access.Client.UserinfoSignedResponseAlg is not { } alg)
        {
            var body = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                Write(json, access, user);
                json.WriteEndObject();
            }

            return TypedResults.Bytes(body.WrittenMemory.ToArray(), "application/json;charset=utf-8");
        }

        var jwt = Jwt.Sign(keys.SigningCredential(alg), JwtType.Plain.Name, static (json, state) => state.Self.WriteSigned(json, state.Access, state.User), (Self: this, Access: access, User: user));
        if (access.Client.UserinfoEncryptedResponseAlg is { } keyAlg) jwt = await encryption.EncryptAsync(access.Client, jwt, keyAlg, access.Client.UserinfoEncryptedResponseEnc, ct);
        return TypedResults.Bytes(Encoding.ASCII.GetBytes(jwt), "application/jwt");
    }

    private void Write(Utf8JsonWriter json, VerifiedAccessToken access, GrantUser user)
    {
        json.WriteString("sub", subjects.SubjectOf(access.Client, user.Id));
        claims.Write(json, user, access.Scopes, access.Standing!.Grant.Details.UserInfoClaims);
        directory.Write(json, access.Client, access.Scopes, user.Directory);
    }

    /// <summary>§5.3.2: a signed answer names its issuer and audience.</summary>
    private void WriteSigned(Utf8JsonWriter json, VerifiedAccessToken access, GrantUser user)
    {
        json.WriteString("iss", issuer.Identifier);
        json.WriteString("aud", access.Client.ClientId);
        Write(json, access, user);
    }
}
