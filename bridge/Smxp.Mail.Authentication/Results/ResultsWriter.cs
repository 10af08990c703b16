using System.Text;

namespace Smxp.Mail.Authentication.Results;

/// <summary>Writes Authentication-Results, a line for each method and more where a line grows long.</summary>
internal static class ResultsWriter
{
    // RFC 5322 §2.1.1 recommends 78; the longest single value is cut so that no line comes near 998.
    private const int LineLength = 78;
    private const int LongestValue = 500;

    public static string Write(AuthenticationResults results)
    {
        var text = new StringBuilder(Value(results.AuthservId));
        if (results.Results.Count == 0) return text.Append("; none").ToString();
        foreach (var result in results.Results)
        {
            text.Append(";\r\n\t");
            int line = 8;
            Append(text, ref line, $"{result.Method}={result.Result}", first: true);
            if (result.Reason is { Length: > 0 } reason) Append(text, ref line, $"reason={Quote(Printable(reason))}", first: false);
            foreach (var property in result.Properties) Append(text, ref line, $"{property.Type}.{property.Name}={PropertyValue(property.Value)}", first: false);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, ref int line, string piece, bool first)
    {
        if (!first && line + 1 + piece.Length > LineLength)
        {
            text.Append("\r\n\t");
            line = 8;
        }
        else if (!first)
        {
            text.Append(' ');
            line++;
        }

        text.Append(piece);
        line += piece.Length;
    }

    // pvalue: a token, a quoted string, or an address or domain without quotes.
    private static string PropertyValue(string value)
    {
        string text = Printable(value);
        int at = text.LastIndexOf('@');
        return at >= 0 && (at == 0 || IsDotAtom(text[..at])) && IsToken(text[(at + 1)..]) ? text : Value(text);
    }

    private static string Value(string value)
    {
        string text = Printable(value);
        return IsToken(text) ? text : Quote(text);
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // Nothing that ends a line, and no control character.
    private static string Printable(string value) => string.Concat((value.Length > LongestValue ? value[..LongestValue] : value).Select(static c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c));

    // RFC 2045 §5.1: no specials, which in a quoted string stand for themselves.
    internal static bool IsToken(string text) => text.Length > 0 && text.All(static c => c is > ' ' and not '\x7f' && !"()<>@,;:\\\"/[]?=".Contains(c, StringComparison.Ordinal));

    private static bool IsDotAtom(string text) => text.Length > 0 && text[0] != '.' && text[^1] != '.' && !text.Contains("..", StringComparison.Ordinal)
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c > '\x7f' || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal));
}
