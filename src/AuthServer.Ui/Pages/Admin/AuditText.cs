using System.Text;
using AuthServer.Engine.Audit;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>Kinds of events for people who administer: the names of the trail itself, as a sentence.</summary>
internal static class AuditText
{
    /// <summary><c>SignInRefused</c> → "Sign in refused".</summary>
    public static string Title(AuditKind kind)
    {
        var words = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            if (char.IsUpper(letter) && words.Length > 0) words.Append(' ').Append(char.ToLowerInvariant(letter));
            else words.Append(letter);
        }

        return words.ToString();
    }

    /// <summary>The section that shows what a line's target is; null: none does.</summary>
    public static string? PathOf(string? target) => target?.Split(':', 2) switch
    {
        ["role", var id] => "/admin/roles/" + Uri.EscapeDataString(id),
        ["group", var id] => "/admin/groups/" + Uri.EscapeDataString(id),
        ["right", var id] => "/admin/rights/" + Uri.EscapeDataString(id),
        ["organization", var id] => "/admin/organizations/" + Uri.EscapeDataString(id),
        ["client", var id] => "/admin/clients/" + Uri.EscapeDataString(id),
        ["scope", var id] => "/admin/scopes/" + Uri.EscapeDataString(id),
        ["user", var id] => "/admin/users/" + Uri.EscapeDataString(id),
        _ => null,
    };
}
