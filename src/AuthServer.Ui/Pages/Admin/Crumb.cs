namespace AuthServer.Ui.Pages.Admin;

/// <summary>The way back to a list.</summary>
internal sealed record Crumb(string Path, string Text);
