using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Acgs;

/// <summary>The second factor, API keys and providers of ACGS; on a server of its own, for codes need the clock.</summary>
public sealed class AcgsFactorTranscripts(DialectServer server) : IClassFixture<DialectServer>
{
    [Fact]
    [Contract("Acgs", "POST /auth/mfa/setup", "secret, picture, ten backup codes and the address for apps")]
    [Contract("Acgs", "POST /auth/mfa/enable", "by the first code; from there on the password alone signs nobody in")]
    [Contract("Acgs", "POST /auth/token", "with a second factor: 401 that names the field, 401 for a wrong code, 200 with the right one or a backup code")]
    [Contract("Acgs", "POST /auth/mfa/verify", "whether a code is good; it is used up")]
    [Contract("Acgs", "POST /auth/mfa/backup-codes/regenerate", "ten new ones for a code of the app")]
    [Contract("Acgs", "POST /auth/mfa/disable", "by a code; the password is enough again")]
    [Contract("Acgs", "GET /auth/mfa/status", "whether it is on, and how many backup codes are left")]
    public async Task A_second_factor_is_set_up_asked_for_and_taken_away()
    {
        var client = await AcgsClient.SignedInAsync(server);
        (await server.SendAsync("GET", "/auth/mfa/status", null, client.ByBearer)).Is(200, """{"mfa_enabled":false,"backup_codes_count":0}""");

        var setup = await server.SendAsync("POST", "/auth/mfa/setup", null, client.ByCookie);
        Assert.Equal(["backup_codes", "provisioning_uri", "qr_code", "secret"], setup.Json.AsObject().Select(static m => m.Key).Order(StringComparer.Ordinal));
        var app = new TestAuthenticator(server.Server, setup["secret"]!);
        var codes = setup.Json["backup_codes"]!.AsArray().Select(static c => (string)c!).ToList();
        Assert.Equal(10, codes.Count);
        Assert.StartsWith("otpauth://totp/", setup["provisioning_uri"], StringComparison.Ordinal);
        Assert.StartsWith("data:image/svg+xml;base64,", setup["qr_code"], StringComparison.Ordinal);

        (await server.SendAsync("POST", "/auth/mfa/enable", Json(new { totp_code = app.WrongCode() }), client.ByBearer)).IsAcgs(400, "VALIDATION_ERROR", "Invalid TOTP code");
        (await server.SendAsync("POST", "/auth/mfa/enable", Json(new { totp_code = app.Code() }), client.ByBearer)).Is(200, """{"message":"MFA enabled successfully"}""");
        (await server.SendAsync("GET", "/auth/mfa/status", null, client.ByBearer)).Is(200, """{"mfa_enabled":true,"backup_codes_count":10}""");
        (await server.SendAsync("POST", "/auth/mfa/setup", null, client.ByBearer)).IsAcgs(400, "VALIDATION_ERROR", "MFA is already enabled");

        var without = await client.SignInAsync();
        without.IsAcgs(401, "AUTHENTICATION_ERROR", "MFA code required: send it as totp_code with username and password");
        Assert.Equal("totp_code", (string)without.Json["error"]!["details"]!["field"]!);
        Assert.Null(without.Header("Set-Cookie"));
        (await client.SignInAsync(code: app.Code())).IsAcgs(401, "AUTHENTICATION_ERROR", "Invalid MFA code");
        server.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await client.SignInAsync(code: app.Code())).Status);
        Assert.Equal(200, (await client.SignInAsync("/api/auth/token", codes[0])).Status);

        (await server.SendAsync("POST", "/auth/mfa/verify", Json(new { code = codes[1] }), client.ByBearer)).Is(200, """{"method":"backup_code","valid":true,"remaining_codes":8}""");
        (await server.SendAsync("POST", "/auth/mfa/verify", Json(new { code = app.Code() }), client.ByBearer)).Is(200, """{"method":"totp","valid":false,"remaining_codes":null}""");
        server.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        var renewed = await server.SendAsync("POST", "/auth/mfa/backup-codes/regenerate", Json(new { totp_code = app.Code() }), client.ByBearer);
        renewed.Is(200, $$"""{"message":"Backup codes regenerated successfully","backup_codes":{{renewed.Json["backup_codes"]!.ToJsonString()}}}""");
        Assert.Equal(10, renewed.Json["backup_codes"]!.AsArray().Count);

        (await server.SendAsync("POST", "/auth/mfa/disable", Json(new { verification_code = codes[2] }), client.ByBearer)).IsAcgs(400, "VALIDATION_ERROR", "Invalid verification code");
        (await server.SendAsync("POST", "/auth/mfa/disable", Json(new { verification_code = (string)renewed.Json["backup_codes"]![0]! }), client.ByBearer)).Is(200, """{"message":"MFA disabled successfully"}""");
        Assert.Equal(200, (await client.SignInAsync()).Status);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/mfa/setup", "the sign-in is too long ago, 403")]
    public async Task A_second_factor_needs_a_fresh_sign_in()
    {
        var client = await AcgsClient.SignedInAsync(server);
        server.Server.Clock.Advance(TimeSpan.FromMinutes(11));

        (await server.SendAsync("POST", "/auth/mfa/setup", null, client.ByBearer)).IsAcgs(403, "AUTHORIZATION_ERROR", "Sign in again before you change how you sign in");
    }

    [Fact]
    [Contract("Acgs", "POST /auth/api-keys/", "a key, shown once; as X-API-Key it says who its owner is and does nothing else; revoked it is refused")]
    [Contract("Acgs", "GET /auth/api-keys/", "one's own keys, never the key itself")]
    [Contract("Acgs", "PUT /auth/api-keys/{id}", "nulls leave unchanged")]
    [Contract("Acgs", "GET /auth/api-keys/usage/statistics", "how many there are")]
    public async Task A_key_is_made_used_changed_and_revoked()
    {
        var client = await AcgsClient.SignedInAsync(server);

        var made = await server.SendAsync("POST", "/auth/api-keys/", Json(new { name = "robot", rate_limit_per_minute = 60, allowed_ips = (string[]?)null, expires_in_days = 30 }), client.ByCookie);
        var (id, key) = (made["id"]!, made["api_key"]!);
        made.Is(200, $$"""
            {"id":"{{id}}","name":"robot","api_key":"{{key}}","prefix":"{{key[..8]}}","scopes":["openid","profile","email"],"rate_limit_per_minute":60,"allowed_ips":[],"expires_at":"{{made["expires_at"]}}","created_at":"{{made["created_at"]}}"}
            """);

        Assert.Equal(client.UserName, (await server.SendAsync("GET", "/auth/me", null, ("X-API-Key", key)))["username"]);
        (await server.SendAsync("POST", "/auth/api-keys/", Json(new { name = "child" }), ("X-API-Key", key))).IsAcgs(403, "AUTHORIZATION_ERROR", "An API key cannot do this; sign in");
        (await server.SendAsync("POST", "/auth/api-keys/", Json(new { name = "x", scopes = new[] { "no_such_scope" } }), client.ByBearer)).StatusIs(400);

        (await server.SendAsync("PUT", "/auth/api-keys/" + id, Json(new { name = "robot 2", scopes = (string[]?)null, is_active = true }), client.ByBearer)).Is(200, """{"message":"API key updated successfully"}""");
        var listed = await server.SendAsync("GET", "/api/auth/api-keys", null, client.ByBearer);
        Assert.Equal("robot 2", (string)listed.Json[0]!["name"]!);
        Assert.True((bool)listed.Json[0]!["is_active"]!);
        Assert.DoesNotContain(key, listed.Body, StringComparison.Ordinal);

        var stranger = await AcgsClient.SignedInAsync(server);
        (await server.SendAsync("GET", "/auth/api-keys/" + id, null, stranger.ByBearer)).IsAcgs(404, "NOT_FOUND", "API key not found");
        (await server.SendAsync("POST", $"/auth/api-keys/{id}/revoke", null, stranger.ByBearer)).IsAcgs(404, "NOT_FOUND", "API key not found");

        (await server.SendAsync("POST", $"/auth/api-keys/{id}/revoke", null, client.ByBearer)).Is(200, """{"message":"API key revoked successfully"}""");
        (await server.SendAsync("GET", "/auth/me", null, ("X-API-Key", key))).IsAcgs(401, "AUTHENTICATION_ERROR", "Invalid API key");
        var statistics = await server.SendAsync("GET", "/auth/api-keys/usage/statistics", null, client.ByBearer);
        Assert.Equal((1, 0), ((int)statistics.Json["total_keys"]!, (int)statistics.Json["active_keys"]!));
    }

    [Fact]
    [Contract("Acgs", "GET /auth/oauth/providers", "their names and number")]
    [Contract("Acgs", "POST /auth/oauth/authorize", "an unknown provider, 400")]
    public async Task Providers_are_listed()
    {
        (await server.SendAsync("GET", "/auth/oauth/providers")).Is(200, """{"providers":[],"count":0}""");
        (await server.SendAsync("POST", "/auth/oauth/authorize", Json(new { provider = "github", redirect_uri = "https://a.example/" }))).IsAcgs(400, "VALIDATION_ERROR", "Unknown OAuth provider");
    }
}

internal static class WireAnswerStatus
{
    public static void StatusIs(this WireAnswer answer, int status) => Assert.True(status == answer.Status, $"{answer.Status}: {answer.Body}");
}
