using AuthServer.Cli.Import;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

[Spec("RFC 4180 §2")]
public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b\r\nc,d\r\n", "1[a|b] 2[c|d]")]
    [InlineData("a,b\nc,d", "1[a|b] 2[c|d]")]
    [InlineData("a;b\nc,d;e", "1[a|b] 2[c,d|e]")]
    [InlineData("a\tb\nc;d\te", "1[a|b] 2[c;d|e]")]
    [InlineData("a,b\n\"x\ny\",\"1,2\"\nc,d", "1[a|b] 2[x\ny|1,2] 4[c|d]")]
    [InlineData("a,b\n\"say \"\"hi\"\"\",\n\n\n,", "1[a|b] 2[say \"hi\"|] 5[|]")]
    [InlineData("a,b\nno \"quotes\" here,\"\"\n", "1[a|b] 2[no \"quotes\" here|]")]
    [InlineData("one\ntwo\n", "1[one] 2[two]")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    public void Records_are_read_with_the_line_they_begin_on(string text, string expected)
    {
        var csv = new CsvReader(new StringReader(text));
        var records = new List<string>();
        while (csv.Read() is { } record) records.Add($"{csv.Line}[{string.Join('|', record)}]");
        Assert.Equal(expected, string.Join(' ', records));
    }

    [Fact]
    public void Every_column_has_names_of_its_own_and_is_found_by_each_of_them()
    {
        foreach (var names in PersonColumns.Known)
            foreach (var name in names) Assert.Equal(names[0], PersonColumns.Find(" " + name.ToUpperInvariant().Replace('_', '-')));
        Assert.Null(PersonColumns.Find("shoe size"));
    }
}
