using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Ui;
using AuthServer.Ui.Forms;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Ui;

public sealed partial class TextsTests
{
    private static readonly StringLocalizer<Texts> Localizer =
        new(new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance));

    [Fact]
    public void Every_text_a_page_asks_for_exists()
    {
        var missing = UsedKeys().Where(static key => Localizer[key].ResourceNotFound).ToList();
        Assert.Empty(missing);
    }

    [Fact]
    public void No_text_is_left_that_nobody_asks_for()
    {
        // Also one of two, or the beginning of several.
        var written = Sources().SelectMany(static text => Literal.Matches(text).Select(static m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        var beginnings = written.Where(static text => text.EndsWith('_')).ToList();
        Assert.DoesNotContain(AllKeys(), key => !written.Contains(key) && !beginnings.Exists(beginning => key.StartsWith(beginning, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_scope_is_told_in_the_operators_words_else_in_ours_else_by_its_name()
    {
        Assert.Equal(new ScopeText("Write notes", "Add and delete"), ScopeText.Of(new ScopeDefinition { Name = "email", DisplayName = "Write notes", Description = "Add and delete" }, Localizer));
        Assert.Equal(new ScopeText("See your email address", null), ScopeText.Of(new ScopeDefinition { Name = "email" }, Localizer));
        Assert.Equal(new ScopeText("Use “notes:write”", null), ScopeText.Of(new ScopeDefinition { Name = "notes:write" }, Localizer));
    }

    [Fact]
    public void What_the_engine_refuses_is_marked_at_its_field_and_the_cursor_goes_to_the_first()
    {
        var form = new AccountForm();
        form.Mark([new FieldFault(nameof(RegistrationForm.Password), AccountFault.PasswordTooShort, 12), new FieldFault(nameof(RegistrationForm.GivenName), AccountFault.TooLong, 100), new FieldFault("", AccountFault.RegistrationClosed)], Localizer);

        Assert.Equal("Use at least 12 characters.", form.Faults["password"]);
        Assert.Equal("Use at most 100 characters.", form.Faults["given_name"]);
        Assert.StartsWith("This server does not take", form.Faults.Summary, StringComparison.Ordinal);
        Assert.Equal("given_name", form.Focus);
    }

    [Fact]
    public void Every_fault_of_the_engine_has_a_text_and_every_such_text_a_fault() =>
        Assert.Equal(Enum.GetNames<AccountFault>().Select(static n => "Fault_" + n).Order(), AllKeys().Where(static k => k.StartsWith("Fault_", StringComparison.Ordinal)).Order());

    [Fact]
    public void An_empty_form_is_told_what_is_missing()
    {
        var form = new AccountForm { UserName = " " };

        Assert.Null(form.Read(Localizer));
        Assert.NotNull(form.Faults["username"]);
        Assert.NotNull(form.Faults["password"]);
        Assert.Equal("username", form.Focus);
    }

    private static IEnumerable<string> UsedKeys() =>
        from text in Sources()
        from Match match in Key.Matches(text)
        let key = match.Groups["key"].Value
        where !key.EndsWith('_')
        select key;

    private static IEnumerable<string> Sources() =>
        from file in Directory.EnumerateFiles(UiFolder(), "*.*", SearchOption.AllDirectories)
        where file.EndsWith(".cshtml", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)
        // The administration has a file of its own.
        where !file.Contains("/Pages/Admin/", StringComparison.Ordinal)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("node_modules", StringComparison.Ordinal)
        select File.ReadAllText(file);

    private static IEnumerable<string> AllKeys() =>
        XDocument.Load(Path.Combine(UiFolder(), "Texts.resx")).Root!.Elements("data").Select(static e => e.Attribute("name")!.Value);

    private static string UiFolder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/AuthServer.Ui"));

    [GeneratedRegex("\"(\\w+)\"")]
    private static partial Regex Literal { get; }

    [GeneratedRegex("""\b(?:T|H|texts)\["(?<key>\w+)"[\],]""")]
    private static partial Regex Key { get; }
}
