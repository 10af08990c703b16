using System.Text;
using MimeKit.Text;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>format=flowed (RFC 3676), both ways.</summary>
internal static class FlowedText
{
    // RFC 3676 §4.2: lines of 78 characters or fewer, CRLF not counted; §4.3 has the signature mark stay as it is.
    private const int MaxLine = 76;
    private const string SignatureMark = "-- ";

    /// <summary>Joins the lines that flow on.</summary>
    public static string Join(string text, bool deleteSpace) => new FlowedToText { DeleteSpace = deleteSpace }.Convert(text);

    /// <summary>Breaks long lines so that a reader can join them again.</summary>
    public static string Break(string text)
    {
        var flowed = new StringBuilder(text.Length + 64);
        foreach (var line in text.ReplaceLineEndings("\n").AsSpan().EnumerateLines())
        {
            // A blank at the end would make the next line part of this one.
            var rest = line.SequenceEqual(SignatureMark) ? line : line.TrimEnd(' ');
            while (true)
            {
                // RFC 3676 §4.4: a line that begins like a quote, a blank or mbox's "From " is stuffed.
                if (rest is [' ' or '>', ..] || rest.StartsWith("From ", StringComparison.Ordinal)) flowed.Append(' ');
                int end = BreakAt(rest);
                if (end == rest.Length) break;
                flowed.Append(rest[..end]).Append("\r\n");
                rest = rest[end..];
            }

            flowed.Append(rest).Append("\r\n");
        }

        return flowed.ToString();
    }

    // After the last blank that fits; words longer than a line stay whole. Quoted lines are their writer's.
    private static int BreakAt(ReadOnlySpan<char> line)
    {
        if (line.Length <= MaxLine || line[0] == '>') return line.Length;
        int blank = line[..MaxLine].LastIndexOf(' ');
        if (blank <= 0 || line[..blank].IsWhiteSpace()) blank = line[MaxLine..].IndexOf(' ') is var later and >= 0 ? MaxLine + later : -1;
        while (blank >= 0 && blank + 1 < line.Length && line[blank + 1] == ' ') blank++;
        return blank < 0 || blank + 1 >= line.Length ? line.Length : blank + 1;
    }
}
