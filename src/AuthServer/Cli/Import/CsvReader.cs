using System.Text;

namespace AuthServer.Cli.Import;

/// <summary>Reads CSV (RFC 4180), one record after the other. The first line says by what the fields are parted: comma, semicolon or tab.</summary>
internal sealed class CsvReader(TextReader reader)
{
    private readonly StringBuilder _field = new();
    private char _separator;
    private int _next = 1;

    /// <summary>The line on which the last record began; a field in quotes may go over several.</summary>
    public int Line { get; private set; }

    /// <summary>The next record that is not an empty line; null at the end.</summary>
    /// <exception cref="FormatException">A field in quotes never ends.</exception>
    public List<string>? Read()
    {
        while (reader.Peek() >= 0)
        {
            Line = _next;
            if (Record() is { } record && record is not [""]) return record;
        }

        return null;
    }

    private List<string> Record()
    {
        var fields = new List<string>();
        _field.Clear();
        var (quoted, atStart) = (false, true);
        for (var c = reader.Read(); ; c = reader.Read())
        {
            if (c < 0 && quoted) throw new FormatException("a field in quotes never ends");
            if (c == '\n') _next++;
            if (quoted)
            {
                if (c != '"') _field.Append((char)c);
                else if (reader.Peek() == '"') _field.Append((char)reader.Read());
                else quoted = false;
                continue;
            }

            switch (c)
            {
                case < 0 or '\n':
                    fields.Add(_field.ToString());
                    if (c < 0) _next++;
                    return fields;
                case '\r' when reader.Peek() is '\n' or < 0:
                    break;
                case '"' when atStart:
                    quoted = true;
                    atStart = false;
                    break;
                case var other when IsSeparator((char)other):
                    fields.Add(_field.ToString());
                    _field.Clear();
                    atStart = true;
                    break;
                default:
                    _field.Append((char)c);
                    atStart = false;
                    break;
            }
        }
    }

    private bool IsSeparator(char c)
    {
        if (_separator == '\0' && c is ',' or ';' or '\t') _separator = c;
        return c == _separator;
    }
}
