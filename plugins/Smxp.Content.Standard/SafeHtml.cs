using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace Smxp.Content.Standard;

/// <summary>
/// Makes HTML safe to show, by an allow-list of elements, attributes and style declarations. Nothing is fetched until the reader wills it:
/// a remote picture's address stands in <c>data-src</c>. Pictures that came with the message (<c>cid:</c>, <c>blob:</c>) stay.
/// </summary>
internal static class SafeHtml
{
    /// <summary>What is inside these is not text to be read.</summary>
    private const string Dropped =
        "script,style,head,title,template,noscript,iframe,frame,frameset,object,embed,applet,svg,math,textarea,select,xmp,noembed,noframes,plaintext,audio,video,canvas,portal";

    private static readonly string[] Tags =
        [
            "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
            "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
            "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
            "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
        ];

    // No id, class or name: they would reach into the page around us.
    private static readonly string[] Attributes =
        [
            "href", "src", "alt", "title", "width", "height", "align", "valign", "bgcolor", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "color", "face",
            "size", "dir", "lang", "start", "type", "value", "datetime", "span", "nowrap", "reversed",
        ];

    /// <summary>The safe form; null where the HTML is beyond what we read.</summary>
    public static string? Sanitize(string html)
    {
        if (HtmlSource.Parse(html) is not { Body: { } body } document) return null;
        foreach (var element in document.QuerySelectorAll(Dropped)) element.Remove();

        // What was made safe once, stored, and is made safe again keeps its pictures.
        foreach (var picture in document.QuerySelectorAll("img[data-src]:not([src])")) picture.SetAttribute("src", picture.GetAttribute("data-src"));
        var styles = TakeStyles(document);
        NewSanitizer().SanitizeDom(document, body);
        foreach (var (element, style) in styles) element.SetAttribute("style", style);
        foreach (var picture in document.QuerySelectorAll("img")) Withhold(picture);
        foreach (var link in document.QuerySelectorAll("a[href]")) Isolate(link);
        return body.ChildNodes.ToHtml();
    }

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(SafeAddress.Schemes, StringComparer.OrdinalIgnoreCase),
        })
        {
            KeepChildNodes = true,
        };
        sanitizer.FilterUrl += static (_, e) => e.SanitizedUrl = SafeAddress.Filter(e.OriginalUrl, e.Tag is IHtmlImageElement);
        return sanitizer;
    }

    /// <summary>Style declarations are filtered by a list of ours, out of the sanitizer's sight: it would need a CSS parser, with its nesting and its surprises.</summary>
    private static List<(IElement Element, string Style)> TakeStyles(IHtmlDocument document)
    {
        var styles = new List<(IElement, string)>();
        foreach (var element in document.QuerySelectorAll("[style]"))
        {
            string style = SafeStyle.Filter(element.GetAttribute("style")!);
            if (style.Length > 0) styles.Add((element, style));
            element.RemoveAttribute("style");
        }

        return styles;
    }

    private static void Withhold(IElement picture)
    {
        if (picture.GetAttribute("src") is not { } address || !SafeAddress.IsRemote(address)) return;
        picture.RemoveAttribute("src");
        picture.SetAttribute("data-src", address);
    }

    private static void Isolate(IElement link)
    {
        link.SetAttribute("rel", "noopener noreferrer nofollow");
        link.SetAttribute("target", "_blank");
    }
}
