using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Smxp.Mail.Authentication.Spf;

/// <summary>A string with macros (RFC 7208 §7), parsed once and expanded for each mail. Pure: values come from the caller.</summary>
internal sealed class MacroString
{
    private const int MaxName = 253;

    private static readonly SearchValues<char> Delimiters = SearchValues.Create(".-+,/_=");

    private readonly List<Part> _parts;

    private MacroString(List<Part> parts) => _parts = parts;

    /// <summary>Whether the macro <paramref name="letter"/> occurs, upper case or lower.</summary>
    public bool Uses(char letter) => _parts.Exists(part => char.ToLowerInvariant(part.Letter) == letter);

    /// <summary>A macro-string: printable characters and macros, no spaces.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MacroString? result) => TryParse(text, isExplanation: false, out result);

    /// <summary>The text an exp= points at: spaces too, and the macros c, r and t.</summary>
    public static bool TryParseExplanation(string text, [NotNullWhen(true)] out MacroString? result) => TryParse(text, isExplanation: true, out result);

    /// <summary>A domain-spec: a macro-string that ends in a macro or in a label that is not a number.</summary>
    public static bool TryParseDomain(string text, [NotNullWhen(true)] out MacroString? result)
    {
        if (!TryParse(text, isExplanation: false, out result) || result._parts.Count == 0) return false;
        var last = result._parts[^1];
        if (last.IsMacro || IsToplabelEnd(last.Literal)) return true;
        result = null;
        return false;
    }

    /// <summary>The text with every macro replaced; <paramref name="value"/> gives the value of a letter in lower case.</summary>
    public string Expand(Func<char, string> value)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            if (part.Letter == '\0')
            {
                text.Append(part.Literal);
                continue;
            }

            string expanded = part.Transform(value(char.ToLowerInvariant(part.Letter)));
            // RFC 7208 §7.3: an upper-case letter asks for URL escapes.
            text.Append(char.IsAsciiLetterUpper(part.Letter) ? Uri.EscapeDataString(expanded) : expanded);
        }

        return text.ToString();
    }

    /// <summary>The same as a name: labels are dropped from the left until it fits (RFC 7208 §7.3).</summary>
    public string ExpandDomain(Func<char, string> value)
    {
        var name = Expand(value).AsSpan();
        if (name.EndsWith(".")) name = name[..^1];
        // All at once: a stranger's record expands to millions of labels.
        if (name.Length > MaxName && name[^(MaxName + 1)..].IndexOf('.') is >= 0 and var dot) name = name[^(MaxName - dot)..];
        return name.ToString();
    }

    private static bool TryParse(string text, bool isExplanation, [NotNullWhen(true)] out MacroString? result)
    {
        result = null;
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c != '%')
            {
                if (c is < '!' or > '~' && !(isExplanation && c == ' ')) return false;
                literal.Append(c);
                continue;
            }

            if (++i == text.Length) return false;
            if (text[i] == '{')
            {
                int close = text.IndexOf('}', i);
                if (close < 0 || !TryMacro(text.AsSpan(i + 1, close - i - 1), isExplanation, out var macro)) return false;
                Flush(parts, literal, isMacro: false);
                parts.Add(macro);
                i = close;
                continue;
            }

            string? escape = text[i] switch { '%' => "%", '_' => " ", '-' => "%20", _ => null };
            if (escape is null) return false;
            // These three are macro-expand too, so that a domain-spec may end in one.
            Flush(parts, literal, isMacro: false);
            literal.Append(escape);
            Flush(parts, literal, isMacro: true);
        }

        Flush(parts, literal, isMacro: false);
        result = new MacroString(parts);
        return true;
    }

    private static void Flush(List<Part> parts, StringBuilder literal, bool isMacro)
    {
        if (literal.Length == 0) return;
        parts.Add(new Part(literal.ToString(), isMacro));
        literal.Clear();
    }

    // letter *DIGIT ["r"] *delimiter
    private static bool TryMacro(ReadOnlySpan<char> text, bool isExplanation, out Part macro)
    {
        macro = default;
        if (text.IsEmpty || !(isExplanation ? "slodiphvcrt" : "slodiphv").Contains(char.ToLowerInvariant(text[0]), StringComparison.Ordinal)) return false;
        char letter = text[0];
        text = text[1..];
        int digits = 0;
        int keep = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) keep = Math.Min(1000, (keep * 10) + (text[digits++] - '0'));
        if (digits > 0 && keep == 0) return false;
        text = text[digits..];
        bool reverse = !text.IsEmpty && text[0] is 'r' or 'R';
        if (reverse) text = text[1..];
        if (text.IndexOfAnyExcept(Delimiters) >= 0) return false;
        macro = new Part(letter, keep, reverse, text.IsEmpty ? "." : text.ToString());
        return true;
    }

    // "." toplabel [ "." ]
    private static bool IsToplabelEnd(string literal)
    {
        var text = literal.AsSpan();
        if (text.EndsWith(".")) text = text[..^1];
        int dot = text.LastIndexOf('.');
        if (dot < 0) return false;
        var label = text[(dot + 1)..];
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-') return false;
        bool beyondDigits = false;
        foreach (char c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
            beyondDigits |= !char.IsAsciiDigit(c);
        }

        return beyondDigits;
    }

    // Either literal text (letter 0) or a macro.
    private readonly record struct Part(char Letter, string Literal, bool IsMacro, int Keep, bool Reverse)
    {
        public Part(string literal, bool isMacro)
            : this('\0', literal, isMacro, 0, false)
        {
        }

        public Part(char letter, int keep, bool reverse, string delimiters)
            : this(letter, delimiters, true, keep, reverse)
        {
        }

        public string Transform(string value)
        {
            string[] pieces = value.Split(Literal.ToCharArray());
            if (Reverse) Array.Reverse(pieces);
            return string.Join('.', Keep > 0 && Keep < pieces.Length ? pieces[^Keep..] : pieces);
        }
    }
}
