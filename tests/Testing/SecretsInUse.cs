using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Testing;

/// <summary>Every secret that travels between the tests and a server: what the log must not show.</summary>
/// <remarks>A secret is known by its long runs of letters and digits, so that one that was cut or quoted is found too.</remarks>
public sealed partial class SecretsInUse
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "access_token", "refresh_token", "id_token", "code", "code_verifier", "client_secret", "client_assertion", "id_token_hint", "token", "request_uri", "password", "Password", "device_code",
    };

    private readonly ConcurrentDictionary<string, byte> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _phrases = new(StringComparer.Ordinal);

    public int Count => _runs.Count + _phrases.Count;

    public void Add(string? secret)
    {
        if (secret is not { Length: >= 8 }) return;
        // Of a JWT only the signature is secret: its header is the same in all, and its claims are no key to anything.
        var part = secret.StartsWith("eyJ", StringComparison.Ordinal) ? secret[(secret.LastIndexOf('.') + 1)..] : secret;
        var runs = Run.Matches(part);
        foreach (Match run in runs) _runs.TryAdd(run.Value, 0);
        if (runs.Count == 0 && part.Length >= 8) _phrases.TryAdd(part, 0);
    }

    public void AddFields(string query)
    {
        foreach (var (name, values) in QueryHelpers.ParseQuery(query))
        {
            if (Names.Contains(name)) foreach (var value in values) Add(value);
        }
    }

    public void AddMembers(string json)
    {
        foreach (Match member in Member.Matches(json)) Add(member.Groups["value"].Value);
    }

    /// <summary>The lines that show one of them.</summary>
    public IReadOnlyList<string> ShownIn(CapturedLog log) =>
        [.. log.Lines.Where(line => Run.Matches(line).Any(run => _runs.ContainsKey(run.Value)) || _phrases.Keys.Any(phrase => line.Contains(phrase, StringComparison.Ordinal)))];

    [GeneratedRegex("[A-Za-z0-9_-]{20,}")]
    private static partial Regex Run { get; }

    [GeneratedRegex("\"(?:access_token|refresh_token|id_token|request_uri|device_code|key)\":\"(?<value>[^\"]+)\"")]
    private static partial Regex Member { get; }
}

/// <summary>Notes the secrets in requests and responses as they pass.</summary>
internal sealed class NotingHandler(HttpMessageHandler inner, SecretsInUse secrets, ResponsesSeen seen) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is { Scheme: "Bearer", Parameter: { } token }) secrets.Add(token);
        if (request.Headers.TryGetValues("X-API-Key", out var keys)) foreach (var key in keys) secrets.Add(key);
        if (request.RequestUri is { IsAbsoluteUri: true } uri) secrets.AddFields(uri.Query);
        if (request.Content is FormUrlEncodedContent form) secrets.AddFields(await form.ReadAsStringAsync(cancellationToken));

        if (request.Content?.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true) seen.AddSent(await request.Content.ReadAsStringAsync(cancellationToken));

        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Location is { IsAbsoluteUri: true } location)
        {
            secrets.AddFields(location.Query);
            secrets.AddFields(location.Fragment.TrimStart('#'));
        }

        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : []) secrets.Add(cookie.Split(';')[0].Split('=', 2)[^1]);
        if (response.Content.Headers.ContentType?.MediaType == "application/json") secrets.AddMembers(await response.Content.ReadAsStringAsync(cancellationToken));
        if (response.Content.Headers.ContentType?.MediaType is { } type && (type.EndsWith("json", StringComparison.Ordinal) || type is "text/html" or "text/plain")) seen.Look(response, await response.Content.ReadAsStringAsync(cancellationToken));
        return response;
    }
}
