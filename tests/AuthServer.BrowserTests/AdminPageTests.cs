using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Directory;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>The pages of the administration, on a server with something on every one of them.</summary>
[Collection(Chromium.Name)]
public sealed class AdminPageTests(ChromiumFixture chromium, AdminPageTests.Deployment deployment) : IClassFixture<AdminPageTests.Deployment>
{
    /// <summary>A server of its own: what is listed here is what these tests made.</summary>
    public sealed class Deployment : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public TestUser Boss { get; private set; } = null!;

        public TestUser Somebody { get; private set; } = null!;

        /// <summary>Every page there is, with the ids of what was made.</summary>
        public List<string> Paths { get; } = ["/admin", "/admin?hours=720", "/admin/users", "/admin/users?search=nobody-like-this", "/admin/users/new", "/admin/clients", "/admin/clients/new", "/admin/scopes", "/admin/scopes/new", "/admin/scopes/articles", "/admin/scopes/articles?delete", "/admin/sessions", "/admin/audit", "/admin/audit?address=192.0.2.99", "/admin/keys", "/admin/keys/rotate", "/admin/api-keys"];

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync(new TestServerSettings { Kestrel = true });
            Boss = await Server.AddAdministratorAsync("boss");
            Somebody = await Server.AddUserAsync("bob", """{"name":"Bob Bobson with a name that is rather too long for the column in which it stands"}""");
            await Server.AddUserAsync("carol");
            var ct = CancellationToken.None;
            var actor = Actors.CommandLine;
            var services = Server.Services;
            await using var scope = services.CreateAsyncScope();
            var directory = scope.ServiceProvider.GetRequiredService<DirectoryAdministration>();
            var memberships = scope.ServiceProvider.GetRequiredService<Memberships>();
            var role = await GetAsync(directory.CreateRoleAsync(actor, new RoleForm { Name = "editor", Description = "Writes notes", RequiresSecondFactor = false }, ct));
            var right = await GetAsync(directory.CreateRightAsync(actor, new RightForm { Name = "notes:write" }, ct));
            var group = await GetAsync(directory.CreateGroupAsync(actor, new GroupForm { Name = "newsroom" }, ct));
            var organization = await GetAsync(directory.CreateOrganizationAsync(actor, new OrganizationForm { Name = "acme", DisplayName = "Acme Corporation" }, ct));
            await GetAsync(memberships.LinkAsync(actor, DirectoryLink.RoleRight, role.Id, right.Id, ct));
            await GetAsync(memberships.LinkAsync(actor, DirectoryLink.GroupRole, group.Id, role.Id, ct));
            await GetAsync(memberships.LinkAsync(actor, DirectoryLink.UserGroup, Somebody.Id, group.Id, ct));
            await GetAsync(memberships.LinkAsync(actor, DirectoryLink.UserRole, Somebody.Id, role.Id, ct));
            await GetAsync(memberships.SetOrganizationAsync(actor, Somebody.Id, organization.Id, ct));
            await GetAsync(scope.ServiceProvider.GetRequiredService<ScopeAdministration>().CreateAsync(actor, JsonSerializer.SerializeToElement(new { name = "articles", display_name = "Read your notes", resources = new[] { "https://notes.example/api" } }), ct));
            var clients = scope.ServiceProvider.GetRequiredService<ClientAdministration>();
            await GetAsync(clients.CreateAsync(actor, JsonSerializer.SerializeToElement(new { kind = "web", client_id = "notes-web", client_name = "Notes", redirect_uris = new[] { "https://notes.example/callback" } }), ct));
            await GetAsync(clients.CreateAsync(actor, JsonSerializer.SerializeToElement(new { kind = "service", client_id = "worker", client_name = "Night worker", scope = "articles" }), ct));
            await GetAsync(scope.ServiceProvider.GetRequiredService<ApiKeyAdministration>().CreateAsync(actor, new ApiKeyForm { Kind = ApiKeyKind.Machine, UserId = Somebody.Id, Name = "build server", Scopes = ["profile"] }, ct));
            foreach (var (kind, id) in new[] { ("roles", role.Id), ("rights", right.Id), ("groups", group.Id), ("organizations", organization.Id) }) Paths.AddRange([$"/admin/{kind}", $"/admin/{kind}/new", $"/admin/{kind}/{id}", $"/admin/{kind}/{id}/delete"]);
            Paths.AddRange(["/admin/users/" + Somebody.Id, "/admin/users/" + Somebody.Id + "/password", "/admin/users/" + Somebody.Id + "/delete", "/admin/users?role=" + role.Id]);
            Paths.AddRange(["/admin/clients/notes-web", "/admin/clients/worker", "/admin/clients/notes-web/secret", "/admin/clients/notes-web/metadata", "/admin/clients/notes-web/delete"]);
            Paths.AddRange(ClientKinds.All.Select(static k => "/admin/clients/new?kind=" + k));
            foreach (var kind in Enum.GetValues<AuditKind>()) services.GetRequiredService<IAuditTrail>().Record(new AuditEvent(kind, "notes-web", Somebody.Id, Address: "203.0.113.7", Detail: "for the list", Actor: "user:" + Boss.Id));
            await services.GetRequiredService<AuditTrail>().FlushAsync(ct);
        }

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();

        private static async Task<T> GetAsync<T>(Task<Outcome<T>> task) where T : class => (await task).TryGet(out var value, out var refusal) ? value : throw new InvalidOperationException(string.Join(' ', refusal.Objections));
    }

    private async Task<IPage> SignedInAsync(TestUser user, string path, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = deployment.Server.Issuer;
        var context = await chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync(path == "/admin" ? "**/admin" : "**" + path);
        return page;
    }

    [Theory]
    [InlineData(ColorScheme.Light, 320), InlineData(ColorScheme.Dark, 320), InlineData(ColorScheme.Light, 1280), InlineData(ColorScheme.Dark, 1280)]
    public async Task Every_page_is_accessible_and_fits_its_window(ColorScheme scheme, int width)
    {
        var page = await SignedInAsync(deployment.Boss, "/admin", new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        var faults = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error") faults.Add(page.Url + ": " + message.Text);
        };

        foreach (var path in deployment.Paths)
        {
            var response = await page.GotoAsync(path);
            Assert.True(response!.Status == 200, $"{path}: {response.Status}");
            Assert.InRange((await response.BodyAsync()).Length, 1_000, 80_000);
            await page.AssertNoViolationsAsync();
            Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than its window");
            Assert.Equal(1, await page.Locator(".side [aria-current]").CountAsync());
            Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].every(i => parseFloat(getComputedStyle(i).fontSize) >= 16)"), page.Url + " makes phones zoom in");
        }

        Assert.Empty(faults);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_list_is_searched_while_the_name_is_typed_and_the_address_keeps_the_search()
    {
        var page = await SignedInAsync(deployment.Boss, "/admin/users");
        await Assertions.Expect(page.Locator("#results tbody tr")).ToHaveCountAsync(3);

        await page.GetByLabel("Search by name, e-mail address or external ID").PressSequentiallyAsync("bob");
        await Assertions.Expect(page.Locator("#results tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("\\?search=bob$"));

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#results tbody tr")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_a_list_is_searched_by_its_button()
    {
        var page = await SignedInAsync(deployment.Boss, "/admin/users", new() { JavaScriptEnabled = false });

        await page.GetByLabel("Search by name, e-mail address or external ID").FillAsync("carol");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Assertions.Expect(page.Locator("#results tbody tr")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_form_that_is_refused_keeps_what_was_typed_and_marks_the_field()
    {
        var page = await SignedInAsync(deployment.Boss, "/admin/roles/new");

        await page.GetByLabel("Name").FillAsync("Editor");
        await page.GetByLabel("Description").FillAsync("Another of the same name");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Assertions.Expect(page.Locator("#name-fault")).ToHaveTextAsync("This name is taken.");
        Assert.Equal("Another of the same name", await page.GetByLabel("Description").InputValueAsync());
        await page.AssertNoViolationsAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    [Spec("ASVS 8.2.1")]
    public async Task Somebody_without_a_right_is_told_so_and_sees_nothing()
    {
        var page = await SignedInAsync(await deployment.Server.AddUserAsync("dave"), "/admin/users");

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You may not see this page");
        Assert.Equal(0, await page.GetByText("bob").CountAsync());
        foreach (var path in deployment.Paths) Assert.Equal(403, (await page.GotoAsync(path))!.Status);
        await page.Context.CloseAsync();
    }
}
