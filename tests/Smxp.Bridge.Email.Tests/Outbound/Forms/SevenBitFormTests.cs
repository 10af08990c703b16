using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Outbound.Forms;

namespace Smxp.Bridge.Email.Tests.Outbound.Forms;

public sealed class SevenBitFormTests
{
    private static readonly string Long = new('x', 1500);

    [Fact]
    public async Task What_fits_stays_to_the_octet()
    {
        string mail = Lines("From: a@b.test", "X-Odd:   two  blanks ", "Content-Transfer-Encoding: 8bit", "", "Plain  ", ".", "", "");
        Assert.Equal(mail, await WriteAsync(mail));
    }

    [Fact]
    public async Task A_text_of_eight_bits_becomes_quoted_printable_and_reads_the_same()
    {
        string written = await WriteAsync(Lines("From: a@b.test", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "Grüße", ".", $"{Long} ", ""));
        Assert.Contains("Gr=C3=BC=C3=9Fe\r\n.\r\n", written, StringComparison.Ordinal);
        Assert.Equal($"Grüße\n.\n{Long} \n", Assert.IsType<TextPart>(Read(written).Body).Text.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("Grüße", "utf-8")]
    [InlineData("\u00e9t\u00e9", "unknown-8bit")]
    public async Task A_mail_that_is_no_MIME_becomes_MIME(string text, string charset)
    {
        byte[] octets = charset == "utf-8" ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);
        string written = await WriteAsync([.. "From: a@b.test\r\nSubject: x\r\n\r\n"u8, .. octets, .. "\r\n"u8]);
        var body = Assert.IsType<TextPart>(Read(written).Body);
        Assert.Equal((charset, "1.0"), (body.ContentType.Charset, Read(written).MimeVersion?.ToString()));
        Assert.Equal([.. octets, .. "\r\n"u8], Decode(body));
    }

    [Fact]
    public async Task Every_part_that_needs_it_is_encoded_and_no_other()
    {
        string kept = Lines("--b", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "<p>Gr=C3=BC=C3=9Fe  =20", "", "");
        string mail = Lines("From: a@b.test", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: 8bit", "", "préambule", "--b", "Content-Type: text/plain; charset=utf-8", "", Long, "")
            + kept
            + Lines("--b", "Content-Type: image/png", "Content-Transfer-Encoding: base64", "", Convert.ToBase64String(new byte[3000]), "--b", "Content-Type: application/json", "Content-Transfer-Encoding: 8bit", "", "{\"ü\": 1}", "--b--", "épilogue", "");
        string written = await WriteAsync(mail);
        Assert.Contains(kept, written, StringComparison.Ordinal);
        Assert.Contains("pr?ambule", written, StringComparison.Ordinal);
        Assert.DoesNotContain("8bit", written, StringComparison.Ordinal);
        var parts = Assert.IsAssignableFrom<Multipart>(Read(written).Body).Cast<MimePart>().ToList();
        Assert.Equal(
            [ContentEncoding.QuotedPrintable, ContentEncoding.QuotedPrintable, ContentEncoding.Base64, ContentEncoding.Base64], parts.Select(static part => part.ContentTransferEncoding));
        Assert.Equal(Long, Encoding.UTF8.GetString(Decode(parts[0])).TrimEnd());
        Assert.Equal(new byte[3000], Decode(parts[2]));
        Assert.Equal("{\"ü\": 1}", Encoding.UTF8.GetString(Decode(parts[3])).TrimEnd());
    }

    [Fact]
    public async Task Fields_are_encoded_for_what_they_are()
    {
        string addresses = string.Join(", ", Enumerable.Range(0, 60).Select(static i => $"somebody{i}@far.test"));
        string mail = Lines($"To: {addresses}", "From: Jörg <a@b.test>", "Subject: Grüße", "X-Note: naïve", "MIME-Version: 1.0", "Content-Type: application/pdf; name=\"Plan für uns.pdf\"", "Content-Disposition: attachment;", "\tfilename=\"Plan für uns.pdf\"", "Content-Transfer-Encoding: base64", "", "AAAA", "");
        string written = await WriteAsync(mail);
        var message = Read(written);
        Assert.Equal(("Jörg", "a@b.test", "Grüße", "naïve"), (message.From.Mailboxes.Single().Name, message.From.Mailboxes.Single().Address, message.Subject, message.Headers["X-Note"]));
        Assert.Equal(addresses, message.To.ToString().Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal("Plan für uns.pdf", Assert.IsAssignableFrom<MimePart>(message.Body).FileName);
        Assert.Equal("Plan für uns.pdf", message.Body!.ContentType.Name);
    }

    [Fact]
    public async Task A_mail_in_a_mail_is_gone_through_and_never_encoded_itself()
    {
        string mail = Lines("From: a@b.test", "MIME-Version: 1.0", "Content-Type: message/rfc822", "Content-Transfer-Encoding: 8bit", "", "From: Jörg <c@d.test>", "Subject: Grüße", "Content-Type: text/plain; charset=utf-8", "", "Grüße", "");
        var inner = Assert.IsType<MessagePart>(Read(await WriteAsync(mail)).Body);
        Assert.Equal("7bit", inner.Headers[HeaderId.ContentTransferEncoding]);
        Assert.Equal(("Jörg", "Grüße", "Grüße"), (inner.Message!.From.Mailboxes.Single().Name, inner.Message.Subject, inner.Message.TextBody!.Trim()));
    }

    [Theory]
    [InlineData("Content-Type: message/partial; id=x; number=1; total=2")]
    [InlineData("Content-Type: message/delivery-status")]
    public async Task What_may_not_be_encoded_stays(string type)
    {
        byte[] mail = Encoding.UTF8.GetBytes(Lines("From: a@b.test", "MIME-Version: 1.0", type, "", "Reporting-MTA: dns; grün.test", ""));
        await using var target = new MessageSpool(Path.GetTempPath());
        await using var form = new SevenBitForm(keepsFields: false, Path.GetTempPath());
        await form.WriteAsync(new MemoryStream(mail), target, CancellationToken.None);
        Assert.True(target.TryGetMemory(out var written));
        Assert.Contains("grün.test", Encoding.UTF8.GetString(written.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_fields_are_meant_to_hold_letters_they_stay()
    {
        string mail = Lines("From: jörg@b.test", "Subject: Grüße", "Content-Type: text/plain; charset=utf-8", "", "Grüße", "");
        string written = await WriteAsync(Encoding.UTF8.GetBytes(mail), keepsFields: true);
        Assert.StartsWith("From: jörg@b.test\r\nSubject: Grüße\r\n", written, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nGr=C3=BC=C3=9Fe\r\n", written, StringComparison.Ordinal);
    }

    private static string Lines(params string[] lines) => string.Join("\r\n", lines);

    private static MimeMessage Read(string mail) => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(mail)));

    private static byte[] Decode(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private static Task<string> WriteAsync(string mail) => WriteAsync(Encoding.UTF8.GetBytes(mail));

    // What becomes of it, which fits every server unless its fields were to stay.
    private static async Task<string> WriteAsync(byte[] mail, bool keepsFields = false)
    {
        await using var target = new MessageSpool(Path.GetTempPath());
        await using var form = new SevenBitForm(keepsFields, Path.GetTempPath());
        await form.WriteAsync(new MemoryStream(mail), target, CancellationToken.None);
        await using var bytes = target.OpenRead();
        Assert.Equal(new Octets(!keepsFields, true), await Octets.ReadAsync(bytes, CancellationToken.None));
        Assert.True(target.TryGetMemory(out var written));
        return Encoding.UTF8.GetString(written.Span);
    }
}
