namespace AuthServer.Ui;

/// <summary>Names the resource file with every text of the pages (Texts.resx).</summary>
internal sealed class Texts;
