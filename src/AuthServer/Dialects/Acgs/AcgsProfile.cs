using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects.Acgs;

/// <summary>Who am I: the documented answer, and the older one of the shared script. Both hold what clients of the other APIs look for at the same paths.</summary>
internal sealed class AcgsProfile(AcgsAccess access, OwnProfile profiles)
{
    public async Task<IResult> OwnAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindAsync(request, ct, withKey: true);
        return caller is null ? refusal! : AcgsAnswers.Ok(Describe(caller.User));
    }

    public async Task<IResult> OlderAsync(DialectRequest request, CancellationToken ct)
    {
        var (caller, refusal) = await access.FindAsync(request, ct, withKey: true);
        if (caller is null) return refusal!;
        var user = caller.User;
        var answer = Describe(user);
        var stored = await profiles.ReadAsync(user.Id);
        answer["full_name"] = Name(user);
        answer["sub"] = user.Id;
        answer["roles"] = Roles(user);
        answer["groups"] = new JsonArray([.. (user.Directory?.Groups ?? []).Select(static g => JsonValue.Create(g))]);
        answer["created_at"] = stored is null ? null : AcgsAnswers.Naive(stored.CreatedAt);
        answer["updated_at"] = AcgsAnswers.Naive(DateTimeOffset.FromUnixTimeSeconds(user.UpdatedAt));
        return AcgsAnswers.Ok(answer);
    }

    /// <summary>The claims of a token of ACGS; the services behind it want all of them.</summary>
    public static JsonObject Claims(GrantUser user) => new() { ["sub"] = user.UserName, ["user_id"] = user.Number, ["roles"] = Roles(user), ["type"] = "access" };

    /// <summary>Whoever has no role was a <c>user</c> there.</summary>
    private static JsonArray Roles(GrantUser user) => user.Directory is { Roles: { Count: > 0 } roles } ? new JsonArray([.. roles.Select(static r => JsonValue.Create(r))]) : new JsonArray("user");

    private static JsonObject Describe(GrantUser user)
    {
        using var profile = JsonDocument.Parse(user.Profile);
        return new JsonObject
        {
            ["id"] = user.Number, ["username"] = user.UserName, ["email"] = user.Email, ["first_name"] = Text(profile, "given_name"), ["last_name"] = Text(profile, "family_name"), ["is_active"] = user.MaySignIn,
            ["is_superuser"] = user.IsAdministrator, ["uuid"] = user.Id, ["name"] = Name(user), ["role"] = (string?)Roles(user)[0],
        };
    }

    private static string? Name(GrantUser user)
    {
        using var profile = JsonDocument.Parse(user.Profile);
        return Text(profile, "name");
    }

    private static string? Text(JsonDocument profile, string claim) => profile.RootElement.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
