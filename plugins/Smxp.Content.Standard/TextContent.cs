using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Smxp.Plugins.Content;

namespace Smxp.Content.Standard;

/// <summary>Plain text: shown as it was typed, with web addresses made into links.</summary>
internal sealed partial class TextContent : IContentType
{
    public string Name => "text";

    public string? Validate(string body) => null;

    public string RenderHtml(string body) => Show(body);

    public string RenderText(string body) => body;

    /// <summary>The text as HTML. Also what other types show where a body is beyond them.</summary>
    public static string Show(string text)
    {
        var html = new StringBuilder(text.Length + 64).Append("<div style=\"white-space: pre-wrap\">");
        int shown = 0;
        foreach (var link in WebAddress().EnumerateMatches(text))
        {
            string address = WebUtility.HtmlEncode(text.Substring(link.Index, link.Length));
            html.Append(WebUtility.HtmlEncode(text[shown..link.Index]))
                .Append("<a href=\"").Append(address).Append("\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">").Append(address).Append("</a>");
            shown = link.Index + link.Length;
        }

        return html.Append(WebUtility.HtmlEncode(text[shown..])).Append("</div>").ToString();
    }

    /// <summary>Linear in the text. Punctuation at the end belongs to the sentence.</summary>
    [GeneratedRegex("""\bhttps?://[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]""", RegexOptions.NonBacktracking)]
    private static partial Regex WebAddress();
}
