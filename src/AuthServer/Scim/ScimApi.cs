using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Protocol;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Patch;
using AuthServer.Scim.Resources;
using AuthServer.Scim.Schemas;
using Microsoft.Extensions.Options;

namespace AuthServer.Scim;

/// <summary>SCIM 2.0 (RFC 7644) under one path. It parses and answers; what may be done is decided by <see cref="Engine.Administration"/>, as for the administration API.</summary>
internal static class ScimApi
{
    public const string Path = "/scim/v2";

    public static IServiceCollection AddScim(this IServiceCollection services) => services.AddSingleton<ScimJson>().AddSingleton<ScimUsers>().AddSingleton<ScimGroups>().AddSingleton<ScimBulk>();

    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        if (!services.GetRequiredService<IOptions<ScimOptions>>().Value.Enabled) return;
        var scim = routes.MapGroup(Path);
        MapResource(scim, services.GetRequiredService<ScimUsers>());
        MapResource(scim, services.GetRequiredService<ScimGroups>());
        scim.MapPost(ScimBulk.Path, static (HttpContext http, ScimBulk bulk) => bulk.RunAsync(http, http.Actor())).Needs(AdminRights.UsersWrite);
        ScimDiscovery.Map(scim, services.GetRequiredService<ScimJson>());
        scim.Map("/Me", static IResult () => (ScimAnswer)new ScimError(StatusCodes.Status501NotImplemented, null, "There is no /Me here; use /Users/{id}.")).Open("says that it is not there");
        scim.Map("/{**rest}", UnknownRoute).Open("says that nothing is there");
    }

    private static void MapResource(RouteGroupBuilder scim, IScimResource resource)
    {
        var (all, one, schema) = (resource.Schema.Endpoint, resource.Schema.Endpoint + "/{id}", resource.Schema.Id);
        scim.MapGet(all, (Delegate)((HttpContext http) => CallAsync(http, async call => ListRequest.Of(http.Request.Query) is var (request, fault) && request is not null ? await resource.ListAsync(call, request) : fault!))).Needs(resource.Read);
        scim.MapPost(all, (Delegate)((HttpContext http) => BodyAsync(http, schema, resource.CreateAsync))).Needs(resource.Write);
        scim.MapPost(all + "/.search", (Delegate)((HttpContext http) => SearchAsync(http, resource))).Needs(resource.Read);
        scim.MapGet(one, (HttpContext http, string id) => CallAsync(http, async call => Unchanged(http, await resource.FindAsync(call, id)))).Needs(resource.Read);
        scim.MapPut(one, (HttpContext http, string id) => BodyAsync(http, schema, (call, body) => resource.ReplaceAsync(call, id, body))).Needs(resource.Write);
        scim.MapPatch(one, (HttpContext http, string id) => BodyAsync(http, PatchStep.Schema, (call, body) => resource.PatchAsync(call, id, body))).Needs(resource.Write);
        scim.MapDelete(one, (HttpContext http, string id) => CallAsync(http, call => resource.RemoveAsync(call, id))).Needs(resource.Write);
    }

    /// <summary>Nobody gets past this without a credential that carries the right; the handler finds them by <see cref="Actor"/>.</summary>
    public static void Needs(this RouteHandlerBuilder route, string right) => route
        .WithMetadata(new RouteRight(right))
        .DisableAntiforgery()
        .ExcludeFromDescription()
        .AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers.CacheControl = "no-store";
            var answer = await http.RequestServices.GetRequiredService<RequestActor>().OfAsync(http, right, http.RequestAborted);
            if (answer is ActorAnswer.Refused refused) return (ScimAnswer)new ScimError(refused.Status, null, refused.Description) with { Challenge = refused.Challenge };
            http.Items[typeof(Actor)] = ((ActorAnswer.Granted)answer).Actor;
            return await next(context);
        });

    public static void Open(this RouteHandlerBuilder route, string why) => route.WithMetadata(new OpenRouteAttribute(why)).DisableAntiforgery().ExcludeFromDescription();

    public static Actor Actor(this HttpContext http) => (Actor)http.Items[typeof(Actor)]!;

    private static async Task<IResult> CallAsync(HttpContext http, Func<ScimCall, Task<ScimAnswer>> act)
    {
        var (selection, fault) = ListRequest.Selection(http.Request.Query);
        return selection is null ? (ScimAnswer)fault! : await act(new ScimCall(http.Actor(), selection, EntityTags.Read(http.Request.Headers.IfMatch), http.RequestAborted));
    }

    private static Task<IResult> BodyAsync(HttpContext http, string schema, Func<ScimCall, JsonObject, Task<ScimAnswer>> act) => CallAsync(http, async call =>
    {
        var (body, fault) = await ScimBody.ReadAsync(http, schema);
        return body is null ? fault! : await act(call, body);
    });

    /// <summary>RFC 7644 §3.4.3: a list whose question is in the body, so that no log of addresses shows it.</summary>
    private static async Task<IResult> SearchAsync(HttpContext http, IScimResource resource)
    {
        var (body, fault) = await ScimBody.ReadAsync(http, ListRequest.SearchSchema);
        if (body is null) return (ScimAnswer)fault!;
        var (selection, wrong) = ListRequest.Selection(body);
        if (selection is null) return (ScimAnswer)wrong!;
        var (request, bad) = ListRequest.Of(body);
        return request is null ? (ScimAnswer)bad! : await resource.ListAsync(new ScimCall(http.Actor(), selection, EntityTags.None, http.RequestAborted), request);
    }

    /// <summary>RFC 7644 §3.14: what the client has already is not sent again.</summary>
    private static ScimAnswer Unchanged(HttpContext http, ScimAnswer answer) =>
        answer.Version is { } version && http.Request.Headers.IfNoneMatch.Count > 0 && EntityTags.Read(http.Request.Headers.IfNoneMatch) is var tags && (tags.IsNone || tags.NameExactly(version))
            ? new ScimAnswer(StatusCodes.Status304NotModified) { Version = version }
            : answer;

    /// <summary>405 where the path is one of ours (RFC 9110 §15.5.6), else 404.</summary>
    private static IResult UnknownRoute(HttpContext http)
    {
        var allowed = http.Request.Path.Value![Path.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var kind] when IsResource(kind) => "GET, POST",
            [var kind, ".search"] when IsResource(kind) => "POST",
            [var kind, _] when IsResource(kind) => "DELETE, GET, PATCH, PUT",
            ["Bulk"] => "POST",
            ["ServiceProviderConfig" or "Schemas" or "ResourceTypes"] or ["Schemas" or "ResourceTypes", _] => "GET",
            _ => null,
        };
        if (allowed is null) return (ScimAnswer)ScimError.NotFound;
        http.Response.Headers.Allow = allowed;
        return (ScimAnswer)new ScimError(StatusCodes.Status405MethodNotAllowed, null, $"It takes {allowed}.");

        static bool IsResource(string kind) => ScimSchemas.All.Any(s => s.Endpoint[1..].Equals(kind, StringComparison.OrdinalIgnoreCase));
    }
}
