using AuthServer.Engine.Administration;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>The sections of the administration, each with the right that shows it.</summary>
internal static class AdminMenu
{
    /// <summary>The path, the icon and the text's key; in the order in which people need them.</summary>
    public static IReadOnlyList<(string Path, string Icon, string Key, string Right)> Entries { get; } =
    [
        ("/admin", "overview", "Menu_Dashboard", AdminRights.AuditRead),
        ("/admin/users", "profile", "Menu_Users", AdminRights.UsersRead),
        ("/admin/clients", "apps", "Menu_Clients", AdminRights.ClientsRead),
        ("/admin/scopes", "data", "Menu_Scopes", AdminRights.ClientsRead),
        ("/admin/roles", "security", "Menu_Roles", AdminRights.DirectoryRead),
        ("/admin/rights", "key", "Menu_Rights", AdminRights.DirectoryRead),
        ("/admin/groups", "people", "Menu_Groups", AdminRights.DirectoryRead),
        ("/admin/organizations", "building", "Menu_Organizations", AdminRights.DirectoryRead),
        ("/admin/sessions", "sessions", "Menu_Sessions", AdminRights.SessionsRead),
        ("/admin/audit", "activity", "Menu_Audit", AdminRights.AuditRead),
        ("/admin/api-keys", "key", "Menu_ApiKeys", AdminRights.ApiKeysRead),
        ("/admin/keys", "connections", "Menu_Keys", AdminRights.KeysRead),
    ];

    /// <summary>The first section that this actor may see; null: none.</summary>
    public static string? FirstOf(Actor actor) => Entries.FirstOrDefault(e => actor.May(e.Right)).Path;
}
