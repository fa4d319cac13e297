using AuthServer.Engine.Administration;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>What can be done to a person's access. Those that cannot simply be taken back ask first, on a page of their own.</summary>
internal static class UserActs
{
    /// <summary>The act's word in the address, and the right it takes; its texts are <c>Act_</c> and the word with underscores.</summary>
    public static IReadOnlyList<(string Name, bool AsksFirst, string Right)> All { get; } =
    [
        ("send-link", false, AdminRights.UsersWrite), ("require-reset", true, AdminRights.UsersWrite), ("unlock", false, AdminRights.UsersWrite), ("enable", false, AdminRights.UsersWrite),
        ("disable", true, AdminRights.UsersWrite), ("end-sessions", true, AdminRights.SessionsWrite), ("reset-factors", true, AdminRights.UsersWrite),
        ("make-administrator", true, AdminRights.UsersWrite), ("unmake-administrator", true, AdminRights.UsersWrite), ("delete", true, AdminRights.UsersWrite),
    ];

    /// <summary>Those that make sense for this person as they are.</summary>
    public static IEnumerable<(string Name, bool AsksFirst)> For(Person person, Actor actor, DateTimeOffset now) => All.Where(a => actor.May(a.Right) && a.Name switch
    {
        "send-link" => person is { EmailVerified: true, Disabled: false },
        "require-reset" => person is { HasPassword: true, PasswordResetRequired: false },
        "enable" => person.Disabled,
        "disable" => !person.Disabled,
        "make-administrator" => actor.IsAdministrator && !person.IsAdministrator,
        "unmake-administrator" => actor.IsAdministrator && person.IsAdministrator,
        _ => true,
    }).Select(static a => (a.Name, a.AsksFirst));

    public static string Key(string act, string part) => "Act_" + act.Replace('-', '_') + part;

    public static bool IsDangerous(string act) => act is "delete" or "disable" or "reset-factors" or "make-administrator";
}
