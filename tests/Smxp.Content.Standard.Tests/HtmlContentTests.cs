using System.Diagnostics;
using System.Text;
using AngleSharp.Html.Parser;
using Smxp.Plugins.Content;

namespace Smxp.Content.Standard.Tests;

public sealed class HtmlContentTests
{
    private static readonly IContentType Html = new HtmlContent();

    private static readonly HashSet<string> Forbidden =
    [
        "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math", "form", "input", "button", "select", "textarea", "base", "meta", "link",
        "video", "audio", "source", "template", "noscript", "title", "xmp", "plaintext", "details", "dialog", "marquee", "picture", "portal", "keygen",
    ];

    [Theory]
    [MemberData(nameof(XssVectors.All), MemberType = typeof(XssVectors))]
    public void Leaves_nothing_that_runs_loads_or_escapes(string hostile)
    {
        string safe = Html.RenderHtml(hostile);
        AssertSafe(safe);
        Assert.Equal(safe, Html.RenderHtml(safe));
    }

    [Theory]
    [MemberData(nameof(XssVectors.All), MemberType = typeof(XssVectors))]
    public void The_other_types_are_as_safe(string hostile)
    {
        AssertSafe(new MarkdownContent().RenderHtml(hostile));
        AssertSafe(new TextContent().RenderHtml(hostile));
        AssertSafe(new MarkdownContent().RenderHtml($"[x]({hostile}) ![y]({hostile}) <{hostile}>"));
    }

    [Fact]
    public void Pieces_of_them_put_together_are_as_harmless()
    {
        string[] vectors = [.. XssVectors.All.Cast<object[]>().Select(row => (string)row[0])];
        var random = new Random(20260101);
        for (int i = 0; i < 3000; i++)
        {
            var hostile = new StringBuilder();
            for (int pieces = random.Next(2, 6); pieces > 0; pieces--)
            {
                string vector = vectors[random.Next(vectors.Length)];
                int start = random.Next(vector.Length);
                hostile.Append(vector, start, random.Next(vector.Length - start + 1));
            }

            AssertSafe(Html.RenderHtml(hostile.ToString()));
            AssertSafe(new MarkdownContent().RenderHtml(hostile.ToString()));
            Html.RenderText(hostile.ToString());
        }
    }

