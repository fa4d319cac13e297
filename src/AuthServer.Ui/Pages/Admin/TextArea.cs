namespace AuthServer.Ui.Pages.Admin;

/// <summary>A field of several lines, as <c>_TextArea.cshtml</c> draws it.</summary>
internal sealed record TextArea(string Name, string Label, string? Value, string? Fault = null, string? Help = null, int Rows = 3, bool Mono = false, bool Required = false, string? Placeholder = null);
