using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>The settings of a client that a person is asked for: what its kind needs and nothing else, as <c>_ClientFields.cshtml</c> draws them. Everything else is in the metadata.</summary>
/// <param name="Kind">One of <see cref="ClientKinds"/>.</param>
/// <param name="Stored">Null for a new one.</param>
internal sealed record ClientFields(AdminPage Page, string Kind, Client? Stored, IReadOnlyList<ScopeDefinition> Scopes)
{
    /// <summary>How a client that runs on a server can prove itself.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

    public bool HasBrowser => Kind is ClientKinds.Spa or ClientKinds.Web or ClientKinds.Native;

    public bool HasPerson => Kind != ClientKinds.Service;

    public bool IsConfidential => Kind is ClientKinds.Web or ClientKinds.Service;

    /// <summary>Scopes that make sense for this kind: a service has nobody whose profile it could ask for.</summary>
    public IEnumerable<ScopeDefinition> Offered => Scopes.Where(s => !s.OfThisServer && (HasPerson || !IsAboutPeople(s.Name))).OrderBy(static s => s.Reserved).ThenBy(static s => s.Name, StringComparer.Ordinal);

    /// <summary>A stored client that names none may ask for all but the reserved ones: a form that ticked these as well would give it the whole server.</summary>
    public bool Has(ScopeDefinition scope) => Stored is null ? scope.Name is "openid" or "profile" or "email" : Stored.Scope?.Contains(scope.Name) ?? !scope.Reserved;

    /// <summary>Scopes that open this server's own administration.</summary>
    public IEnumerable<ScopeDefinition> Administrative => Scopes.Where(static s => s.OfThisServer).OrderBy(static s => s.Name, StringComparer.Ordinal);

    /// <summary>Whether one of several boxes of a name is ticked.</summary>
    public bool Chosen(string name, string value, bool stored) =>
        Page.Request.HasFormContentType && Page.Request.Form.ContainsKey(name + "-shown") ? Page.Request.Form[name].Contains(value, StringComparer.Ordinal) : stored;

    /// <summary>What was sent, as a merge patch of client metadata (RFC 7591 §2, RFC 7396).</summary>
    public JsonObject Read()
    {
        var form = Page.Request.Form;
        var patch = new JsonObject { ["client_name"] = Text("client_name") };
        if (HasBrowser)
        {
            patch["redirect_uris"] = Lines("redirect_uris");
            patch["post_logout_redirect_uris"] = Lines("post_logout_redirect_uris");
        }

        if (HasPerson)
        {
            patch["consent_type"] = form.ContainsKey("own") ? ConsentTypes.Implicit : ConsentTypes.Explicit;
            patch["directory_claims"] = new JsonArray([.. form["directory_claims"].OfType<string>()]);
        }

        if (IsConfidential)
        {
            patch["token_endpoint_auth_method"] = Text("token_endpoint_auth_method") ?? Methods[0];
            patch["jwks_uri"] = Text("jwks_uri");
        }

        if (form.ContainsKey("scope-shown")) patch["scope"] = string.Join(' ', form["scope"].OfType<string>());
        return patch;
    }

    private string? Text(string name) => Page.Typed(name)?.Trim() is { Length: > 0 } text ? text : null;

    private JsonArray Lines(string name) => new([.. (Page.Typed(name) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);

    private static bool IsAboutPeople(string scope) => scope is "openid" or "profile" or "email" or "phone" or "address" or "offline_access" or "roles" or "groups" or "permissions" or "org";
}
