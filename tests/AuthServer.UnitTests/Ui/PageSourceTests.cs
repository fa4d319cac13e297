using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace AuthServer.UnitTests.Ui;

/// <summary>What the strict Content-Security-Policy and the antiforgery token ask of every page, held against its source.</summary>
public sealed partial class PageSourceTests
{
    public static TheoryData<string> Pages() => [.. Directory.EnumerateFiles(Folder(), "*.cshtml", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Folder(), path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_has_inline_script_or_style(string page)
    {
        var source = File.ReadAllText(Path.Combine(Folder(), page));

        Assert.DoesNotMatch(Inline, source);
    }

    // The form tag helper writes the token only into a form whose action it made itself.
    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_form_is_one_that_gets_an_antiforgery_token(string page)
    {
        var source = File.ReadAllText(Path.Combine(Folder(), page));

        foreach (Match form in Form.Matches(source))
        {
            // A search changes nothing and stands in the address: it needs no token, and one would be kept there.
            Assert.Matches("method=\"(post\"|get\" role=\"search\")", form.Value);
            Assert.DoesNotContain(" action=", form.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("asp-antiforgery", form.Value, StringComparison.Ordinal);
        }
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/AuthServer.Ui/Pages"));

    [GeneratedRegex("""\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:""")]
    private static partial Regex Inline { get; }

    [GeneratedRegex("<form[^>]*>")]
    private static partial Regex Form { get; }
}
