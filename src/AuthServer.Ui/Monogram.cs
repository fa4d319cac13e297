using System.Globalization;

namespace AuthServer.Ui;

/// <summary>One letter in place of a picture.</summary>
internal static class Monogram
{
    public static string Of(string name) => StringInfo.GetNextTextElement(name.TrimStart('@', ' '));
}
