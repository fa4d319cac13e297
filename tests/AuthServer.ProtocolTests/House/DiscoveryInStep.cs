using System.Reflection;
using System.Text.Json;
using AuthServer.Endpoints;
using AuthServer.Hosting;
using AuthServer.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>Discovery says what is there: nothing is left out, nothing is made up.</summary>
[Spec("OIDC Discovery §3"), Spec("RFC 8414 §2")]
public sealed class DiscoveryInStep(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string[] Leaves =
    [
        "IAdminResource ApiKeysResource -",
        "IAdminResource AuditResource -",
        "IAdminResource ClientsResource -",
        "IAdminResource GroupsResource -",
        "IAdminResource KeysResource -",
        "IAdminResource OrganizationsResource -",
        "IAdminResource RightsResource -",
        "IAdminResource RolesResource -",
        "IAdminResource ScopesResource -",
        "IAdminResource SessionsResource -",
        "IAdminResource UsersResource -",
        "IClientAuthenticationMethod ClientSecretBasic client_secret_basic",
        "IClientAuthenticationMethod ClientSecretJwt client_secret_jwt",
        "IClientAuthenticationMethod ClientSecretPost client_secret_post",
        "IClientAuthenticationMethod None none",
        "IClientAuthenticationMethod PrivateKeyJwt private_key_jwt",
        "IDialect AcgsDialect -",
        "IDialect ChatDialect -",
        "IDialect KamiwazaDialect -",
        "IDialect RagModuloDialect -",
        "IDialect SamuraiDialect -",
        "IResponseMode FormPost form_post",
        "IResponseMode Fragment fragment",
        "IResponseMode Query query",
        "ITokenGrant AuthorizationCodeGrant authorization_code",
        "ITokenGrant ClientCredentialsGrant client_credentials",
        "ITokenGrant DeviceCodeGrant urn:ietf:params:oauth:grant-type:device_code",
        "ITokenGrant RefreshTokenGrant refresh_token",
    ];

    private static string[] Named(string kind) => [.. Leaves.Select(l => l.Split(' ')).Where(l => l[0] == kind).Select(l => l[2]).Order(StringComparer.Ordinal)];

    private async Task<JsonElement> DocumentAsync() => await TestServer.JsonAsync(await shared.Server.GetAsync("/.well-known/openid-configuration"));

    private async Task<string[]> ListedPathsAsync() =>
    [
        .. (await DocumentAsync()).EnumerateObject().Where(m => m.Name.EndsWith("_endpoint", StringComparison.Ordinal) || m.Name == "jwks_uri")
            .Select(m => m.Value.GetString()!).Select(url => url.StartsWith(shared.Server.Issuer, StringComparison.Ordinal) ? url[shared.Server.Issuer.Length..] : url).Order(StringComparer.Ordinal),
    ];

    private static string[] Values(JsonElement document, string name) => [.. document.GetProperty(name).EnumerateArray().Select(v => v.GetString()!).Order(StringComparer.Ordinal)];

    [Fact]
    public void What_is_found_at_start_is_what_this_list_says() =>
        Assert.Equal(Leaves.Select(l => string.Join(' ', l.Split(' ')[..2])), LeafDiscovery.Find().Select(f => $"{f.Kind.Name} {f.Leaf.Name}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Grants_methods_and_modes_are_those_that_were_found()
    {
        var document = await DocumentAsync();
        Assert.Equal([.. Named("ITokenGrant").Append("implicit").Order(StringComparer.Ordinal)], Values(document, "grant_types_supported"));
        Assert.Equal(Named("IResponseMode"), Values(document, "response_modes_supported"));
        Assert.Equal(Named("IClientAuthenticationMethod"), Values(document, "token_endpoint_auth_methods_supported"));
        Assert.Equal(Named("IClientAuthenticationMethod"), Values(document, "revocation_endpoint_auth_methods_supported"));
        Assert.Equal(Named("IClientAuthenticationMethod").Except(["none"]), Values(document, "introspection_endpoint_auth_methods_supported"));
    }

    [Fact]
    public async Task Each_folder_of_endpoints_is_one_listed_endpoint()
    {
        var prefix = typeof(ProtocolEndpoints).Namespace + ".";
        var types = typeof(ProtocolEndpoints).Assembly.GetTypes();
        var folders = types.Where(t => t.Namespace?.StartsWith(prefix, StringComparison.Ordinal) == true).Select(t => t.Namespace![prefix.Length..].Split('.')[0]).Distinct().Except(["Discovery"]).ToArray();
        var paths = folders.Select(folder =>
        {
            var endpoint = Assert.Single(types, t => t.Namespace == prefix + folder && t.Name == folder + "Endpoint");
            return (string)endpoint.GetField("Path", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        });
        Assert.Equal(await ListedPathsAsync(), paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_protocol_route_is_listed_and_each_listed_one_is_there()
    {
        var mapped = shared.Server.Services.GetServices<EndpointDataSource>().Concat([shared.Server.Services.GetRequiredService<EndpointDataSource>()]).SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Where(p => p.StartsWith("/connect/", StringComparison.Ordinal) || p.StartsWith("/.well-known/", StringComparison.Ordinal)).Distinct();
        string[] notListed = ["/connect/authorize/continue", "/.well-known/openid-configuration", "/.well-known/openid_configuration", "/.well-known/oauth-authorization-server"];
        Assert.Equal([.. (await ListedPathsAsync()).Concat(notListed).Order(StringComparer.Ordinal)], mapped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Both_names_of_the_document_give_the_same()
    {
        var openId = await shared.Server.Http.GetByteArrayAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative));
        Assert.Equal(openId, await shared.Server.Http.GetByteArrayAsync(new Uri("/.well-known/oauth-authorization-server", UriKind.Relative)));
    }

    [Fact]
    public async Task Scopes_are_listed_unless_they_are_kept_quiet()
    {
        var scopes = Values(await DocumentAsync(), "scopes_supported");
        Assert.Contains("notes", scopes);
        Assert.DoesNotContain("secret-things", scopes);
    }
}
