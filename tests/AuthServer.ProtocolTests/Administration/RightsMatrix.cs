using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;
using static AuthServer.ProtocolTests.Administration.AdministeredServer;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>Every operation that the document of a running server names, by everybody who could send it: who may is what the document says, and nobody else may.</summary>
[Spec("ASVS 8.2.1"), Spec("ASVS 8.2.2")]
public sealed class RightsMatrix(RightsMatrix.Fixture shared) : IClassFixture<RightsMatrix.Fixture>
{
    public sealed class Fixture : AdministeredServer
    {
        /// <summary>Each asks for everything there is, and more than once.</summary>
        protected override TestServerSettings Settings => new() { Settings = { ["RateLimits:AdministrationRequestsPerHour"] = "1000000" } };
    }

    /// <summary>Somebody with a credential.</summary>
    /// <param name="Rights">What it lets them do; null: they are nobody here.</param>
    private sealed record Sender(string Name, string? Token, IReadOnlyCollection<string>? Rights)
    {
        public bool May(string right) => Rights is not null && (Rights.Contains(right) || (Rights.Contains(AdminRights.Read) && right.EndsWith(":read", StringComparison.Ordinal)));
    }

    private static readonly string[] Every = [.. AdminRights.All.Select(static r => r.Name)];

    private TestServer Server => shared.Server;

