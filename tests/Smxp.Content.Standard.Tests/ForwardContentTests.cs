using System.Text.Json;
using Smxp.Plugins.Content;

namespace Smxp.Content.Standard.Tests;

public sealed class ForwardContentTests
{
    private static readonly IContentType Forward = new ForwardContent(name => name switch
    {
        "text" => new TextContent(),
        "html" => new HtmlContent(),
        "markdown" => new MarkdownContent(),
        _ => null,
    });

    [Fact]
    public void Shows_who_wrote_what_in_its_own_type()
    {
        string html = Forward.RenderHtml(Original("html", "<b>hi</b><script>alert(1)</script>"));
        Assert.Contains("<b>From:</b> Al &lt;Ice&gt; &lt;alice@peer.test&gt;<br>", html, StringComparison.Ordinal);
        Assert.Contains("<b>Subject:</b> A &amp; B<br>", html, StringComparison.Ordinal);
        Assert.Contains("<blockquote><b>hi</b></blockquote>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_as_mail_does() => Assert.Equal(
        "---------- Forwarded message ----------\nFrom: Al <Ice> <alice@peer.test>\nTo: bob@local.test\nDate: Mon, 21 Sep 2026 14:13 UTC\nSubject: A & B\n\nhi *there*",
        Forward.RenderText(Original("text", "hi *there*")));

    [Fact]
    public void Takes_an_original_that_lacks_all_but_id_and_addresses() =>
        Assert.Null(Forward.Validate("""{"version":"SMXP/1.0","id":"i","from":"a@b","to":"c@d"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":"SMXP/1.0","id":"i","from":"nobody","to":"c@d"}""")]
    [InlineData("""{"version":"SMXP/1.0","id":"i","from":"a@b","to":"c@d","content_type":"forward","body":"{}"}""")]
    [InlineData("""{"version":"SMXP/1.0","id":"i","from":"a@b","to":"c@d","timestamp":"now"}""")]
    public void Refuses_what_is_no_envelope_or_a_forward_again(string body)
    {
        Assert.NotNull(Forward.Validate(body));
        Assert.NotNull(Forward.RenderHtml(body));
        Assert.Equal(body, Forward.RenderText(body));
    }

    [Fact]
    public void A_type_nobody_knows_is_shown_as_text() =>
        Assert.Contains("&lt;x&gt;", Forward.RenderHtml(Original("application/strange", "<x>")), StringComparison.Ordinal);

    private static string Original(string contentType, string body) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["version"] = "SMXP/1.0",
        ["id"] = "i",
        ["from"] = "alice@peer.test",
        ["to"] = "bob@local.test",
        ["timestamp"] = 1790000000,
        ["name"] = "Al <Ice>",
        ["subject"] = "A & B",
        ["content_type"] = contentType,
        ["body"] = body,
    });
}
