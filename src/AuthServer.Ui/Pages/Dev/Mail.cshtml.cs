using System.Text.RegularExpressions;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Hosting;

namespace AuthServer.Ui.Pages.Dev;

/// <summary><c>/dev/mail</c>: what would have been mailed, in Development only.</summary>
[OpenRoute("only in Development")]
internal sealed partial class MailModel(FolderTransport folder, PostOffice office, IHostEnvironment environment) : PageModel
{
    public IReadOnlyList<KeptLetter> Letters { get; private set; } = [];

    public KeptLetter? Letter { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? id, CancellationToken ct)
    {
        if (!environment.IsDevelopment()) return NotFound();
        await office.FlushAsync(ct);
        Letters = await folder.ListAsync(ct);
        if (id is null) return Page();
        Letter = Letters.FirstOrDefault(letter => letter.Id == id);
        return Letter is null ? NotFound() : Page();
    }

    /// <summary>The text in pieces, with its links told apart.</summary>
    public static IEnumerable<(string Text, bool IsLink)> Words(string text) => Link.Split(text).Select(static piece => (piece, Link.IsMatch(piece)));

    [GeneratedRegex(@"(https?://\S+)")]
    private static partial Regex Link { get; }
}
