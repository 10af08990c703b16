using MimeKit.Text;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>The words of an HTML text that a reader sees.</summary>
internal static class VisibleWords
{
    public static IReadOnlyList<string> Of(string html)
    {
        var words = new List<string>();
        string? hidden = null;
        var tokenizer = new HtmlTokenizer(new StringReader(html));
        while (tokenizer.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag && tag.Id is HtmlTagId.Title or HtmlTagId.Style or HtmlTagId.Script)
            {
                if (!tag.IsEndTag) hidden ??= tag.Name;
                else if (string.Equals(hidden, tag.Name, StringComparison.OrdinalIgnoreCase)) hidden = null;
            }
            else if (hidden is null && token is HtmlDataToken { Kind: HtmlTokenKind.Data } data)
            {
                words.AddRange(data.Data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return words;
    }
}
