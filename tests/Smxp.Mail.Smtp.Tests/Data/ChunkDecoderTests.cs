using System.Text;
using CsCheck;
using Smxp.Mail.Smtp.Data;

namespace Smxp.Mail.Smtp.Tests.Data;

public sealed class ChunkDecoderTests
{
    private static readonly SmtpServerOptions Options = new() { HostName = "mx.example.test", Listeners = [], MaxMessageBytes = 60, MaxHeaderBytes = 20, MaxTextLine = 12 };

    private static readonly Gen<string> Content = Gen.OneOf("\r\n", "\r\n\r\n", "\r", "\n", ".", "a", "bb", "A: b\r\n", "ccccccccc").Array[0, 14].Select(static parts => string.Concat(parts));

    [Fact]
    public void Makes_no_difference_how_a_mail_is_cut_into_chunks_and_pieces() =>
        Gen.Select(Content, Gen.Int[0, 9].Array[1, 6], Gen.Int[1, 5].Array[1, 6], Gen.Bool).Sample(static (text, chunks, pieces, binary) =>
        {
            var (whole, violation) = Decode(text, [text.Length], [text.Length + 1], binary);
            var (many, violationOfMany) = Decode(text, chunks, pieces, binary);
            // Of several faults the cuts decide which is found first, but not whether there is one.
            Assert.Equal((text, text, violation == DataViolation.None), (whole, many, violationOfMany == DataViolation.None));
        }, iter: 10_000);

    [Fact]
    public void Judges_as_DATA_does() =>
        Content.Select(static text => text + "\r\n").Sample(static text =>
        {
            string stuffed = (text.StartsWith('.') ? "." : "") + text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".\r\n";
            var rules = new ContentRules(Options);
            var decoder = new DataDecoder(rules);
            ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(stuffed);
            while (!rest.IsEmpty && !decoder.Ended) rest = rest[decoder.Take(rest, out _)..];
            if (decoder.Ended) Assert.Equal(rules.Violation == DataViolation.None, Decode(text, [text.Length], [text.Length], binary: false).Violation == DataViolation.None);
        }, iter: 10_000);

    private static (string Text, DataViolation Violation) Decode(string text, int[] chunks, int[] pieces, bool binary)
    {
        var rules = new ContentRules(Options, binary);
        var taken = new MemoryStream();
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text);
        // A chunk of nothing is allowed, and must not go on for ever here.
        for (int i = 0, j = 0; !rest.IsEmpty; i++)
        {
            int length = Math.Min(rest.Length, i < 20 ? chunks[i % chunks.Length] : rest.Length);
            var chunk = rest[..length];
            rest = rest[length..];
            var decoder = new ChunkDecoder(rules, length);
            while (!decoder.Ended)
            {
                var piece = chunk[..Math.Min(chunk.Length, pieces[j++ % pieces.Length])];
                int of = decoder.Take(piece, out var content);
                taken.Write(piece[content]);
                chunk = chunk[of..];
            }
        }

        rules.End();
        return (Encoding.ASCII.GetString(taken.ToArray()), rules.Violation);
    }
}
