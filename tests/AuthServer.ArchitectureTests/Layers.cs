namespace AuthServer.ArchitectureTests;

/// <summary>Who may use whom: the table of <c>docs/architecture.md</c> §4. To allow something new, change both, and say there why.</summary>
internal static class Layers
{
    private const string Engine = "AuthServer.Engine.";

    private static readonly string[] _engine =
        ["Protocol", "Jose", "Audit", "Clients", "Keys", "ClientAuthentication", "Tokens", "Tickets", "Mail", "Accounts", "Factors", "SignIn", "Sessions", "Recovery", "Upstream", "Directory", "Interaction", "ApiKeys", "RateLimits", "Administration"];

    /// <summary>Everybody may use <c>Audit</c> and what is his own.</summary>
    private static readonly Dictionary<string, string[]> _mayUse = new(StringComparer.Ordinal)
    {
        ["Protocol"] = [],
        ["Jose"] = [],
        ["Audit"] = [],
        ["Clients"] = ["Protocol", "Jose"],
        ["Keys"] = ["Protocol", "Jose"],
        ["ClientAuthentication"] = ["Protocol", "Jose", "Clients", "Keys", "Tokens"],
        // Tokens say what a person is in the directory.
        ["Tokens"] = ["Protocol", "Jose", "Clients", "Keys", "Directory"],
        ["Tickets"] = ["Protocol"],
        ["Mail"] = ["Protocol"],
        ["Accounts"] = ["Protocol", "Tickets", "Mail"],
        // Seeds are kept under the key-encryption key; an answered challenge is a value that may be seen once (IReplayStore).
        ["Factors"] = ["Protocol", "Accounts", "Keys", "Tickets", "Mail", "Tokens"],
        ["SignIn"] = ["Protocol", "Accounts", "Factors", "Tickets"],
        ["Directory"] = ["Protocol"],
        ["Sessions"] = ["Protocol", "Jose", "Clients", "Keys", "Accounts", "SignIn", "Mail"],
        // A new password revokes what the old one gave out.
        ["Recovery"] = ["Protocol", "Accounts", "Tickets", "Mail", "SignIn", "Sessions", "Factors", "Tokens"],
        ["Upstream"] = ["Protocol", "Jose", "Clients", "Keys", "Accounts", "Tickets", "SignIn", "Mail"],
        ["Interaction"] = ["Protocol", "Clients", "Sessions", "Accounts", "Tokens", "Tickets", "SignIn", "Factors", "Upstream", "Mail", "Directory"],
        // A key has a limit of its own, asked wherever the key is presented.
        ["ApiKeys"] = ["Protocol", "Tokens", "Clients", "Directory", "Accounts", "RateLimits"],
        ["RateLimits"] = ["Protocol"],
        // Every act on somebody else's behalf, for pages, APIs and commands alike: it asks whoever keeps what is changed.
        ["Administration"] = ["Protocol", "Jose", "Clients", "ClientAuthentication", "Keys", "Accounts", "Factors", "SignIn", "Sessions", "Tokens", "Directory", "Tickets", "Mail", "Recovery", "ApiKeys", "RateLimits"],
        ["Ui"] = ["Protocol", "Clients", "Interaction", "Accounts", "Factors", "SignIn", "Sessions", "Recovery", "Upstream", "Mail", "Directory", "Administration", "ApiKeys", "RateLimits"],
        ["Endpoints"] = [.. _engine, "Endpoints/*"],
        ["Endpoints/*"] = [.. _engine, "Endpoints"],
        // Discovery publishes the leaves that the other folders have; it asks them instead of keeping a list.
        ["Endpoints/Discovery"] = [.. _engine, "Endpoints", "Endpoints/Authorization", "Endpoints/Token", "Endpoints/Jwks"],
        // A pushed request is the authorization request, checked by the same table (RFC 9126 §2.1).
        ["Endpoints/PushedAuthorizationRequest"] = [.. _engine, "Endpoints", "Endpoints/Authorization"],
        // A device asks for the same things under the same rules; only there is no redirect (RFC 8628 §3.1).
        ["Endpoints/DeviceAuthorization"] = [.. _engine, "Endpoints", "Endpoints/Authorization"],
        ["Dialects"] = [.. _engine, "Dialects/*"],
        ["Dialects/*"] = [.. _engine, "Dialects", "Dialects/Answers"],
        ["Admin"] = [.. _engine, "Storage"],
        ["Scim"] = [.. _engine, "Storage"],
        ["Jobs"] = [.. _engine, "Storage"],
        ["Cli"] = [.. _engine, "Storage", "Hosting"],
        ["Storage"] = [.. _engine, "Hosting"],
        ["Hosting"] = [.. _engine, "Ui", "Endpoints", "Endpoints/*", "Dialects", "Dialects/*", "Admin", "Scim", "Jobs", "Cli", "Storage"],
        ["Program"] = ["Cli"],
    };

