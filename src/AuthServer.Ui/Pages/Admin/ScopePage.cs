using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Sessions;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>A page with the fields of a scope, as <c>_ScopeFields.cshtml</c> draws them.</summary>
internal abstract class ScopePage(SessionCookie cookie, Actors actors) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.ClientsRead;

    /// <summary>Null for a new one.</summary>
    public ScopeDefinition? Stored { get; protected set; }

    /// <summary>What was sent, as a merge patch.</summary>
    protected JsonObject Read() => new()
    {
        ["display_name"] = NullIfBlank(Typed("display_name")),
        ["description"] = NullIfBlank(Typed("description")),
        ["resources"] = Lines("resources"),
        ["claims"] = Lines("claims"),
        ["reserved"] = Ticked("reserved", false),
        ["advertised"] = Ticked("advertised", true),
    };

    private JsonArray Lines(string name) => new([.. (Typed(name) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);
}
