using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects.RagModulo;

/// <summary>A person as RAG Modulo sees them. Its web page takes e-mail address and name apart, so neither is ever missing; <c>uuid</c> and <c>sub</c> are the same.</summary>
internal sealed class RagModuloPerson(GrantUser user, DialectSettings settings)
{
    public string Id => user.Id;

    public string UserName => user.UserName;

    public string Email => user.Email is { Length: > 0 } email ? email : user.UserName.Contains('@', StringComparison.Ordinal) ? user.UserName : user.UserName + "@" + settings.EmailDomain;

    public string Name => NameOf(user.Profile) ?? user.UserName;

    /// <summary>The service knew these two.</summary>
    public string Role => user.IsAdministrator ? "admin" : "user";

    /// <summary>The claims of a token; <c>exp</c> comes with the signature.</summary>
    /// <param name="issuedAt">Never ahead: verifiers in the field refuse a token from the future.</param>
    public JsonObject Claims(DateTimeOffset issuedAt) =>
        new() { ["sub"] = Id, ["email"] = Email, ["name"] = Name, ["uuid"] = Id, ["role"] = Role, ["iat"] = issuedAt.ToUnixTimeSeconds() };

    /// <summary>The answer of <c>/userinfo</c>.</summary>
    public JsonObject UserInfo() => new() { ["sub"] = Id, ["name"] = Name, ["email"] = Email, ["uuid"] = Id, ["role"] = Role };

    /// <summary>The answer of <c>/me</c>; the command line reads <c>username</c> too.</summary>
    public JsonObject Me() => new() { ["id"] = Id, ["email"] = Email, ["name"] = Name, ["uuid"] = Id, ["role"] = Role, ["username"] = UserName };

    private static string? NameOf(string profile)
    {
        using var claims = JsonDocument.Parse(profile);
        return claims.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } text ? text : null;
    }
}
