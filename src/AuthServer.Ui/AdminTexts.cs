namespace AuthServer.Ui;

/// <summary>Names the resource file with every text of the administration (AdminTexts.resx).</summary>
internal sealed class AdminTexts;
