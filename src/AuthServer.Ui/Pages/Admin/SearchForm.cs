namespace AuthServer.Ui.Pages.Admin;

/// <summary>The search above a list. Its filters are in the address, so that a list can be kept and sent to somebody.</summary>
/// <param name="Choices">Further filters: the name in the query, the label, what can be chosen and what is.</param>
internal sealed record SearchForm(string Label, string? Value, params IReadOnlyList<(string Name, string Label, IReadOnlyList<(string Value, string Text)> Options, string? Chosen)> Choices);