    /// <summary>Where entry points and storage are entered by people; everywhere else SQL is written out or not at all.</summary>
    private static readonly string[] _mayUseEntityFramework = ["Storage", "Admin", "Scim", "Jobs", "Cli", "Hosting"];

    /// <summary>The layer of a namespace of ours; null for somebody else's.</summary>
    public static string? Of(string name)
    {
        if (name == "AuthServer") return "Program";
        if (name == "AuthServer.Engine" || !name.StartsWith("AuthServer.", StringComparison.Ordinal)) return null;
        if (name.StartsWith(Engine, StringComparison.Ordinal)) return name[Engine.Length..].Split('.')[0];
        var parts = name.Split('.');
        return parts[1] is "Endpoints" or "Dialects" && parts.Length > 2 ? parts[1] + "/" + parts[2] : parts[1];
    }

    public static IEnumerable<string> Breaches(IEnumerable<Reference> references) => references.Select(Breach).OfType<string>();

    private static string? Breach(Reference reference)
    {
        if (Of(reference.File.Namespace) is not { } from) return null;
        if (Of(reference.Namespace) is not { } to) return Foreign(reference, from);
        if (from == to || to == "Audit") return null;
        if (Find(from) is not { } allowed) return $"{reference}\n    The folder {from} is not in the table of docs/architecture.md §4.";
        if (allowed.Contains(to) || allowed.Contains(AnyOf(to))) return null;
        return $"{reference}\n    {from} may use {(allowed.Length == 0 ? "nothing of ours" : string.Join(", ", allowed))}, not {to} (docs/architecture.md §4).";
    }

    private static string? Foreign(Reference reference, string from)
    {
        var inSql = reference.File.Namespace.StartsWith("AuthServer.Storage.Sql", StringComparison.Ordinal);
        if (reference.Namespace.Contains("EntityFrameworkCore", StringComparison.Ordinal) && (inSql || !_mayUseEntityFramework.Contains(from)))
            return $"{reference}\n    {(inSql ? "Storage/Sql" : from)} does not use EF Core (docs/architecture.md §4).";
        if (from.StartsWith("Dialects", StringComparison.Ordinal) && IsDatabase(reference.Namespace)) return $"{reference}\n    A dialect does not use SQL (docs/architecture.md §4).";
        // An OAuth error knows its HTTP status, and a form is read once, for everybody: the words of the specifications, not the framework's work.
        if (from is "Protocol" or "Jose" or "Audit" && reference.Namespace.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && reference.Namespace != "Microsoft.AspNetCore.Http")
            return $"{reference}\n    {from} does not use ASP.NET Core (docs/architecture.md §4).";
        return null;
    }

    private static bool IsDatabase(string name) =>
        name.StartsWith("System.Data", StringComparison.Ordinal) || name.StartsWith("Npgsql", StringComparison.Ordinal) || name.StartsWith("Microsoft.Data", StringComparison.Ordinal);

    private static string[]? Find(string layer) => _mayUse.GetValueOrDefault(layer) ?? _mayUse.GetValueOrDefault(AnyOf(layer));

    private static string AnyOf(string layer) => layer.Contains('/', StringComparison.Ordinal) ? layer.Split('/')[0] + "/*" : layer;
}
