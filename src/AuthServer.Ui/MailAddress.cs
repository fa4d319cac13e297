namespace AuthServer.Ui;

/// <summary>An e-mail address on a page that a stranger with a password might see.</summary>
internal static class MailAddress
{
    /// <summary>First letter and domain.</summary>
    public static string Mask(string? address)
    {
        var at = address?.LastIndexOf('@') ?? -1;
        return at > 0 ? address![0] + "•••" + address[at..] : "";
    }
}
