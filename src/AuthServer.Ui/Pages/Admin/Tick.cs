namespace AuthServer.Ui.Pages.Admin;

/// <summary>One labelled box to tick, as <c>_Tick.cshtml</c> draws it.</summary>
internal sealed record Tick(string Name, string Label, bool On, string? Help = null, string Value = "true", string? Id = null);
