using System.Net;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>What an update leaves out stays as it is, whatever it is: nothing of a policy is loosened by an older program that does not know a member.</summary>
[Spec("RFC 7396 §2"), Spec("ASVS 14.2.7")]
public sealed class ClientPatchTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Keys = """{"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":"one","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}""";

    /// <summary>For each member a value that is not its default, and another one. All first ones are good together, but for those that exclude each other.</summary>
    private static readonly Dictionary<string, (string Value, string Other)> Samples = new(StringComparer.Ordinal)
    {
        ["client_name"] = ("\"Full\"", "\"Other\""),
        ["client_uri"] = ("\"https://full.test\"", "\"https://full.test/2\""),
        ["logo_uri"] = ("\"https://full.test/logo\"", "null"),
        ["policy_uri"] = ("\"https://full.test/policy\"", "null"),
        ["tos_uri"] = ("\"https://full.test/tos\"", "null"),
        ["contacts"] = ("""["a@full.test"]""", "[]"),
        ["application_type"] = ("\"native\"", "\"web\""),
        ["redirect_uris"] = ("""["https://full.test/cb"]""", """["https://full.test/cb2"]"""),
        ["post_logout_redirect_uris"] = ("""["https://full.test/out"]""", "null"),
        ["grant_types"] = ("""["authorization_code","refresh_token","implicit"]""", """["authorization_code","implicit"]"""),
        ["response_types"] = ("""["code","id_token"]""", """["code"]"""),
        ["scope"] = ("\"openid notes\"", "\"openid\""),
        ["token_endpoint_auth_method"] = ("\"client_secret_post\"", "\"client_secret_basic\""),
        ["token_endpoint_auth_signing_alg"] = ("\"HS256\"", "null"),
        ["jwks"] = (Keys, """{"keys":[]}"""),
        ["jwks_uri"] = ("\"https://full.test/jwks\"", "\"https://full.test/jwks2\""),
        ["subject_type"] = ("\"pairwise\"", "\"public\""),
        ["sector_identifier_uri"] = ("\"https://full.test/sector\"", "null"),
        ["id_token_signed_response_alg"] = ("\"ES256\"", "null"),
        ["id_token_encrypted_response_alg"] = ("\"ECDH-ES\"", "\"RSA-OAEP-256\""),
        ["id_token_encrypted_response_enc"] = ("\"A256GCM\"", "null"),
        ["userinfo_signed_response_alg"] = ("\"ES256\"", "null"),
        ["userinfo_encrypted_response_alg"] = ("\"ECDH-ES\"", "\"RSA-OAEP-256\""),
        ["userinfo_encrypted_response_enc"] = ("\"A256GCM\"", "null"),
        ["default_max_age"] = ("60", "null"),
        ["require_auth_time"] = ("true", "false"),
        ["default_acr_values"] = ("""["urn:authserver:acr:mfa"]""", "null"),
        ["require_pushed_authorization_requests"] = ("true", "false"),
        ["require_pkce"] = ("false", "true"),
        ["consent_type"] = ("\"implicit\"", "null"),
        ["access_token_format"] = ("\"opaque\"", "null"),
        ["access_token_signed_response_alg"] = ("\"RS256\"", "null"),
        ["access_token_lifetime"] = ("77", "null"),
        ["refresh_token_lifetime"] = ("777", "null"),
        ["refresh_token_idle_lifetime"] = ("177", "null"),
        ["allowed_resources"] = ("""["https://api.test"]""", "[]"),
        ["branding"] = ("""{"accent_color":"#123456","corner_radius":3}""", """{"corner_radius":4}"""),
        ["directory_claims"] = ("""["roles"]""", """["roles","groups"]"""),
        ["user_claims_in_id_token"] = ("true", "false"),
        ["enabled"] = ("false", "true"),
    };

    /// <summary>A client of its own in each: two of them exclude each other, and the id and the mark of development cannot be changed.</summary>
    private static readonly string[] Apart = ["client_id", "development", "jwks_uri"];

    public static TheoryData<string> Members => [.. ClientJson.Members.Except(["client_id", "development"])];

    private async Task<(string Token, string Id, JsonObject Before)> FullAsync(string member)
    {
        var id = "full-" + Guid.NewGuid().ToString("N")[..10];
        var full = new JsonObject { ["client_id"] = id };
        foreach (var (name, sample) in Samples)
            if (!Apart.Contains(name)) full[name] = JsonNode.Parse(sample.Value);
        if (member == "jwks_uri")
        {
            full.Remove("jwks");
            full["jwks_uri"] = JsonNode.Parse(Samples["jwks_uri"].Value);
        }

        var token = await shared.Server.AdminTokenAsync(AdminRights.ClientsRead, AdminRights.ClientsWrite);
        var made = await shared.Server.AdminAsync(HttpMethod.Post, "/clients", token, full.ToJsonString());
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (token, id, await ReadAsync(token, id));
    }

    private async Task<JsonObject> ReadAsync(string token, string id)
    {
        var client = JsonNode.Parse(await (await shared.Server.AdminAsync(HttpMethod.Get, "/clients/" + id, token)).Content.ReadAsStringAsync())!.AsObject();
        client.Remove("version");
        client.Remove("updated_at");
        client.Remove("kind");
        return client;
    }

    [Fact]
    public async Task Each_member_of_a_client_is_looked_at_here()
    {
        Assert.Equal(ClientJson.Members.Except(["client_id", "development"]).Order(StringComparer.Ordinal), Samples.Keys.Order(StringComparer.Ordinal));
        var (_, _, full) = await FullAsync("jwks_uri");
        var plain = JsonNode.Parse(ClientJson.Write(new Client { ClientId = "plain" }))!.AsObject();
        Assert.All(Samples.Keys.Except(["jwks"]), name => Assert.False(JsonNode.DeepEquals(plain[name], full[name]), $"The sample of {name} is its default: a reset to that would not be seen."));
    }

    [Theory, MemberData(nameof(Members))]
    public async Task An_update_of_one_member_changes_that_one(string member)
    {
        var (token, id, before) = await FullAsync(member);

        var answer = await shared.Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, $$"""{"{{member}}":{{Samples[member].Other}}}""");

        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var after = await ReadAsync(token, id);
        Assert.False(JsonNode.DeepEquals(before[member], after[member]), "It did not change.");
        before.Remove(member);
        after.Remove(member);
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }

    [Fact]
    public async Task An_empty_update_changes_nothing()
    {
        var (token, id, before) = await FullAsync("");
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, "{}")).StatusCode);
        Assert.Equal(before.ToJsonString(), (await ReadAsync(token, id)).ToJsonString());
    }

    [Fact]
    public async Task Of_an_object_the_part_that_is_left_out_stays_but_a_key_set_is_replaced_whole()
    {
        var (token, id, _) = await FullAsync("");
        await shared.Server.AdminAsync(HttpMethod.Patch, "/clients/" + id, token, """{"branding":{"corner_radius":9},"jwks":{"keys":[]}}""");

        var after = await ReadAsync(token, id);
        Assert.Equal("""{"accent_color":"#123456","corner_radius":9}""", after["branding"]!.ToJsonString());
        Assert.Equal("""{"keys":[]}""", after["jwks"]!.ToJsonString());
    }

    [Theory]
    [InlineData("reserved", "true"), InlineData("advertised", "false"), InlineData("claims", """["a"]"""), InlineData("resources", """["https://r.test"]"""), InlineData("display_name", "\"D\""), InlineData("description", "\"X\"")]
    public async Task Of_a_scope_too(string member, string value)
    {
        var token = await shared.Server.AdminTokenAsync(AdminRights.ClientsRead, AdminRights.ClientsWrite);
        var name = "s-" + Guid.NewGuid().ToString("N")[..10];
        Assert.Equal(HttpStatusCode.Created, (await shared.Server.AdminAsync(HttpMethod.Post, "/scopes", token, $$"""{"name":"{{name}}","{{member}}":{{value}}}""")).StatusCode);
        var other = member == "description" ? "display_name" : "description";
        await shared.Server.AdminAsync(HttpMethod.Patch, "/scopes/" + name, token, $$"""{"{{other}}":"changed"}""");

        var after = JsonNode.Parse(await (await shared.Server.AdminAsync(HttpMethod.Get, "/scopes/" + name, token)).Content.ReadAsStringAsync())!;
        Assert.Equal(("changed", JsonNode.Parse(value)!.ToJsonString()), (after[other]!.GetValue<string>(), after[member]!.ToJsonString()));
    }
}
