using System.Net;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Browser;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Smxp.Content.Standard;

/// <summary>Reads HTML from strangers: no scripts, no style sheets, no requests, and a bound on size and depth.</summary>
internal static partial class HtmlSource
{
    /// <summary>Beyond this, a body is shown as text.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>As deep as browsers go. Deeper trees make parsers quadratic and recursive writers run out of stack.</summary>
    private const int MaxDepth = 512;

    /// <summary>The parser moves, clones and removes nodes at a cost that grows with their number.</summary>
    private const int MaxElements = 20_000;

    // A body is characters already; what a meta element says of their encoding is not asked, and AngleSharp's reading of it is quadratic.
    private static readonly IConfiguration Configuration = AngleSharp.Configuration.Default.Without<EncodingMetaHandler>();

    // How often the elements are counted that nobody wrote.
    private const int Recount = 32;

    /// <summary>The document; null where it is beyond the bounds.</summary>
    public static IHtmlDocument? Parse(string html)
    {
        if (html.Length > MaxLength || html.AsSpan().Count('<') > 2 * MaxElements) return null;
        try
        {
            var document = Parser().ParseDocument(html);
            return IsWithinBounds(document) ? document : null;
        }
        catch (BoundsExceededException)
        {
            return null;
        }
    }

    /// <summary>What is left of HTML without its tags: for bodies beyond the bounds.</summary>
    public static string StripTags(string html) => WebUtility.HtmlDecode(Tag().Replace(html, " "));

    private static HtmlParser Parser()
    {
        IElement? last = null;
        int count = 0;
        return new HtmlParser(
            new HtmlParserOptions
            {
                IsScripting = false,
                OnCreated = (element, _) =>
                {
                    // An element goes at most one level below the one before it. What is never closed (a font, a link) is repeated by the parser in every block that follows, without asking here.
                    if (++count > MaxElements || (count % Recount == 0 && HasTooMany(element.Owner)) || (last is not null && DepthOf(last) >= MaxDepth)) throw new BoundsExceededException();
                    last = element;
                },
            },
            BrowsingContext.New(Configuration));
    }

    private static bool HasTooMany(IDocument? document) => document?.All.Skip(MaxElements).Any() == true;

    // With the elements, what stands in them is repeated.
    private static bool IsWithinBounds(IDocument document)
    {
        long length = 0;
        int count = 0;
        foreach (var element in document.All)
        {
            if (++count > MaxElements) return false;
            foreach (var attribute in element.Attributes) length += attribute.Value.Length;
            if (length > MaxLength) return false;
        }

        return true;
    }

    private static int DepthOf(IElement element)
    {
        int depth = 0;
        for (var ancestor = element.ParentElement; ancestor is not null && depth < MaxDepth; ancestor = ancestor.ParentElement) depth++;
        return depth;
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    private sealed class BoundsExceededException : Exception;
}
