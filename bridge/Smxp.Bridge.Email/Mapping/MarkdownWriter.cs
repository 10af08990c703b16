using System.Text;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Writes markdown (CommonMark) line by line: what stands before each line, what of a text must not be taken for markup, and where blank lines belong.</summary>
internal sealed class MarkdownWriter
{
    // Deeper quotes and lists are shown at this depth.
    private const int MaxDepth = 20;

    private readonly StringBuilder _text = new();
    private readonly List<string> _prefixes = [];
    private IReadOnlyList<string> _before = [];
    private int _breaks;
    private bool _lineHasText;
    private bool _spaceBefore;

    public override string ToString() => _text.ToString();

    /// <summary>Begins a block: what follows stands on a new line, after a blank one if asked.</summary>
    public void Block(bool blankLine)
    {
        _spaceBefore = false;
        _breaks = Math.Max(_breaks, blankLine ? 2 : 1);
    }

    /// <summary>Ends the line within a paragraph.</summary>
    public void LineBreak()
    {
        _spaceBefore = false;
        if (!_lineHasText || _breaks > 0) return;
        _text.Append('\\');
        _breaks = 1;
    }

    /// <summary>What the lines of an inner block begin with, until <see cref="Leave"/>.</summary>
    public void Enter(string prefix) => _prefixes.Add(_prefixes.Count < MaxDepth ? prefix : "");

    public void Leave()
    {
        if (_prefixes.Count > 0) _prefixes.RemoveAt(_prefixes.Count - 1);
    }

    /// <summary>Text as a reader sees it: blanks run together, markup is not.</summary>
    public void Text(string text)
    {
        foreach (char c in text)
        {
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                _spaceBefore = true;
                continue;
            }

            bool first = Start();
            if (NeedsEscape(c, first)) _text.Append('\\');
            _text.Append(c);
        }
    }

    /// <summary>Markup, as it stands.</summary>
    public void Markup(string markup)
    {
        Start();
        _text.Append(markup);
    }

    /// <summary>Markup that ends something: a blank before it stays outside.</summary>
    public void Close(string markup)
    {
        if (_breaks > 0) _breaks = 0;
        _text.Append(markup);
    }

    /// <summary>Lines of code, as they stand.</summary>
    public void Verbatim(string text)
    {
        string fence = new('`', Math.Max(3, LongestRun(text) + 1));
        Block(blankLine: true);
        Markup(fence);
        foreach (string line in text.Trim('\n', '\r').Split('\n'))
        {
            Block(blankLine: false);
            Markup(line.TrimEnd('\r'));
        }

        Block(blankLine: false);
        Markup(fence);
        Block(blankLine: true);
    }

    // Opens the line where none is open; says whether this is its first character.
    private bool Start()
    {
        bool first = false;
        if (_text.Length == 0)
        {
            first = true;
            _text.AppendJoin("", _prefixes);
        }
        else if (_breaks > 0)
        {
            first = true;
            // A blank line belongs to what both lines are in.
            string shared = string.Concat(_prefixes.TakeWhile((prefix, i) => i < _before.Count && _before[i] == prefix)).TrimEnd();
            for (int i = 1; i < _breaks; i++) _text.Append('\n').Append(shared);
            _text.Append('\n').AppendJoin("", _prefixes);
        }
        else if (_spaceBefore && _lineHasText)
        {
            _text.Append(' ');
        }

        (_breaks, _spaceBefore, _lineHasText) = (0, false, true);
        if (first) _before = [.. _prefixes];
        return first;
    }

    private bool NeedsEscape(char c, bool first) => c switch
    {
        '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '&' or '~' or '|' => true,
        '#' or '>' or '-' or '+' or '=' or ':' => first,
        // "1." at the beginning of a line would be a list.
        '.' or ')' => IsNumberSoFar(),
        _ => false,
    };

    private bool IsNumberSoFar()
    {
        int at = _text.Length - 1;
        while (at >= 0 && char.IsAsciiDigit(_text[at])) at--;
        return at < _text.Length - 1 && (at < 0 || _text[at] is '\n' or ' ');
    }

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (char c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
