namespace AuthServer.Ui.Forms;

/// <summary>One labelled input, as <c>_Field.cshtml</c> draws it.</summary>
internal sealed record Field
{
    public required string Name { get; init; }
    public required string Label { get; init; }

    /// <summary>What was typed before. Never set for a password.</summary>
    public string? Value { get; init; }

    /// <summary>The input's <c>type</c>: text, email or password.</summary>
    public string Type { get; init; } = "text";
    public required string Autocomplete { get; init; }
    public string? InputMode { get; init; }
    /// <summary>none for what is not a sentence or a name: phones capitalise otherwise.</summary>
    public string Capitalize { get; init; } = "none";
    public string EnterKeyHint { get; init; } = "next";
    public string? Help { get; init; }
    public string? Fault { get; init; }
    public bool Required { get; init; } = true;
    public bool Focus { get; init; }

    /// <summary>Not for passwords: a browser would cut a pasted one without a word.</summary>
    public int MaxLength { get; init; } = 256;

    public bool IsPassword => string.Equals(Type, "password", StringComparison.Ordinal);

    public string HelpId => Name + "-help";

    public string FaultId => Name + "-fault";

    /// <summary>The ids of the texts that a screen reader reads after the label, or null for none.</summary>
    public string? DescribedBy => (Fault, Help) switch
    {
        (not null, not null) => FaultId + " " + HelpId,
        (not null, null) => FaultId,
        (null, not null) => HelpId,
        _ => null,
    };
}
