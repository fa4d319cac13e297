namespace AuthServer.Ui.Forms;

/// <summary>What is wrong with a form: a text for the whole, and one for each field.</summary>
internal sealed class FormFaults
{
    private readonly Dictionary<string, string> _byField = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Read out at once, above the form.</summary>
    public string? Summary { get; set; }

    public bool Any => Summary is not null || _byField.Count > 0;

    public string? this[string field] => _byField.GetValueOrDefault(field);

    public void Add(string field, string message) => _byField.TryAdd(field, message);

    /// <summary>Where the cursor goes: the first of <paramref name="fields"/> that has a fault, else the one named.</summary>
    public string FocusAmong(string otherwise, params IEnumerable<string> fields) => fields.FirstOrDefault(_byField.ContainsKey) ?? otherwise;
}
