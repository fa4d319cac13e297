using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Scim.Messages;

/// <summary>What a request is answered with (RFC 7644 §3.1): <c>application/scim+json</c>, or nothing but the status.</summary>
internal sealed record ScimAnswer(int Status, JsonObject? Body = null) : IResult
{
    public const string MediaType = "application/scim+json";

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the resource is, absolute.</summary>
    public string? Location { get; init; }

    /// <summary>The entity tag as the header says it.</summary>
    public string? Version { get; init; }

    public ScimError? Error { get; init; }

    /// <summary>For <c>WWW-Authenticate</c>.</summary>
    public string? Challenge { get; init; }

    public static implicit operator ScimAnswer(ScimError error) => new(error.Status, error.Json()) { Error = error };

    public async Task ExecuteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        if (Version is not null) response.Headers.ETag = Version;
        if (Location is not null) response.Headers.Location = Location;
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        if (Error?.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Body is not null) await response.WriteAsJsonAsync<JsonNode>(Body, Written, MediaType, http.RequestAborted);
    }
}
