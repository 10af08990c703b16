using System.Text;
using AngleSharp.Dom;

namespace Smxp.Content.Standard;

/// <summary>HTML as a person would type it: paragraphs, list marks, quote marks, and where links lead.</summary>
internal sealed class ReadableText
{
    private static readonly HashSet<string> Unread = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select",
    };

    private static readonly HashSet<string> Paragraphs = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "blockquote", "table", "figure", "hr",
    };

    private static readonly HashSet<string> Lines = new(StringComparer.OrdinalIgnoreCase)
    {
        "div", "li", "tr", "dt", "dd", "address", "article", "aside", "center", "section", "header", "footer", "main", "nav", "figcaption", "caption",
    };

    private readonly StringBuilder _text = new();
    private string _quote = "";
    private string _lastQuote = "";
    private string _mark = "- ";
    private int _breaks;
    private bool _blank;

    private ReadableText()
    {
    }

    /// <summary>The text; null where the HTML is beyond what we read.</summary>
    public static string? Of(string html)
    {
        if (HtmlSource.Parse(html) is not { Body: { } body }) return null;
        var reader = new ReadableText();
        reader.ReadChildren(body, isPreformatted: false);
        return reader._text.ToString();
    }

    private void ReadChildren(INode node, bool isPreformatted)
    {
        int number = 1;
        foreach (var child in node.ChildNodes)
        {
            // Not NextSibling or the like: they look for their place in the parent each time.
            if (child is IElement { LocalName: "li" }) _mark = node is IElement { LocalName: "ol" } ? $"{number++}. " : "- ";
            if (child is IText text) Write(text.Data, isPreformatted);
            else if (child is IElement element && !Unread.Contains(element.LocalName)) Read(element, isPreformatted);
        }
    }

    private void Read(IElement element, bool isPreformatted)
    {
        string name = element.LocalName;
        int space = Paragraphs.Contains(name) ? 2 : Lines.Contains(name) ? 1 : 0;
        Break(space);
        switch (name)
        {
            case "br":
                _breaks = Math.Min(_breaks + 1, 2);
                break;
            case "hr":
                Write("----", isPreformatted: true);
                break;
            case "img":
                Write(element.GetAttribute("alt") ?? "", isPreformatted);
                break;
            case "blockquote":
                (string outer, _quote) = (_quote, _quote.Length < 64 ? _quote + "> " : _quote);
                ReadChildren(element, isPreformatted);
                _quote = outer;
                break;
            case "li":
                Write(_mark, isPreformatted: true);
                ReadChildren(element, isPreformatted);
                break;
            case "a":
                int start = _text.Length;
                ReadChildren(element, isPreformatted);
                WriteTarget(element.GetAttribute("href"), start);
                break;
            default:
                ReadChildren(element, isPreformatted || name == "pre");
                break;
        }

        if (name is "td" or "th") _blank = true;
        Break(space);
    }

    private void WriteTarget(string? address, int start)
    {
        if (SafeAddress.Filter(address, isPicture: false) is not { } target) return;
        string shown = _text.ToString(start, _text.Length - start).Trim();
        string bare = target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? target["mailto:".Length..] : target;
        if (shown.Length == 0) Write(bare, isPreformatted: false);
        else if (!shown.Contains(bare.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) Write($" <{bare}>", isPreformatted: false);
    }

    private void Break(int lines)
    {
        _breaks = Math.Max(_breaks, lines);
        if (lines > 0) _blank = false;
    }

    private void Write(string text, bool isPreformatted)
    {
        foreach (char c in text)
        {
            if (isPreformatted && c == '\n')
            {
                Flush();
                _text.Append('\n').Append(_quote);
            }
            else if (!isPreformatted && char.IsWhiteSpace(c) && c != '\u00a0')
            {
                _blank = true;
            }
            else if (c != '\r')
            {
                Flush();
                _text.Append(c == '\u00a0' ? ' ' : c);
            }
        }
    }

    /// <summary>Breaks and blanks are written when something follows them.</summary>
    private void Flush()
    {
        if (_text.Length == 0)
        {
            _text.Append(_quote);
        }
        else if (_breaks > 0)
        {
            // Empty lines between two depths of quotation belong to the shallower.
            string between = (_quote.Length < _lastQuote.Length ? _quote : _lastQuote).TrimEnd();
            for (int i = 1; i < _breaks; i++) _text.Append('\n').Append(between);
            _text.Append('\n').Append(_quote);
        }
        else if (_blank && _text[^1] is not ('\n' or ' '))
        {
            _text.Append(' ');
        }

        (_breaks, _blank, _lastQuote) = (0, false, _quote);
    }
}
