using System.Text;
using CsCheck;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Smtp;

namespace Smxp.Bridge.Email.Tests.Outbound;

/// <summary>The forms of the client's side of SMTP: replies, extensions, envelopes, dots.</summary>
public sealed class SmtpFormTests
{
    [Fact]
    public async Task Reads_replies_of_one_line_and_of_many_however_they_are_cut()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("220 hi\r\n250-one\r\n250-two words\n250 three\r\n550\r\n");
        for (int size = 1; size < bytes.Length; size++)
        {
            var reader = new ReplyReader(new Trickle(bytes, size));
            Assert.Equal(new ServerReply(220, "hi"), await reader.ReadAsync(null, CancellationToken.None));
            List<string> lines = [];
            Assert.Equal(new ServerReply(250, "one two words three"), await reader.ReadAsync(lines, CancellationToken.None));
            Assert.Equal(["one", "two words", "three"], lines);
            Assert.Equal(new ServerReply(550, ""), await reader.ReadAsync(null, CancellationToken.None));
            await Assert.ThrowsAsync<SmtpFault>(async () => await reader.ReadAsync(null, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("99 small\r\n")]
    [InlineData("600 large\r\n")]
    [InlineData("250-one\r\n251 two\r\n")]
    [InlineData("250_x\r\n")]
    public async Task What_is_no_reply_ends_the_session(string text) =>
        await Assert.ThrowsAsync<SmtpFault>(async () => await new ReplyReader(new MemoryStream(Encoding.ASCII.GetBytes(text))).ReadAsync(null, CancellationToken.None));

    [Fact]
    public async Task A_reply_has_limits()
    {
        await Assert.ThrowsAsync<SmtpFault>(async () => await new ReplyReader(new MemoryStream(Encoding.ASCII.GetBytes("250 " + new string('x', 10_000)))).ReadAsync(null, CancellationToken.None));
        await Assert.ThrowsAsync<SmtpFault>(async () => await new ReplyReader(new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-x\r\n", 1000))))).ReadAsync(null, CancellationToken.None));
    }

    [Fact]
    public void Knows_what_a_server_offers()
    {
        var offers = ServerExtensions.Parse(["mx.test PIPELINING", "size 0", "starttls", "AUTH plain LOGIN", "X-NEW"]);
        Assert.Equal((false, true, null, true), (offers.Pipelining, offers.Size, offers.MaxSize, offers.StartTls));
        Assert.Equal(["PLAIN", "LOGIN"], offers.Mechanisms);
    }

    [Fact]
    public void Recipients_beyond_ascii_are_named_in_their_own_form()
    {
        var server = ServerExtensions.Parse(["mx", "DSN"]);
        Assert.Equal("RCPT TO:<jörg+x@far.test> NOTIFY=FAILURE,DELAY ORCPT=utf-8;jörg\\x{2B}x@far.test\r\n", EnvelopeCommands.Recipient(new OutgoingRecipient("jörg+x@far.test"), server));
    }

    [Fact]
    public void Dots_come_back_as_they_were_however_the_mail_is_cut()
    {
        // RFC 5321 §4.5.2, with lines that are dots, blanks, or one short of the end.
        string[] bits = [".", "..", "", "x", ".\r\n", "\r\n", "a.b", "\r\n.", "\r", "\n"];
        Gen.Select(Gen.Int[0, bits.Length - 1].Select(i => bits[i]).Array[0, 40], Gen.Int[1, 7]).Sample((pieces, size) =>
        {
            byte[] mail = Encoding.ASCII.GetBytes(string.Concat(pieces));
            var stuffing = new DotStuffing();
            List<byte> wire = [];
            foreach (byte[] piece in mail.Chunk(size))
            {
                byte[] output = new byte[DotStuffing.RoomFor(piece.Length)];
                wire.AddRange(output[..stuffing.Write(piece, output)]);
            }

            wire.AddRange(stuffing.End);
            return Unstuff(Encoding.ASCII.GetString([.. wire])) is { } read && (read == Encoding.ASCII.GetString(mail) || read == Encoding.ASCII.GetString(mail) + "\r\n");
        });
    }

    // What a server makes of it: lines end with CRLF alone; the first that is a dot ends the mail, and nothing may follow.
    private static string? Unstuff(string wire)
    {
        var mail = new StringBuilder();
        string[] lines = wire.Split("\r\n");
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == ".") return i == lines.Length - 2 && lines[^1].Length == 0 ? mail.ToString() : null;
            mail.Append(lines[i].StartsWith('.') ? lines[i][1..] : lines[i]).Append("\r\n");
        }

        return null;
    }

    private sealed class Trickle(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
