namespace AuthServer.Ui.Pages.Admin;

/// <summary>What something holds or is in, each with a button that takes it away, as <c>_Members.cshtml</c> draws it.</summary>
/// <param name="Empty">What stands there when there is nothing.</param>
/// <param name="Handler">The page's handler that takes one away.</param>
/// <param name="Field">The field in which the handler finds the id.</param>
internal sealed record Members(string Empty, string Handler, string Field, bool MayRemove, IReadOnlyList<(string Id, string Name, string? Note, string Path)> Entries);

/// <summary>A field that adds something by its name, with the names that there are.</summary>
/// <param name="NewPath">Where one is made that does not exist yet.</param>
internal sealed record AddMember(string Handler, string Field, string Label, string? Fault, IReadOnlyList<string> Names, string? NewPath);
