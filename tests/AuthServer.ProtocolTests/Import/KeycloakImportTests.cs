using System.Net;
using System.Text.Json;
using AuthServer.Engine.Clients;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

/// <summary><c>import keycloak</c>.</summary>
public abstract class KeycloakImportTests(ImportedServer shared)
{
    public sealed class OnSqlite(ImportedServer.OnSqlite shared) : KeycloakImportTests(shared), IClassFixture<ImportedServer.OnSqlite>;

    public sealed class OnPostgreSql(ImportedServer.OnPostgreSql shared) : KeycloakImportTests(shared), IClassFixture<ImportedServer.OnPostgreSql>;

    [Fact]
    public async Task Users_sign_in_clients_keep_their_secrets_and_what_cannot_be_taken_over_is_said()
    {
        var n = ImportedServer.Unique("k");
        var id = Guid.NewGuid().ToString();
        var known = KnownAnswers.Read("keycloak").Where(static k => k.Password.StartsWith("correct", StringComparison.Ordinal)).ToList();
        var users = string.Join(',', known.Select((k, i) => $$"""
            {"username":"{{n}}{{i}}","email":"{{n}}{{i}}@example.com","emailVerified":true,"enabled":true,"firstName":"A","lastName":"B{{i}}","createdTimestamp":1600000000000,
             {{(i == 0 ? $"\"id\":\"{id}\"," : "")}}"credentials":[{"type":"otp","secretData":"{}","credentialData":"{}"},{{k.Hash}}],"realmRoles":["default-roles-x","{{n}}-boss"],"clientRoles":{"{{n}}-web":["editor"],"account":["view"]},"groups":["/{{n}}/emea"]}
            """));
        var file = shared.FileWith($$"""
            {"realm":"x",
             "roles":{"realm":[{"name":"{{n}}-boss","description":"The boss"},{"name":"offline_access"}],"client":{"{{n}}-web":[{"name":"editor","composite":true}],"account":[{"name":"view"}]} },
             "groups":[{"name":"{{n}}","realmRoles":["{{n}}-boss"],"subGroups":[{"name":"emea"}]}],
             "clients":[
               {"clientId":"account"},
               {"clientId":"{{n}}-web","name":"Web","secret":"the old secret of web","rootUrl":"https://app.example","redirectUris":["/cb","https://app.example/*"],"serviceAccountsEnabled":true,"directAccessGrantsEnabled":true,"consentRequired":true,
                "attributes":{"pkce.code.challenge.method":"S256","post.logout.redirect.uris":"https://app.example/out##https://app.example/*","access.token.lifespan":"120"},"defaultClientScopes":["web-origins","profile","email","users:write"]},
               {"clientId":"{{n}}-spa","publicClient":true,"redirectUris":["https://spa.example/cb"]},
               {"clientId":"{{n}}-masked","secret":"**********","redirectUris":["https://m.example/cb"]},
               {"clientId":"{{n}}-api","bearerOnly":true},
               {"clientId":"{{n}}-saml","protocol":"saml"}],
             "users":[{{users}},{"username":"service-account-x","serviceAccountClientId":"{{n}}-web"}]}
            """, ".json");

        var dry = Cli.Answer.Parse((await shared.RunAsync("import", "keycloak", file, "--dry-run", "--json")).Out);
        Assert.Equal(known.Count, dry.GetProperty("people").GetProperty("added").GetInt32());
        Assert.Null(await shared.PersonAsync(n + "0"));

        var answer = await shared.RunAsync("import", "keycloak", file, "--json");
        Assert.True(answer is { Code: 1, Error: "" }, answer.Error);
        var report = Cli.Answer.Parse(answer.Out);
        Assert.DoesNotContain("the old secret", answer.Out, StringComparison.Ordinal);
        var entries = report.GetProperty("entries").EnumerateArray().ToDictionary(static e => e.GetProperty("kind").GetString() + " " + e.GetProperty("name").GetString(),
            static e => e.GetProperty("act").GetString() + ": " + string.Join(" | ", e.GetProperty("notes").EnumerateArray().Select(static i => i.GetString())));
        Assert.Equal([$"client {n}-api", $"client {n}-masked", $"client {n}-saml", $"client {n}-spa", $"client {n}-web", $"group {n}", $"group {n}/emea", $"role {n}-boss", $"role {n}-web/editor"], entries.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("refused: it is bearer-only", entries[$"client {n}-api"], StringComparison.Ordinal);
        Assert.StartsWith("refused: it speaks saml", entries[$"client {n}-saml"], StringComparison.Ordinal);
        Assert.Contains("does not show its secret", entries[$"client {n}-masked"], StringComparison.Ordinal);
        foreach (var note in new[] { "redirect URI https://app.example/* is a pattern", "password grant", "the scope users:write would open this server" }) Assert.Contains(note, entries[$"client {n}-web"], StringComparison.Ordinal);

        for (var i = 0; i < known.Count; i++) Assert.True(await shared.CanSignInAsync(n + i, known[i].Password), known[i].Hash);
        Assert.False(await shared.CanSignInAsync(n + "0", known[0].Password + "x"));
        Assert.Equal(id, (await shared.PersonAsync(n + "0"))!.Value.GetProperty("id").GetString());
        var effective = (await shared.GetAsync($"/users/{id}/directory")).GetProperty("effective");
        Assert.Equal(([$"{n}-boss", $"{n}-web/editor"], [$"{n}/emea"]), (Texts(effective, "roles"), Texts(effective, "groups")), Comparer);

        var web = await shared.GetAsync($"/clients/{n}-web");
        Assert.Equal(["https://app.example/cb"], Texts(web, "redirect_uris"));
        Assert.Equal(["https://app.example/out"], Texts(web, "post_logout_redirect_uris"));
        Assert.Equal(("openid profile email", "explicit", 120, true), (web.GetProperty("scope").GetString(), web.GetProperty("consent_type").GetString(), web.GetProperty("access_token_lifetime").GetInt32(), web.GetProperty("require_pkce").GetBoolean()));
        await shared.Server.Services.GetRequiredService<ClientRegistry>().ReloadIfChangedAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.TokenAsync([("grant_type", "client_credentials")], ($"{n}-web", "the old secret of web"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Server.TokenAsync([("grant_type", "client_credentials")], ($"{n}-web", "another secret"))).StatusCode);

        var again = Cli.Answer.Parse((await shared.RunAsync("import", "keycloak", file, "--json")).Out);
        Assert.DoesNotContain(again.GetProperty("entries").EnumerateArray(), static e => e.GetProperty("act").GetString() == "added");
        Assert.Equal((0, known.Count), (again.GetProperty("people").GetProperty("added").GetInt32(), again.GetProperty("people").GetProperty("skipped").GetInt32()));
    }

    private static string[] Texts(JsonElement element, string member) => [.. element.GetProperty(member).EnumerateArray().Select(static i => i.GetString()!)];

    private static readonly IEqualityComparer<(string[], string[])> Comparer = EqualityComparer<(string[], string[])>.Create(static (x, y) => x.Item1.SequenceEqual(y.Item1) && x.Item2.SequenceEqual(y.Item2), static x => x.Item1.Length);
}
