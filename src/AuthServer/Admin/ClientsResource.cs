using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;

namespace AuthServer.Admin;

/// <summary><c>/clients</c>: RFC 7591 metadata with what this server adds. A secret is in one answer only: the one of the call that made it.</summary>
internal sealed class ClientsResource : IAdminResource
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/clients", ListAsync).Needs(AdminRights.ClientsRead).Paged("client_id", "client_name")
            .Query("search", "Found in the id or the name.").Query("kind", "spa, web, native, service or device.").Query("enabled", "true or false.").Produces<PageAnswer<ClientAnswer>>();
        admin.MapPost("/clients", CreateAsync).Needs(AdminRights.ClientsWrite).Accepts<NewClientBody>("application/json").Produces<ClientAnswer>(StatusCodes.Status201Created);
        admin.MapGet("/clients/{clientId}", FindAsync).Needs(AdminRights.ClientsRead).Produces<ClientAnswer>();
        admin.MapPatch("/clients/{clientId}", UpdateAsync).Needs(AdminRights.ClientsWrite).Accepts<ClientBody>("application/json", "application/merge-patch+json").Produces<ClientAnswer>();
        admin.MapDelete("/clients/{clientId}", RemoveAsync).Needs(AdminRights.ClientsWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapPost("/clients/{clientId}/secret", RotateAsync).Needs(AdminRights.ClientsWrite).Accepts<RotationBody>("application/json").WithName("rotate_client_secret").WithSummary("Give a client a new secret").Produces<ClientAnswer>();
        admin.MapPost("/clients/{clientId}/enable", EnableAsync).Needs(AdminRights.ClientsWrite).WithSummary("Enable a client").Produces<ClientAnswer>();
        admin.MapPost("/clients/{clientId}/disable", DisableAsync).Needs(AdminRights.ClientsWrite).WithSummary("Disable a client: nothing it was given works while it is").Produces<ClientAnswer>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, ClientAdministration clients)
    {
        var query = http.Request.Query;
        if (!Truth.TryRead(query["enabled"], "enabled", out var enabled, out var fault)) return fault;
        var filter = new ClientFilter { Search = query["search"], Kind = query["kind"] is [{ Length: > 0 } kind] ? kind : null, Enabled = enabled };
        return AdminAnswers.Of(await clients.ListAsync(http.Actor(), filter, http.PageRequest(), http.RequestAborted), static page => AdminAnswers.Page(page, static c => ClientAnswer.Of(c)));
    }

    private static async Task<IResult> FindAsync(HttpContext http, string clientId, ClientAdministration clients) =>
        AdminAnswers.Of(await clients.FindAsync(http.Actor(), PathValue.Read(clientId), http.RequestAborted), Ok);

    private static async Task<IResult> CreateAsync(HttpContext http, ClientAdministration clients)
    {
        var (body, fault) = await http.ReadBodyAsync<JsonDocument>(http.RequestAborted);
        if (body is null) return fault!;
        using (body)
            return AdminAnswers.Of(await clients.CreateAsync(http.Actor(), body.RootElement, http.RequestAborted), static c => AdminAnswers.Created("/clients/" + Uri.EscapeDataString(c.Client.Client.ClientId), ClientAnswer.Of(c.Client, c.Secret), c.Client.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string clientId, ClientAdministration clients)
    {
        var (body, fault) = await http.ReadBodyAsync<JsonDocument>(http.RequestAborted);
        if (body is null) return fault!;
        using (body)
            return AdminAnswers.Of(await clients.UpdateAsync(http.Actor(), PathValue.Read(clientId), body.RootElement, http.IfMatchNumber(), http.RequestAborted), Ok);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string clientId, ClientAdministration clients) =>
        AdminAnswers.Of(await clients.RemoveAsync(http.Actor(), PathValue.Read(clientId), http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> RotateAsync(HttpContext http, string clientId, ClientAdministration clients)
    {
        var keep = 0;
        if (http.Request.ContentLength is > 0 || http.Request.ContentType is not null)
        {
            var (body, fault) = await http.ReadBodyAsync<RotationBody>(http.RequestAborted);
            if (body is null) return fault!;
            keep = body.KeepHours;
        }

        return AdminAnswers.Of(await clients.RotateSecretAsync(http.Actor(), PathValue.Read(clientId), keep, http.IfMatchNumber(), http.RequestAborted), static c => AdminAnswers.Ok(ClientAnswer.Of(c.Client, c.Secret), c.Client.Version));
    }

    private static async Task<IResult> EnableAsync(HttpContext http, string clientId, ClientAdministration clients) =>
        AdminAnswers.Of(await clients.SetEnabledAsync(http.Actor(), PathValue.Read(clientId), true, http.RequestAborted), Ok);

    private static async Task<IResult> DisableAsync(HttpContext http, string clientId, ClientAdministration clients) =>
        AdminAnswers.Of(await clients.SetEnabledAsync(http.Actor(), PathValue.Read(clientId), false, http.RequestAborted), Ok);

    private static IResult Ok(RegisteredClient client) => AdminAnswers.Ok(ClientAnswer.Of(client), client.Version);
}

/// <param name="KeepHours">How long the old secret works too.</param>
internal sealed record RotationBody(int KeepHours = 0);

/// <summary>What a client can be given; in the OpenAPI document only: what is read is checked member by member by the engine.</summary>
internal sealed record ClientBody;

/// <summary>As <see cref="ClientBody"/>, with the kind from which comes what is left out.</summary>
internal sealed record NewClientBody(string? Kind);

/// <summary>A client on the wire: its metadata, and what the server says of it.</summary>
internal sealed record ClientAnswer
{
    public required string ClientId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientName { get; init; }
    public required string Kind { get; init; }

    /// <summary>Only in the answer of the call that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }
    public required IReadOnlyList<SecretState> Secrets { get; init; }
    public required bool Declared { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long Version { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();

    public static ClientAnswer Of(RegisteredClient client, string? secret = null)
    {
        var metadata = JsonSerializer.SerializeToElement(client.Client, ClientJson.Options).EnumerateObject().ToDictionary(static m => m.Name, static m => m.Value, StringComparer.Ordinal);
        metadata.Remove("client_id");
        metadata.Remove("client_name");
        return new ClientAnswer
        {
            ClientId = client.Client.ClientId, ClientName = client.Client.ClientName, Kind = client.Kind, ClientSecret = secret, Secrets = client.Secrets, Declared = client.Declared,
            CreatedAt = client.CreatedAt, UpdatedAt = client.UpdatedAt, Version = client.Version, Metadata = metadata,
        };
    }
}
