using System.Globalization;
using System.Text;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Text from headers, made fit to show on one line.</summary>
internal static class DisplayText
{
    private const int MaxFileName = 200;

    /// <summary>One line of at most so many characters, whole ones and none that control; null where nothing is left.</summary>
    public static string? Line(string? text, int max)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var line = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
            }
            else
            {
                line.Append(rune);
            }
        }

        return Cut(line.ToString().Trim(), max) is { Length: > 0 } result ? result : null;
    }

    /// <summary>A file's name without folders, and without characters that make it look like another (U+202E and its kind); null where nothing is left.</summary>
    public static string? FileName(string? text)
    {
        if (text is null) return null;
        string last = text[(text.LastIndexOfAny(['/', '\\']) + 1)..];
        string visible = string.Concat(last.Where(static c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control)));
        return Line(visible, MaxFileName) is { } name && name.Trim('.', ' ').Length > 0 ? name : null;
    }

    private static string Cut(string text, int max)
    {
        if (text.Length <= max) return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
