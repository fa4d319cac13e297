using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Localization;

namespace AuthServer.Engine.Mail;

/// <summary>Names the resource file with every text of the letters (MailTexts.resx).</summary>
public sealed class MailTexts;

/// <summary>Puts a letter into words: the texts of its kind in the reader's language, as plain text and as HTML with the same words.</summary>
public sealed partial class LetterWriter(IStringLocalizer<MailTexts> texts, IConfiguration configuration)
{
    /// <summary>What lets the reader see at once whether it was them.</summary>
    private static readonly string[] Facts = ["when", "where", "device"];

    private static readonly Lazy<string> Frame = new(static () =>
    {
        using var reader = new StreamReader(typeof(LetterWriter).Assembly.GetManifestResourceStream("Letter.html")!, Encoding.UTF8);
        return reader.ReadToEnd();
    });

    public WrittenLetter Write(Letter letter)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            if (letter.Culture is { } culture) CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureOf(culture);
            return Compose(letter);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    private WrittenLetter Compose(Letter letter)
    {
        var kind = letter.Kind.ToString();
        var service = ServiceOf(configuration);
        // What has changed is a word of ours with texts of its own, or a plain value such as an address.
        var what = OneLine(letter.Values.GetValueOrDefault("what") ?? "");
        var (word, argument) = what.Split(':', 2) is [var first, var rest] ? (first, rest) : (what, "");
        object[] arguments = [service, texts["What_" + word, argument] is { ResourceNotFound: false } known ? known.Value : what];
        var facts = Facts.Where(letter.Values.ContainsKey).Select(fact => texts["Fact_" + fact, OneLine(letter.Values[fact])].Value).ToList();
        var greeting = letter.Name is { Length: > 0 } person ? texts["Greeting", person].Value : texts["GreetingNobody"].Value;
        var body = texts[kind + "_Body", arguments].Value;
        var close = texts[kind + "_Close", arguments].Value;
        var subject = OneLine(texts[kind + "_Subject", arguments].Value);
        var link = letter.Values.GetValueOrDefault("link");
        var code = letter.Values.GetValueOrDefault("code");
        var button = link is null ? null : texts[kind + "_Button"].Value;

        var text = new StringBuilder().Append(greeting).Append("\n\n").Append(body).Append("\n\n");
        if (link is not null) text.Append(link).Append("\n\n");
        if (code is not null) text.Append("    ").Append(code).Append("\n\n");
        if (facts.Count > 0) text.AppendJoin('\n', facts).Append("\n\n");
        text.Append(close).Append("\n\n-- \n").Append(service).Append('\n');

        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["lang"] = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
            ["subject"] = Html(subject),
            ["greeting"] = Html(greeting),
            ["body"] = Html(body),
            ["facts"] = facts.Count == 0 ? "" : $"<p>{string.Join("<br>", facts.Select(Html))}</p>",
            ["action"] = Action(link, button, code),
            ["close"] = Html(close),
            ["service"] = Html(service),
        };
        // In one go: what somebody typed is never looked through for places to fill.
        var html = Place.Replace(Frame.Value, place => values[place.Groups[1].Value]);
        return new WrittenLetter(letter.To, subject, text.ToString(), html);
    }

    /// <summary>What the deployment calls itself.</summary>
    internal static string ServiceOf(IConfiguration configuration) => configuration["Branding:Name"] is { Length: > 0 } name ? name : "AuthServer";

    private static string Action(string? link, string? button, string? code)
    {
        if (link is not null) return $"<p style=\"margin:24px 0\"><a class=\"button\" href=\"{Html(link)}\">{Html(button!)}</a></p><p class=\"quiet\">{Html(link)}</p>";
        return code is null ? "" : $"<p class=\"code\">{Html(code)}</p>";
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A line break in a subject would begin a header of a stranger's own.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));

    private static CultureInfo CultureOf(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name.Replace('_', '-'));
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.CurrentUICulture;
        }
    }

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Place { get; }
}
