namespace AuthServer.Ui.Pages.Admin;

/// <summary>Where a list goes on.</summary>
/// <param name="First">The address of its beginning; null: this is it.</param>
/// <param name="Next">The address of the next part; null: this was the last.</param>
internal sealed record Pager(string? First, string? Next)
{
    public static Pager Of(AdminPage page, string? next) => new(page.Cursor is null ? null : page.With(), next is null ? null : page.With(("cursor", next)));
}
