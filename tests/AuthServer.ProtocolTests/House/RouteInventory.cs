using System.Reflection;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using AuthServer.Ui.Pages.Account;
using AuthServer.Ui.Pages.Admin;
using AuthServer.Ui.Pages.Login;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>Every route of the server says who may use it: none is open because somebody forgot.</summary>
[Spec("ASVS 8.1.1"), Spec("ASVS 8.2.1")]
public sealed class RouteInventory(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Advice = "says nothing of who may use it. A route of an API: .Needs(right) or RouteRight. A page: AccountPage, AdminPage or StepPage. Whatever is open to everybody: [OpenRoute(\"why\")].";

    [Fact]
    public async Task Every_route_of_the_server_has_a_policy()
    {
        var endpoints = Endpoints(shared.Server.Services);

        var faults = await FaultsAsync(shared.Server.Services, endpoints);

        Assert.True(endpoints.Count > 100, $"Only {endpoints.Count} routes were found.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task A_route_without_one_is_named()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        await using (app)
        {
            app.MapGet("/forgotten", static () => "all of it");
            app.MapGet("/nearly", static () => "all of it").WithMetadata(new RouteRight("no:such-right"));
            app.MapGet("/open", static () => "nothing").WithMetadata(new OpenRouteAttribute("holds nothing of anybody's"));

            var faults = await FaultsAsync(shared.Server.Services, [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(static s => s.Endpoints).OfType<RouteEndpoint>()]);

            Assert.Equal(["/forgotten GET " + Advice, "/nearly GET needs no:such-right, which AdminRights does not have."], faults.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Each_page_of_the_administration_is_one()
    {
        var pages = typeof(AdminPage).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(PageModel)) && !t.IsAbstract && t.Namespace!.StartsWith(typeof(AdminPage).Namespace!, StringComparison.Ordinal));

        Assert.DoesNotContain(pages, static page => !page.IsSubclassOf(typeof(AdminPage)));
    }

    private static List<RouteEndpoint> Endpoints(IServiceProvider services) => [.. services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()];

    private static async Task<List<string>> FaultsAsync(IServiceProvider services, IReadOnlyList<RouteEndpoint> endpoints)
    {
        var faults = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var name = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')} {string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])}".TrimEnd();
            if (await FaultAsync(services, endpoint) is { } fault) faults.Add($"{name} {fault}");
        }

        return faults;
    }

    private static async Task<string?> FaultAsync(IServiceProvider services, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page)
        {
            var model = (await services.GetRequiredService<PageLoader>().LoadAsync(page, endpoint.Metadata)).ModelTypeInfo!;
            // What it takes to see a page of the administration is asked of the page itself, which needs nothing for the answer.
            if (model.IsSubclassOf(typeof(AdminPage))) return Right(((AdminPage)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(model)).Right);
            if (model.IsSubclassOf(typeof(AccountPage)) || Ancestors(model).Any(static t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(StepPage<>))) return null;
            return model.GetCustomAttribute<OpenRouteAttribute>() is { } open ? Reason(open) : Advice;
        }

        if (endpoint.Metadata.GetMetadata<RouteRight>() is { } right) return Right(right.Right);
        return endpoint.Metadata.GetMetadata<OpenRouteAttribute>() is { } why ? Reason(why) : Advice;
    }

    private static string? Right(string right) => AdminRights.Contains(right) ? null : $"needs {right}, which AdminRights does not have.";

    private static string? Reason(OpenRouteAttribute open) => open.Reason.Length > 5 ? null : "is open without a reason.";

    private static IEnumerable<Type> Ancestors(Type? type)
    {
        for (; type is not null; type = type.BaseType) yield return type;
    }
}
