using System.Globalization;
using System.Text;

namespace Smxp.Storage.Relational;

/// <summary>Text of strangers in columns that are compared: reversible, and never two texts as one.</summary>
/// <remarks>
/// SMXP §5 keeps strings as written, lone surrogates included, but no database stores those: they would all become U+FFFD, and two conversations one. So
/// what is not well-formed, and NUL, is written with escapes, behind a U+0001 that says so. Everything else is stored as it is.
/// </remarks>
internal static class StoredText
{
    private const char Escaped = '\u0001';

    public static string Encode(string text)
    {
        if (IsPlain(text)) return text;
        var stored = new StringBuilder(text.Length + 8).Append(Escaped);
        for (int i = 0; i < text.Length; i++)
        {
            bool pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (pair) stored.Append(text[i++]).Append(text[i]);
            else if (char.IsSurrogate(text[i]) || text[i] is '\0' or '\\') stored.Append(CultureInfo.InvariantCulture, $"\\{(int)text[i]:x4}");
            else stored.Append(text[i]);
        }

        return stored.ToString();
    }

    public static string Decode(string stored)
    {
        if (stored is not [Escaped, ..]) return stored;
        var text = new StringBuilder(stored.Length);
        for (int i = 1; i < stored.Length; i++)
        {
            if (stored[i] != '\\')
            {
                text.Append(stored[i]);
                continue;
            }

            text.Append((char)int.Parse(stored.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            i += 4;
        }

        return text.ToString();
    }

    /// <summary>Several texts in one column.</summary>
    public static string? Join(IEnumerable<string> texts)
    {
        string joined = string.Join('\n', texts.Select(static text => Encode(text).Replace("\n", "\u0002", StringComparison.Ordinal)));
        return joined.Length == 0 ? null : joined;
    }

    /// <summary>The texts of <see cref="Join"/>.</summary>
    public static string[] Split(string? joined) =>
        joined is null ? [] : [.. joined.Split('\n').Select(static text => Decode(text.Replace("\u0002", "\n", StringComparison.Ordinal)))];

    private static bool IsPlain(string text)
    {
        if (text is [Escaped, ..]) return false;
        int odd = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
        if (odd < 0) return !text.Contains('\0');
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A lone surrogate is read as U+FFFD; a text that really holds one is escaped too, which costs nothing but bytes.
            if (rune == Rune.ReplacementChar || rune.Value == 0) return false;
        }

        return true;
    }
}