    [Fact]
    public async Task Each_operation_is_open_to_those_with_its_right_and_closed_to_everybody_else()
    {
        var routes = await AdminRoutes.OfDocumentAsync(Server);
        Assert.True(routes.Count > 50, $"Only {routes.Count} operations were found.");
        var faults = new List<string>();
        foreach (var sender in await SendersAsync())
        {
            foreach (var route in routes)
            {
                var answer = await SendAsync(route, route.At(static _ => Guid.NewGuid().ToString()), sender.Token, asJson: false);
                var expected = sender.Rights is null ? "401" : sender.May(route.Right) ? "open" : "403";
                var actual = (int)answer.StatusCode switch { 401 => "401", 403 => "403", >= 500 => $"{(int)answer.StatusCode}", _ => "open" };
                if (expected != actual) faults.Add($"{route} by {sender.Name}: {actual} instead of {expected}");
                else if (expected == "403" && (await ProblemAsync(answer)).Type != "insufficient-scope") faults.Add($"{route} by {sender.Name}: refused for another reason");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task What_does_not_exist_is_absent_for_whoever_may_see_everything()
    {
        var faults = new List<string>();
        foreach (var route in (await AdminRoutes.OfDocumentAsync(Server)).Where(static r => r.Parameters.Length > 0))
        {
            var answer = await SendAsync(route, route.At(static _ => Guid.NewGuid().ToString()), shared.Token, asJson: true);
            if (answer.StatusCode != HttpStatusCode.NotFound) faults.Add($"{route}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>An operation that is added later to people, groups or roles is found here by itself: what it takes to reach stronger ones is the same for all.</summary>
    [Theory, InlineData("/users/{id}"), InlineData("/groups/{id}"), InlineData("/roles/{id}")]
    public async Task No_operation_touches_what_is_stronger_than_who_asks(string under)
    {
        var role = await shared.NewAsync("/roles", $$"""{"name":"{{Unique("strong")}}"}""");
        var keys = (await shared.GetAsync("/rights?search=keys:write")).GetProperty("items").EnumerateArray().Single(static r => r.GetProperty("name").GetString() == AdminRights.KeysWrite).GetProperty("id").GetString();
        await shared.PutAsync($"/roles/{role}/rights/{keys}");
        var group = await shared.NewAsync("/groups", $$"""{"name":"{{Unique("strong")}}"}""");
        await shared.PutAsync($"/groups/{group}/roles/{role}");
        var person = await shared.NewAsync("/users", $$"""{"user_name":"{{Unique("strong")}}"}""");
        await shared.PutAsync($"/groups/{group}/members/{person}");
        var (strong, weak) = (under switch { "/users/{id}" => person, "/groups/{id}" => group, _ => role }, await WeakAsync());
        var token = await Server.AdminTokenAsync([.. Every.Where(static r => r != AdminRights.KeysWrite)]);

        var routes = (await AdminRoutes.OfDocumentAsync(Server)).Where(r => r.IsWrite && r.Short.StartsWith(under, StringComparison.Ordinal)).ToList();
        Assert.True(routes.Count >= 4);
        var faults = new List<string>();
        foreach (var route in routes)
        {
            var answer = await SendAsync(route, route.At(name => name == "id" ? strong : weak.GetValueOrDefault(name, Guid.NewGuid().ToString())), token, asJson: true);
            if (answer.StatusCode != HttpStatusCode.Forbidden || !(await ProblemAsync(answer)).Errors.SequenceEqual([":more_than_yours"])) faults.Add($"{route}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(strong, (await shared.GetAsync(under.Replace("{id}", strong, StringComparison.Ordinal))).GetProperty("id").GetString());
    }

    private async Task<Dictionary<string, string>> WeakAsync() => new(StringComparer.Ordinal)
    {
        ["userId"] = await shared.NewAsync("/users", $$"""{"user_name":"{{Unique("weak")}}"}"""),
        ["roleId"] = await shared.NewAsync("/roles", $$"""{"name":"{{Unique("weak")}}"}"""),
        ["rightId"] = await shared.NewAsync("/rights", $$"""{"name":"{{Unique("weak")}}"}"""),
    };

    private async Task<List<Sender>> SendersAsync()
    {
        var chief = await Server.AddAdministratorAsync(Unique("chief"));
        var disabled = await Server.AddAdministratorAsync(Unique("disabled"));
        var console = SharedServer.Web(Unique("console")) with { Scope = Engine.Protocol.ScopeSet.From([.. Every, "notes"]), AllowedResources = [SharedServer.Api] };
        await Server.AddClientAsync(console, SharedServer.Secret);
        List<Sender> senders =
        [
            new("nobody", null, null), new("a made-up token", "eyJhbGciOiJub25lIn0.e30.", null),
            new("a token for another API", (await Server.SignInAsync(console.ClientId, SharedServer.Secret, SharedServer.Callback, chief, "notes")).AccessToken, null),
            new("an administrator", await Server.AdminTokenAsync(chief), Every), new("an administrator who gave one scope", await Server.AdminTokenAsync(chief, AdminRights.AuditRead), [AdminRights.AuditRead]),
            new("a disabled administrator", await Server.AdminTokenAsync(disabled), null), new("a person with every scope and no right", await Server.AdminTokenAsync(await Server.AddUserAsync(Unique("plain"))), []),
            new("a client with everything", shared.Token, Every),
        ];
        Assert.Equal(HttpStatusCode.OK, (await Server.AdminAsync(HttpMethod.Post, $"/users/{disabled.Id}/disable", await Server.AdminTokenAsync(chief))).StatusCode);
        foreach (var right in Every) senders.Add(new("a client with " + right, await Server.AdminTokenAsync(right), [right]));
        foreach (var right in (string[])[AdminRights.Read, AdminRights.UsersWrite, AdminRights.RolesWrite]) senders.Add(new("a person with " + right, await PersonAsync(right), [right]));
        return senders;
    }

    /// <summary>Has the right by a role, and a token with every scope.</summary>
    private async Task<string> PersonAsync(string right)
    {
        var user = await Server.AddUserAsync(Unique("holder"));
        var role = await shared.NewAsync("/roles", $$"""{"name":"{{Unique("holds")}}"}""");
        var id = (await shared.GetAsync("/rights?search=" + right)).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("name").GetString() == right).GetProperty("id").GetString();
        await shared.PutAsync($"/roles/{role}/rights/{id}");
        await shared.PutAsync($"/roles/{role}/users/{user.Id}");
        return await Server.AdminTokenAsync(user);
    }

    /// <param name="asJson">With the document's own example as the body; otherwise with one that changes nothing, because it is no JSON.</param>
    private Task<HttpResponseMessage> SendAsync(AdminRoute route, string path, string? token, bool asJson)
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), TestAdmin.Api + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (route.HasBody) request.Content = asJson ? new StringContent(Example(route), Encoding.UTF8, "application/json") : new StringContent("nothing", Encoding.UTF8, "text/plain");
        return Server.Http.SendAsync(request);
    }

    private static string Example(AdminRoute route) =>
        route.Operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").TryGetProperty("example", out JsonElement example) ? example.GetRawText() : "{}";
}
