using System.Text;
using MimeKit.Text;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Cuts a trailing quote from HTML: the element in which the common mail programs put the earlier thread, where nothing that can be seen follows it.</summary>
internal static class HtmlQuotes
{
    public static string Cut(string html)
    {
        var kept = new StringBuilder(html.Length);
        var quote = new StringBuilder();
        bool somethingKept = false;
        int depth = 0; // within the quote, how deep; 0 outside
        bool ended = false;
        using var reader = new StringReader(html);
        var tokenizer = new HtmlTokenizer(reader);
        while (tokenizer.ReadNextToken(out var token))
        {
            var target = depth > 0 || (ended && !IsClosing(token)) ? quote : kept;
            if (depth > 0)
            {
                depth += Nesting(token);
                ended = depth == 0;
            }
            else if (ended)
            {
                // Something new after the quote: it was an interleaved answer after all.
                if (IsVisible(token)) return html;
                if (IsQuote(token)) (target, depth, ended) = (quote, 1, false);
            }
            else if (IsQuote(token))
            {
                (target, depth) = (quote, 1);
            }
            else
            {
                somethingKept |= IsVisible(token);
            }

            Write(token, target);
        }

        return ended && somethingKept ? kept.ToString() : html;
    }

    private static bool IsQuote(HtmlToken token)
    {
        if (token is not HtmlTagToken { IsEndTag: false, IsEmptyElement: false } tag) return false;
        string? Value(string name) => tag.Attributes.FirstOrDefault(attribute => attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
        return tag.Id switch
        {
            HtmlTagId.Div => Value("class") is { } names && names.Split(' ').Any(static name => name is "gmail_quote" or "gmail_quote_container" or "yahoo_quoted" or "moz-cite-prefix"),
            HtmlTagId.BlockQuote => string.Equals(Value("type"), "cite", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    private static int Nesting(HtmlToken token) => token switch
    {
        HtmlTagToken { Id: HtmlTagId.Div or HtmlTagId.BlockQuote, IsEndTag: true } => -1,
        HtmlTagToken { Id: HtmlTagId.Div or HtmlTagId.BlockQuote, IsEmptyElement: false } => 1,
        _ => 0,
    };

    private static bool IsClosing(HtmlToken token) => token is HtmlTagToken { IsEndTag: true };

    private static bool IsVisible(HtmlToken token) => token switch
    {
        HtmlDataToken data => data.Data.Replace("&nbsp;", "", StringComparison.OrdinalIgnoreCase).Any(static c => !char.IsWhiteSpace(c)),
        HtmlTagToken { Id: HtmlTagId.Image, IsEndTag: false } => true,
        _ => false,
    };

    private static void Write(HtmlToken token, StringBuilder target)
    {
        using var writer = new StringWriter(target);
        token.WriteTo(writer);
    }
}
