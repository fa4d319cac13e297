namespace AuthServer.Ui.Forms;

/// <summary>One labelled choice from a list, as <c>_Choice.cshtml</c> draws it.</summary>
/// <param name="Options">Values with their texts; a value that stands already is kept although the list does not have it.</param>
internal sealed record Choice(Field Field, IReadOnlyList<(string Value, string Text)> Options);
