using System.Net;
using MimeKit.Text;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>
/// Turns the HTML of a mail into markdown: paragraphs, headings, emphasis, links, lists, quotes, code and pictures; a table's cells become a line. It is given HTML that was made safe
/// already, and passes no tag on: what it does not know is shown as its text.
/// </summary>
internal sealed class HtmlMarkdown
{
    private const int MaxOpenLists = 20;

    private readonly MarkdownWriter _out = new();
    private readonly Stack<int> _lists = new(); // the next number; negative for bullets
    private readonly Stack<string?> _links = new();
    private readonly System.Text.StringBuilder _verbatim = new();
    private bool _isVerbatim;
    private bool _isFirstCell;
    private int _hidden;

    private HtmlMarkdown()
    {
    }

    public static string Convert(string html)
    {
        var converter = new HtmlMarkdown();
        using var reader = new StringReader(html);
        var tokenizer = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        while (tokenizer.ReadNextToken(out var token)) converter.Read(token);
        if (converter._isVerbatim) converter._out.Verbatim(converter._verbatim.ToString());
        return converter._out.ToString().TrimEnd();
    }

    private void Read(HtmlToken token)
    {
        switch (token)
        {
            case HtmlTagToken tag:
                if (tag.Id is HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Head or HtmlTagId.Title) _hidden = Math.Max(0, _hidden + (tag.IsEndTag ? -1 : 1));
                else if (_isVerbatim && tag.Id is not HtmlTagId.Pre) _verbatim.Append(tag.Id == HtmlTagId.Br ? "\n" : "");
                else if (tag.IsEndTag) End(tag);
                else Begin(tag);
                break;
            case HtmlDataToken data when token is not HtmlCDataToken && _hidden == 0:
                if (_isVerbatim) _verbatim.Append(data.Data);
                else _out.Text(data.Data.Replace('\u00a0', ' '));
                break;
        }
    }

    private void Begin(HtmlTagToken tag)
    {
        switch (tag.Id)
        {
            case HtmlTagId.Br:
                _out.LineBreak();
                break;
            case HtmlTagId.HR:
                _out.Block(blankLine: true);
                _out.Markup("---");
                _out.Block(blankLine: true);
                break;
            case HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6:
                _out.Block(blankLine: true);
                _out.Markup(new string('#', tag.Name[1] - '0') + " ");
                break;
            case HtmlTagId.B or HtmlTagId.Strong:
                _out.Markup("**");
                break;
            case HtmlTagId.I or HtmlTagId.EM:
                _out.Markup("*");
                break;
            case HtmlTagId.A:
                _links.Push(LinkOf(Value(tag, "href")));
                if (_links.Peek() is not null) _out.Markup("[");
                break;
            case HtmlTagId.Image:
                Picture(tag);
                break;
            case HtmlTagId.UL or HtmlTagId.OL:
                _out.Block(blankLine: _lists.Count == 0);
                if (_lists.Count < MaxOpenLists) _lists.Push(tag.Id == HtmlTagId.OL ? 1 : -1);
                break;
            case HtmlTagId.LI:
                Item();
                break;
            case HtmlTagId.BlockQuote:
                _out.Block(blankLine: true);
                _out.Enter("> ");
                break;
            case HtmlTagId.Pre:
                (_isVerbatim, _) = (true, _verbatim.Clear());
                break;
            case HtmlTagId.TR:
                _out.Block(blankLine: false);
                _isFirstCell = true;
                break;
            case HtmlTagId.TD or HtmlTagId.TH:
                if (!_isFirstCell) _out.Text(" · ");
                _isFirstCell = false;
                break;
            default:
                if (BreaksAround(tag.Id)) _out.Block(blankLine: tag.Id == HtmlTagId.P);
                break;
        }
    }

    private void End(HtmlTagToken tag)
    {
        switch (tag.Id)
        {
            case HtmlTagId.B or HtmlTagId.Strong:
                _out.Close("**");
                break;
            case HtmlTagId.I or HtmlTagId.EM:
                _out.Close("*");
                break;
            case HtmlTagId.A:
                if (_links.TryPop(out string? link) && link is not null) _out.Close($"]({link})");
                break;
            case HtmlTagId.UL or HtmlTagId.OL:
                _lists.TryPop(out _);
                _out.Block(blankLine: _lists.Count == 0);
                break;
            case HtmlTagId.LI:
                _out.Leave();
                _out.Block(blankLine: false);
                break;
            case HtmlTagId.BlockQuote:
                _out.Leave();
                _out.Block(blankLine: true);
                break;
            case HtmlTagId.Pre when _isVerbatim:
                _isVerbatim = false;
                _out.Verbatim(_verbatim.ToString());
                break;
            case HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6 or HtmlTagId.P:
                _out.Block(blankLine: true);
                break;
            default:
                if (BreaksAround(tag.Id)) _out.Block(blankLine: false);
                break;
        }
    }

    private void Item()
    {
        int next = _lists.TryPop(out int number) ? number : -1;
        _lists.Push(next < 0 ? next : next + 1);
        string mark = next < 0 ? "- " : $"{next}. ";
        _out.Block(blankLine: false);
        _out.Markup(mark);
        _out.Enter(new string(' ', mark.Length));
    }

    private void Picture(HtmlTagToken tag)
    {
        if (Value(tag, "src") is not { } source || !(source.StartsWith("blob:", StringComparison.Ordinal) || source.StartsWith("https:", StringComparison.OrdinalIgnoreCase))) return;
        _out.Markup("![");
        _out.Text(Value(tag, "alt") ?? "");
        _out.Close($"]({Escape(source)})");
    }

    private static bool BreaksAround(HtmlTagId id) =>
        id is HtmlTagId.P or HtmlTagId.Div or HtmlTagId.Table or HtmlTagId.Section or HtmlTagId.Article or HtmlTagId.Header or HtmlTagId.Footer or HtmlTagId.Center or HtmlTagId.DL or HtmlTagId.DT or HtmlTagId.DD;

    private static string? Value(HtmlTagToken tag, string name) =>
        tag.Attributes.FirstOrDefault(attribute => attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value is { } value ? WebUtility.HtmlDecode(value).Trim() : null;

    private static string? LinkOf(string? href) =>
        Uri.TryCreate(href, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" or "mailto" ? Escape(href!) : null;

    // Whatever could end the link early.
    private static string Escape(string link) => string.Concat(link.Select(static c => c is '(' or ')' or '<' or '>' or '\\' || char.IsWhiteSpace(c) || char.IsControl(c) ? Uri.HexEscape(c > 0xff ? '?' : c) : c.ToString()));
}
