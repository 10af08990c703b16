using System.Text;
using CsCheck;
using Smxp.Mail.Smtp.Data;

namespace Smxp.Mail.Smtp.Tests.Data;

public sealed class DataDecoderTests
{
    private static readonly SmtpServerOptions Options = new() { HostName = "mx.example.test", Listeners = [] };

    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData("...\r\n.a\r\n\r\n.\r\n", "..\r\na\r\n\r\n")]
    public void Takes_off_stuffed_dots(string wire, string expected)
    {
        var (text, ended, violation, rest) = Decode(wire, [wire.Length]);
        Assert.Equal((expected, true, DataViolation.None, ""), (text, ended, violation, rest));
    }

    [Fact]
    public void Makes_no_difference_where_the_pieces_are_cut()
    {
        var wire = Gen.OneOf("\r\n", "\r\n.", ".", "\r", "\n", "a", "bb", ".\r\n", "\r\n.\r\n").Array[0, 40].Select(static parts => string.Concat(parts));
        Gen.Select(wire, Gen.Int[1, 5].Array[1, 8]).Sample(static (text, cuts) =>
        {
            var one = Decode(text, [text.Length + 1]);
            var many = Decode(text, cuts);
            Assert.Equal((one.Ended, one.Violation, one.Ended ? one.Left : ""), (many.Ended, many.Violation, many.Ended ? many.Left : ""));
            if (one.Violation == DataViolation.None) Assert.Equal(one.Text, many.Text);
        }, iter: 5000);
    }

    [Fact]
    public void Gives_back_every_text_that_was_stuffed()
    {
        Gen.OneOf("\r\n", ".", "..", "a", "é", "\r\n.", "\r\n\r\n").Array[0, 40].Select(static parts => string.Concat(parts) + "\r\n").Sample(static text =>
        {
            string stuffed = (text.StartsWith('.') ? "." : "") + text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".\r\n";
            Assert.Equal((text, true, DataViolation.None, "QUIT\r\n"), Decode(stuffed + "QUIT\r\n", [3, 7, 1]));
        });
    }

    private static (string Text, bool Ended, DataViolation Violation, string Left) Decode(string wire, int[] cuts)
    {
        var rules = new ContentRules(Options);
        var decoder = new DataDecoder(rules);
        var text = new MemoryStream();
        ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(wire);
        for (int i = 0; !rest.IsEmpty && !decoder.Ended; i++)
        {
            var piece = rest[..Math.Min(cuts[i % cuts.Length], rest.Length)];
            while (!piece.IsEmpty && !decoder.Ended)
            {
                int taken = decoder.Take(piece.Span, out var content);
                Assert.InRange(taken, 1, piece.Length);
                text.Write(piece[content].Span);
                piece = piece[taken..];
                rest = rest[taken..];
            }
        }

        return (Encoding.UTF8.GetString(text.ToArray()), decoder.Ended, rules.Violation, Encoding.UTF8.GetString(rest.Span));
    }
}
