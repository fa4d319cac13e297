using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Administration;

/// <summary>What an app is, in the words of people who make apps; each kind stands for metadata that fits it (RFC 9700 §2, RFC 8252, RFC 8628).</summary>
public static class ClientKinds
{
    /// <summary>Runs in the browser, keeps no secret.</summary>
    public const string Spa = "spa";

    /// <summary>Runs on a server, with people in front of it.</summary>
    public const string Web = "web";

    /// <summary>Installed on a phone or a computer, keeps no secret.</summary>
    public const string Native = "native";

    /// <summary>Runs on a server, for itself.</summary>
    public const string Service = "service";

    /// <summary>Has no browser of its own: a television, a terminal.</summary>
    public const string Device = "device";

    public static IReadOnlyList<string> All { get; } = [Spa, Web, Native, Service, Device];

    /// <summary>Nothing is remembered of how a client was made: its metadata says what it is.</summary>
    public static string Of(Client client) =>
        client.Allows(GrantTypes.DeviceCode) ? Device
        : client.Allows(GrantTypes.ClientCredentials) && !client.Allows(GrantTypes.AuthorizationCode) && !client.Allows(GrantTypes.Implicit) ? Service
        : client.IsNative ? Native
        : client.IsConfidential ? Web : Spa;

    /// <summary>The metadata a new client of this kind has where nothing else is said; null for what is no kind.</summary>
    public static JsonObject? DefaultsOf(string kind) => kind switch
    {
        Spa => Metadata("web", "none", ["code"], GrantTypes.AuthorizationCode, GrantTypes.RefreshToken),
        Web => Metadata("web", "client_secret_basic", ["code"], GrantTypes.AuthorizationCode, GrantTypes.RefreshToken),
        Native => Metadata("native", "none", ["code"], GrantTypes.AuthorizationCode, GrantTypes.RefreshToken),
        Service => Metadata("web", "client_secret_basic", [], GrantTypes.ClientCredentials),
        Device => Metadata("native", "none", [], GrantTypes.DeviceCode, GrantTypes.RefreshToken),
        _ => null,
    };

    private static JsonObject Metadata(string applicationType, string method, string[] responseTypes, params string[] grantTypes) => new()
    {
        ["application_type"] = applicationType,
        ["token_endpoint_auth_method"] = method,
        ["response_types"] = new JsonArray([.. responseTypes]),
        ["grant_types"] = new JsonArray([.. grantTypes]),
        ["require_pkce"] = true,
    };
}
