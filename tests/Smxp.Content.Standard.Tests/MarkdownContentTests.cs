using Smxp.Plugins.Content;

namespace Smxp.Content.Standard.Tests;

public sealed class MarkdownContentTests
{
    private static readonly IContentType Markdown = new MarkdownContent();

    [Theory]
    [InlineData("# Hi\n\n*a* **b** ~~c~~ `d`", "<h1>Hi</h1>\n<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n")]
    [InlineData("<b onclick=x>raw</b>", "<p>&lt;b onclick=x&gt;raw&lt;/b&gt;</p>\n")]
    [InlineData("[x](javascript:alert(1))", "<p><a>x</a></p>\n")]
    [InlineData("![p](https://tracker.test/p.gif)", "<p><img alt=\"p\" data-src=\"https://tracker.test/p.gif\"></p>\n")]
    [InlineData("https://peer.test", "<p><a href=\"https://peer.test\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">https://peer.test</a></p>\n")]
    public void Renders(string markdown, string html) => Assert.Equal(html, Markdown.RenderHtml(markdown));

    [Fact]
    public void Reads_without_its_marks() =>
        Assert.Equal("Hi\n\na b\n\n- one\n- two\n\n> said\n\nhere <https://peer.test/x>", Markdown.RenderText("# Hi\n\n*a* **b**\n\n- one\n- two\n\n> said\n\n[here](https://peer.test/x)"));

    [Fact]
    public void Text_keeps_its_lines_and_links()
    {
        IContentType text = new TextContent();
        Assert.Equal(
            "<div style=\"white-space: pre-wrap\">a &lt;b&gt;\n see <a href=\"https://peer.test/x?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">https://peer.test/x?a=1&amp;b=2</a>.</div>",
            text.RenderHtml("a <b>\n see https://peer.test/x?a=1&b=2."));
        Assert.Equal("a <b>", text.RenderText("a <b>"));
    }
}
