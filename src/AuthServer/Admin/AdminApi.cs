using AuthServer.Engine.Administration;
using AuthServer.Engine.Protocol;

namespace AuthServer.Admin;

/// <summary>The administration API: every resource that was found, under one path. It parses and answers; what may be done is decided by <see cref="Engine.Administration"/>.</summary>
internal static class AdminApi
{
    public const string Path = "/api/admin/v1";

    public static void MapAdminApi(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup(Path);
        admin.LeaveBodiesToTheHandlers();
        foreach (var resource in routes.ServiceProvider.GetServices<IAdminResource>()) resource.Map(admin);
        // Without this an unknown path would be answered by the pages.
        routes.Map(Path + "/{**rest}", static http => UnknownRoute.Answer(http).ExecuteAsync(http)).WithMetadata(new OpenRouteAttribute("says that nothing is there"));
    }

    /// <summary>Nobody gets past this without a credential that carries the right; the handler finds them by <see cref="Actor"/>.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, string right) => route
        .WithMetadata(new RouteRight(right))
        .DisableAntiforgery()
        .AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers.CacheControl = "no-store";
            var answer = await http.RequestServices.GetRequiredService<RequestActor>().OfAsync(http, right, http.RequestAborted);
            if (answer is not ActorAnswer.Granted granted) return AdminAnswers.Of((ActorAnswer.Refused)answer);
            http.Items[typeof(Actor)] = granted.Actor;
            return HttpMethods.IsPost(http.Request.Method) && http.Request.Headers.ContainsKey(IdempotentCreate.Header)
                ? await http.RequestServices.GetRequiredService<IdempotentCreate>().RunAsync(http, granted.Actor, () => next(context))
                : await next(context);
        });

    public static Actor Actor(this HttpContext http) => (Actor)http.Items[typeof(Actor)]!;
}
