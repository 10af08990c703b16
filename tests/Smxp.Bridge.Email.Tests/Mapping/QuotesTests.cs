using CsCheck;
using Smxp.Bridge.Email.Mapping;

namespace Smxp.Bridge.Email.Tests.Mapping;

public sealed class QuotesTests
{
    [Theory]
    [InlineData("Yes.\n\nOn Fri, 2 Jan 2026 at 10:00, Bob <bob@peer.test> wrote:\n> Lunch?\n> Bob\n", "Yes.")]
    [InlineData("Yes.\n\nOn Fri, 2 Jan 2026 at 10:00, Bob\n<bob@peer.test> wrote:\n> Lunch?", "Yes.")]
    [InlineData("Ja.\n\nAm 02.01.2026 um 10:00 schrieb Bob:\n> Essen?", "Ja.")]
    [InlineData("Yes.\n-- \nAlice\n\n-----Original Message-----\nFrom: Bob\nSent: Friday\nTo: Alice\nSubject: Lunch\n\nLunch?", "Yes.\n-- \nAlice")]
    [InlineData("Yes.\n\nFrom: Bob\nSent: Friday\nTo: Alice\n\nLunch?", "Yes.")]
    public void Cuts_a_trailing_quote(string text, string expected) => Assert.Equal(expected, TextQuotes.Cut(text));

    [Theory]
    [InlineData("On Fri, 2 Jan 2026 at 10:00, Bob wrote:\n> Lunch?\nYes.\n> When?\nAt noon.")]
    [InlineData("He said:\n> Lunch?")]
    [InlineData("> Lunch?\n\nYes.")]
    [InlineData("On Fri, 2 Jan 2026 at 10:00, Bob wrote:\n> Lunch?")]
    [InlineData("Nothing quoted at all:")]
    public void Leaves_answers_between_the_lines_alone(string text) => Assert.Equal(text, TextQuotes.Cut(text));

    [Theory]
    [InlineData("<div>Yes.</div><div class=\"gmail_quote\"><div>On …</div><blockquote>Lunch?</blockquote></div>", "<div>Yes.</div>")]
    [InlineData("<p>Yes.</p><div class=\"moz-cite-prefix\">On …:</div><blockquote type=\"cite\"><p>Lunch?</p></blockquote><br>", "<p>Yes.</p>")]
    [InlineData("<blockquote type=\"cite\">Lunch?</blockquote><p>Yes.</p>", "<blockquote type=\"cite\">Lunch?</blockquote><p>Yes.</p>")]
    [InlineData("<div class=\"gmail_quote\">all of it</div>", "<div class=\"gmail_quote\">all of it</div>")]
    [InlineData("<p>Never closed <b", "<p>Never closed <b")]
    public void Cuts_a_trailing_quote_from_html(string html, string expected) => Assert.Equal(expected, HtmlQuotes.Cut(html));

    [Fact]
    public void Breaks_lines_so_that_they_can_be_joined_again()
    {
        Gen.OneOf("word", "longer-word", " ", "\n", ">", "From ", "-- ", "a").Array[0, 80].Select(static words => string.Concat(words)).Sample(static text =>
        {
            string wire = FlowedText.Break(text);
            string expected = string.Join('\n', text.Split('\n').Select(static line => line == "-- " ? line : line.TrimEnd(' '))).TrimEnd('\n', ' ');
            if (!text.Contains('>') && !text.Contains("-- ", StringComparison.Ordinal)) Assert.Equal(expected, FlowedText.Join(wire, deleteSpace: false).ReplaceLineEndings("\n").TrimEnd('\n', ' '));
        });
    }
}
