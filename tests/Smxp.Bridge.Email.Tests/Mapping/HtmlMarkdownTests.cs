using CsCheck;
using Smxp.Bridge.Email.Mapping;

namespace Smxp.Bridge.Email.Tests.Mapping;

public sealed class HtmlMarkdownTests
{
    [Theory]
    [InlineData("<p>One\n two</p><p>Three</p>", "One two\n\nThree")]
    [InlineData("<div>One</div><div>Two<br>Three</div>", "One\nTwo\\\nThree")]
    [InlineData("<ul><li>One</li><li>Two<ul><li>Three</li></ul></li></ul><p>End</p>", "- One\n- Two\n  - Three\n\nEnd")]
    [InlineData("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two")]
    [InlineData("<p>He said</p><blockquote><p>Yes</p><p>No</p></blockquote><p>So</p>", "He said\n\n> Yes\n>\n> No\n\nSo")]
    [InlineData("<pre>a  *b*\n  c</pre>", "```\na  *b*\n  c\n```")]
    [InlineData("<p>2 * 3 _x_ [y] &lt;z&gt;</p>", "2 \\* 3 \\_x\\_ \\[y\\] \\<z>")]
    [InlineData("<p>1. no list</p><p># no heading</p><p>- no item</p>", "1\\. no list\n\n\\# no heading\n\n\\- no item")]
    [InlineData("<p><a href=\"javascript:x()\">bad</a> <a href=\"https://x.test/a(b)\">good</a></p>", "bad [good](https://x.test/a%28b%29)")]
    [InlineData("<p><img src=\"blob:part\" alt=\"A plan\"><img src=\"data:image/png;base64,AA\"></p>", "![A plan](blob:part)")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a · b\nc · d")]
    [InlineData("<style>p { x }</style>Text<script>x()</script>", "Text")]
    public void Says_the_same(string html, string markdown) => Assert.Equal(markdown, HtmlMarkdown.Convert(html));

    [Fact]
    public void Survives_whatever_strangers_write_and_lets_no_tag_through()
    {
        Gen.OneOf("<p>", "</p>", "<ul>", "<li>", "</ul>", "</li>", "<pre>", "</pre>", "<a href='https://x'>", "</a>", "<b", "&lt;script&gt;", "<blockquote>", "</blockquote>", "text", "`", "\n", "<ol>", "</ol>", "<br>", "<h1>", "</h1>", "<table>", "<td>")
            .Array[0, 60].Select(static words => string.Concat(words)).Sample(static html =>
            {
                string markdown = HtmlMarkdown.Convert(html);
                int at = html.Contains("<pre>", StringComparison.Ordinal) ? -1 : markdown.IndexOf("<script", StringComparison.Ordinal);
                Assert.True(at < 0 || markdown[at - 1] == '\\', markdown);
            });
    }
}
