using System.Net;
using System.Text.Json;
using AuthServer.Engine.Clients;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

/// <summary><c>export</c>, <c>diff</c> and <c>apply</c>.</summary>
public abstract class ConfigurationTests(ImportedServer shared)
{
    public sealed class OnSqlite(ImportedServer.OnSqlite shared) : ConfigurationTests(shared), IClassFixture<ImportedServer.OnSqlite>;

    public sealed class OnPostgreSql(ImportedServer.OnPostgreSql shared) : ConfigurationTests(shared), IClassFixture<ImportedServer.OnPostgreSql>;

    private static int Number(JsonElement report, string member) => report.GetProperty(member).GetInt32();

    private static string Yaml(string n, string clerkRights = "users:read", string description = "first") => $"""
        version: 1
        rights:
          - name: {n}:read
            description: "Read: everything"
        roles:
          - name: {n}-clerk
            description: {description}
            rights: ["{n}:read", {clerkRights}]
        organizations:
          - name: {n} Ltd
            identity_provider: [{n}.example]
        groups: []
        """.Replace($"[{n}.example]", "{ domain: \"no\", port: 8, on: true }", StringComparison.Ordinal).Replace("groups: []", $$"""
        groups:
          - { name: {{n}}-sales, organization: {{n.ToUpperInvariant()}} LTD, roles: [{{n}}-CLERK] }
        scopes:
          - name: {{n}}
            resources: ["https://{{n}}.example"]
        clients:
          - client_id: {{n}}
            grant_types: [client_credentials]
            response_types: []
            scope: {{n}}
        """, StringComparison.Ordinal);

    [Fact]
    public async Task What_a_file_says_is_created_once_and_what_changes_in_it_is_changed()
    {
        var n = ImportedServer.Unique("c");
        var file = shared.FileWith(Yaml(n), ".yaml");

        var diff = await shared.RunAsync("diff", file, "--json");
        Assert.Equal((1, 6), (diff.Code, Number(Cli.Answer.Parse(diff.Out), "created")));
        Assert.Empty((await shared.GetAsync("/roles?search=" + n)).GetProperty("items").EnumerateArray());

        var first = (await shared.RunAsync("apply", file, "--json")).Json();
        Assert.Equal((6, 0, 0), (Number(first, "created"), Number(first, "changed"), Number(first, "refused")));
        var secret = first.GetProperty("changes").EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "client").GetProperty("client_secret").GetString()!;
        await shared.Server.Services.GetRequiredService<ClientRegistry>().ReloadIfChangedAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.TokenAsync([("grant_type", "client_credentials")], (n, secret))).StatusCode);
        var role = (await shared.GetAsync("/roles?search=" + n)).GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal([$"{n}:read", "users:read"], (await shared.GetAsync($"/rights?role_id={role}")).GetProperty("items").EnumerateArray().Select(static r => r.GetProperty("name").GetString()!));

        var again = (await shared.RunAsync("apply", file, "--json")).Json();
        Assert.Equal((0, 0, 6), (Number(again, "created"), Number(again, "changed"), Number(again, "left")));

        var changed = shared.FileWith(Yaml(n, "sessions:read", "second"), ".yaml");
        var report = (await shared.RunAsync("apply", changed, "--json")).Json();
        Assert.Equal((0, 1, 5), (Number(report, "created"), Number(report, "changed"), Number(report, "left")));
        Assert.Equal(["description", "rights"], report.GetProperty("changes")[0].GetProperty("members").EnumerateArray().Select(static m => m.GetProperty("name").GetString()!));
        Assert.Equal([$"{n}:read", "sessions:read"], (await shared.GetAsync($"/rights?role_id={role}")).GetProperty("items").EnumerateArray().Select(static r => r.GetProperty("name").GetString()!));
        Assert.Equal(0, (await shared.RunAsync("diff", changed)).Code);

        var trail = (await shared.GetAsync("/audit?kind=configuration_applied&limit=50")).GetProperty("items").EnumerateArray().Select(static e => e.GetProperty("detail").GetString());
        Assert.Contains($"0 created, 1 changed from {Path.GetFileName(changed)}", trail);
    }

    [Fact]
    public async Task An_export_holds_no_secret_and_applies_to_the_same_in_both_formats()
    {
        var n = ImportedServer.Unique("e");
        var secret = Cli.Answer.Parse((await shared.RunAsync("apply", shared.FileWith(Yaml(n), ".yaml"), "--json")).Out).GetProperty("changes").EnumerateArray().Last().GetProperty("client_secret").GetString()!;
        foreach (var extension in new[] { ".yaml", ".json" })
        {
            var file = shared.FileWith("", extension);
            Assert.Equal(0, (await shared.RunAsync("export", file)).Code);
            var text = await File.ReadAllTextAsync(file);
            Assert.Contains(n + "-clerk", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secrets", text, StringComparison.Ordinal);
            Assert.DoesNotContain("pbkdf2", text, StringComparison.Ordinal);
            Assert.DoesNotContain("sha256$", text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            var diff = await shared.RunAsync("diff", file, "--json");
            Assert.True(diff.Code == 0, diff.Out + diff.Error);
            Assert.Equal(0, Number(diff.Json(), "only_here"));
        }
    }

    [Theory]
    [InlineData("version: 2\n", "version must be 1")]
    [InlineData("version: 1\nrolls: []\n", "There is no member rolls")]
    [InlineData("version: 1\nroles: {}\n", "roles must be a list")]
    [InlineData("version: 1\nroles: [ { nam: x } ]\n", "roles[0] must be an object with a name")]
    [InlineData("version: 1\nroles: [ { name: x, color: red } ]\n", "there is no member color")]
    [InlineData("version: 1\nroles: [ { name: x }, { name: X } ]\n", "X is there twice")]
    [InlineData("version: 1\nroles: [ { name: x, rights: y } ]\n", "rights must be a list of names")]
    [InlineData("- a\n", "must be one object")]
    [InlineData("a: [\n", "not YAML")]
    public async Task A_file_that_is_not_good_is_refused_whole(string yaml, string reason)
    {
        var answer = await shared.RunAsync("apply", shared.FileWith(yaml, ".yml"));
        Assert.Equal(1, answer.Code);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_named_and_the_rest_is_done()
    {
        var n = ImportedServer.Unique("r");
        var answer = await shared.RunAsync("apply", shared.FileWith($$"""
            version: 1
            roles: [ { name: {{n}}, rights: ["{{n}}:unknown"] }, { name: {{n}}-good } ]
            clients: [ { client_id: {{n}}, redirect_uris: ["http://plain.example/cb"] } ]
            """, ".yaml"), "--json");
        var report = Cli.Answer.Parse(answer.Out);
        Assert.Equal((1, 1, 2), (answer.Code, Number(report, "created"), Number(report, "refused")));
        Assert.Contains($"There is no right {n}:unknown", answer.Out, StringComparison.Ordinal);
    }
}