    [Fact]
    public void Withholds_remote_pictures_until_the_reader_asks()
    {
        string safe = Html.RenderHtml("<img src=\"https://tracker.test/p.gif\" alt=\"chart\">");
        Assert.Contains("data-src=\"https://tracker.test/p.gif\"", safe, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", safe, StringComparison.Ordinal);
        Assert.Contains("alt=\"chart\"", safe, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cid:part1@mail.test")]
    [InlineData("blob:blob_AAAA")]
    [InlineData("data:image/png;base64,AAAA")]
    public void Keeps_pictures_that_came_with_the_message(string address) =>
        Assert.Contains($" src=\"{address}\"", Html.RenderHtml($"<img src=\"{address}\">"), StringComparison.Ordinal);

    [Fact]
    public void Links_open_apart_and_tell_nobody_where_from()
    {
        string safe = Html.RenderHtml("<a href=\"https://peer.test/a?b=1&amp;c=2\">there</a> <a href=\"mailto:bob@peer.test\">bob</a>");
        Assert.Contains("<a href=\"https://peer.test/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">there</a>", safe, StringComparison.Ordinal);
        Assert.Contains("href=\"mailto:bob@peer.test\"", safe, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_looks_of_ordinary_mail()
    {
        const string Mail = "<table width=\"600\" cellpadding=\"0\"><tbody><tr><td style=\"color: #333; font-family: 'Helvetica Neue', Arial; padding: 10px 20px\">Hi</td></tr></tbody></table>";
        Assert.Equal(Mail, Html.RenderHtml(Mail));
    }

    [Fact]
    public void Keeps_the_text_of_elements_it_drops()
    {
        string safe = Html.RenderHtml("<form><label>Name</label></form><o:p>office</o:p><style>p{}</style><script>x</script>");
        Assert.Equal("Nameoffice", new HtmlParser().ParseDocument(safe).Body!.TextContent);
    }

    [Fact]
    public void Reads_as_a_person_would_type_it()
    {
        string text = Html.RenderText(
            "<html><head><title>T</title><style>p{}</style></head><body><h1>Hello</h1><p>One&nbsp;two\n three<br>four</p><ul><li>a</li><li>b</li></ul><ol><li>x<li>y</ol>"
            + "<blockquote>said <b>she</b></blockquote><a href='https://peer.test/x'>here</a> <a href='https://peer.test'>https://peer.test</a><pre>a  b\n c</pre></body></html>");
        Assert.Equal(
            "Hello\n\nOne two three\nfour\n\n- a\n- b\n\n1. x\n2. y\n\n> said she\n\nhere <https://peer.test/x> https://peer.test\n\na  b\n c", text);
    }

    public static TheoryData<string, string> Floods => new()
    {
        { "[", "" }, { "<div>", "" }, { "*", "" }, { "<", "" }, { "&", "" }, { "> ", "" }, { "<b>", "" }, { "<a>", "" }, { "<p>", "" }, { "<table>", "" }, { "<svg>", "" },
        { "<li>", "" }, { "<ul><li>", "" }, { "a ", "<x " }, { "<!--", "" }, { "`", "" }, { "_a", "" }, { "![", "" }, { "[a](", "" }, { "|", "" }, { "a|b\n", "a|b\n-|-\n" }, { "- ", "" },
        { "1. ", "" }, { "\t- x\n", "" }, { "~", "" }, { "<a href=\"", "" }, { "&#x", "" }, { "\\", "" }, { "https://", "" }, { "a@", "" }, { "<select>", "" }, { "<font>", "" },
        { "<option>", "" }, { "<td>", "" }, { "<p style=\"", "" }, { "color:(", "<p style=\"" }, { "<template>", "" }, { "<blockquote>", "" }, { "<em><p>", "" }, { "[^1]", "" },
        { "    x\n", "" }, { "#", "" }, { "\u0000", "" }, { "\ud800", "" }, { "<frameset>", "" }, { "<br>", "" }, { "</p>", "" }, { "</br>", "" }, { "<a><div>", "" }, { "a<!-->", "" }, { "</a>", "<a>" }, { "<td><a>", "<table>" }, { "</b></p><p>", "<b><p>" },
    };

    // Above every bound, and just below those on length, depth and number of elements.
    [Theory]
    [MemberData(nameof(Floods))]
    public void A_flood_costs_little_time_and_no_stack(string unit, string before)
    {
        foreach (int count in new[] { 1_000_000 / unit.Length, 65_000 / unit.Length, 9_900, 500 })
        {
            string body = before + string.Concat(Enumerable.Repeat(unit, count));
            AssertQuick(Html, body);
            AssertQuick(new MarkdownContent(), body);
            AssertQuick(new TextContent(), body);
        }
    }

    [Fact]
    public void Many_different_attributes_cost_little_time() =>
        AssertQuick(Html, "<p " + string.Concat(Enumerable.Range(0, 150_000).Select(i => $"a{i} ")) + ">x");

    [Theory]
    [InlineData("content-type", "text/html;")]
    [InlineData("refresh", "0; url=")]
    [InlineData("content-security-policy", "script-src x ")]
    public void A_long_meta_element_costs_little_time(string header, string unit) =>
        AssertQuick(Html, $"<meta http-equiv={header} content=\"{string.Concat(Enumerable.Repeat(unit, 2_000_000 / unit.Length))}\">x");

    private static void AssertQuick(IContentType type, string body)
    {
        var clock = Stopwatch.StartNew();
        type.Validate(body);
        type.RenderHtml(body);
        type.RenderText(body);
        // A second or two on an idle machine; minutes where something has become quadratic again.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{type.Name} took {clock.Elapsed} over {body.Length} characters");
    }

    private static void AssertSafe(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.Body!.QuerySelectorAll("*"))
        {
            Assert.DoesNotContain(element.LocalName, Forbidden);
            foreach (var attribute in element.Attributes)
            {
                string value = attribute.Value.Trim();
                Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.Name);
                Assert.False(attribute.Name is "id" or "class" or "name" or "srcset" or "background" or "action" or "ping" or "poster", attribute.Name);
                if (attribute.Name == "href") Assert.Matches("^(https?|mailto|tel|cid|blob|smxp):", value);
                if (attribute.Name == "src") Assert.Matches("^(cid:|blob:|data:image/(png|jpeg|gif|webp);base64,)", value);
                if (attribute.Name == "data-src") Assert.Matches("^https?://", value);
                if (attribute.Name == "style") Assert.DoesNotMatch("url|expression|position|binding|behavior|-9|\\\\|\"|src", value);
            }

            if (element.LocalName == "a" && element.HasAttribute("href")) Assert.Equal("noopener noreferrer nofollow", element.GetAttribute("rel"));
        }

        // Parsing and writing once more gives the same: nothing waits to change shape.
        string once = document.Body!.InnerHtml;
        Assert.Equal(once, new HtmlParser().ParseDocument(once).Body!.InnerHtml);
    }
}
