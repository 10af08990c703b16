using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Mapping;
using Smxp.Plugins.Content;

namespace Smxp.Bridge.Email.Tests.Mapping;

public sealed class MailReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    internal static MailDraft Read(string mail, bool html = true) => Read(Encoding.Latin1.GetBytes(mail), html);

    internal static MailDraft Read(byte[] mail, bool html = true) => MailReader.Read(MailParser.Parse(new MemoryStream(mail)), new MailReadOptions(Now, html ? new PlainHtml() : null, CutQuotes: true));

    [Fact]
    public void Reads_author_subject_and_flowed_text()
    {
        var draft = Read("From: =?utf-8?q?B=C3=B6b?= <Bob@Peer.test>\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\nDate: Fri, 2 Jan 2026 01:00:00 +0100\r\nMessage-ID: <a@b>\r\n"
            + "Content-Type: text/plain; charset=iso-8859-1; format=flowed\r\n\r\nOne \r\nline, \xe4nd\r\nanother\r\n");
        Assert.Equal(("bob@peer.test", "Böb", "Grüße", "One line, änd\nanother"), (draft.From!.ToString(), draft.Name, draft.Subject, draft.Body));
        Assert.Equal(("text", "a@b", 1767312000L), (draft.ContentType, draft.MessageId, draft.Timestamp));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    public void Attaches_a_text_too_long_to_be_a_message_without_holding_it(string type)
    {
        byte[] mail = Encoding.ASCII.GetBytes($"From: bob@peer.test\r\nContent-Type: {type}\r\n\r\n{string.Concat(Enumerable.Repeat(new string('a', 70) + "\r\n", 200_000))}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        var draft = Read(mail);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Null(draft.Body);
        Assert.Equal(type, Assert.Single(draft.Attachments).ContentType);
        Assert.InRange(allocated, 0, mail.Length / 4);
    }

    [Fact]
    public void Ends_lines_where_the_mail_does_and_nowhere_else()
    {
        Assert.Equal("one\u2028still one\u0085and\fso\ntwo", Read(Encoding.UTF8.GetBytes("From: bob@peer.test\r\nContent-Type: text/plain; charset=utf-8\r\n\r\none\u2028still one\u0085and\fso\r\ntwo\r\n")).Body);
    }

    [Theory]
    [InlineData("windows-1252", "93 7A 94 80", "“z”€")]
    [InlineData("iso-8859-2", "B3 F3 64 BC", "łódź")]
    [InlineData("koi8-r", "F0 D2 C9 D7 C5 D4", "Привет")]
    [InlineData("shift_jis", "93 FA 96 7B", "日本")]
    [InlineData("gb2312", "D6 D0 B9 FA", "中国")]
    public void Reads_the_code_pages_of_old(string charset, string bytes, string expected)
    {
        byte[] body = [.. bytes.Split(' ').Select(static octet => Convert.ToByte(octet, 16))];
        Assert.Equal(expected, Read([.. Encoding.ASCII.GetBytes($"From: bob@peer.test\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"), .. body]).Body);
    }

    [Theory]
    [InlineData("Thu, 1 Jan 1970 00:00:00 +0000")]
    [InlineData("Fri, 2 Jan 2099 00:00:00 +0000")]
    [InlineData("yesterday")]
    public void Takes_the_time_of_receipt_for_absurd_dates(string date) =>
        Assert.Equal(Now.ToUnixTimeSeconds(), Read($"From: bob@peer.test\r\nDate: {date}\r\n\r\nHi").Timestamp);

    [Fact]
    public void Prefers_html_and_shows_its_pictures_inline()
    {
        var draft = Read("""
            From: bob@peer.test
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain

            plain
            --a
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html

            <p>rich <img src="cid:pic@x"></p>
            --r
            Content-Type: image/png
            Content-ID: <pic@x>
            Content-Transfer-Encoding: base64

            AAAA
            --r--
            --a--
            """.ReplaceLineEndings("\r\n"));
        var picture = Assert.Single(draft.Attachments);
        Assert.Equal(("html", "inline", "image/png"), (draft.ContentType, picture.Disposition, picture.ContentType));
        Assert.Contains($"src=\"blob:{picture.Placeholder}\"", draft.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_plain_text_where_html_is_not_in_use_and_attaches_the_rest()
    {
        var draft = Read("From: bob@peer.test\r\nContent-Type: text/html\r\n\r\n<p>rich</p>", html: false);
        Assert.Equal(("text", null, "text/html"), (draft.ContentType, draft.Body, draft.Attachments.Single().ContentType));
    }

    [Theory]
    [InlineData("filename*0*=utf-8''%E2%82%AC; filename*1=\"uro.txt\"", "€uro.txt")]
    [InlineData("filename=\"=?utf-8?B?w6QudHh0?=\"", "ä.txt")]
    [InlineData("filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("filename=\"C:\\\\temp\\\\x.txt\"", "x.txt")]
    public void Understands_file_names(string parameter, string expected) =>
        Assert.Equal(expected, Read($"From: bob@peer.test\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; {parameter}\r\n\r\nx").Attachments.Single().Name);

    [Fact]
    public void Keeps_an_enclosed_mail_as_one_file()
    {
        var draft = Read("From: bob@peer.test\r\nContent-Type: message/rfc822\r\n\r\nFrom: carol@peer.test\r\nSubject: a/b\r\n\r\nInner");
        Assert.Equal(("message/rfc822", "a b.eml"), (draft.Attachments.Single().ContentType, draft.Attachments.Single().Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("From: \r\n\r\nx")]
    [InlineData("From: undisclosed:;\r\n\r\nx")]
    [InlineData("no header at all")]
    public void Makes_do_without_an_author(string mail) => Assert.Null(Read(mail).From);

    [Fact]
    public void Survives_whatever_strangers_write()
    {
        string[] words =
        [
            "From: bob@peer.test\r\n", "Content-Type: multipart/mixed; boundary=a\r\n", "Content-Type: multipart/alternative; boundary=b\r\n", "\r\n", "\r\n", "--a\r\n", "--b\r\n", "--a--\r\n", "\0",
            "Content-Type: message/rfc822\r\n", "Content-Type: application/ms-tnef\r\n", "Content-Type: text/html; charset=klingon\r\n", "Content-Transfer-Encoding: base64\r\n", "=?utf-7?B?x?=", "<a <b <p", "\xff\xfe",
            "Content-Type: text/plain; format=flowed; delsp=yes\r\n", "References: <<<@>> <a@b> <\r\n", "Content-Disposition: attachment; filename*1*=''%\r\n", "Content-Type: multipart/signed; boundary=a\r\n", "Date: 99 Foo\r\n",
        ];
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            Assert.NotNull(Read(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => words[random.Next(words.Length)]))));
        }
    }

    [Fact]
    public void Is_not_led_into_the_depths()
    {
        var mail = new StringBuilder("From: bob@peer.test\r\n");
        for (int i = 0; i < 2000; i++) mail.Append(null, $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
        Assert.NotNull(Read(mail.ToString()));
    }

    [SharedMail]
    public void Reads_every_mail_of_the_corpus()
    {
        foreach (string path in Directory.EnumerateFiles(SharedMailAttribute.Folder, "*.eml"))
        {
            var draft = Read(File.ReadAllBytes(path));
            Assert.True(draft.Body is not null || draft.Attachments.Count > 0 || new FileInfo(path).Length < 800, Path.GetFileName(path));
            foreach (var attachment in draft.Attachments.Where(static attachment => attachment.Entity is MimePart)) ((MimePart)attachment.Entity).Content?.DecodeTo(Stream.Null);
        }
    }

    private sealed class PlainHtml : IContentType
    {
        public string Name => "html";

        public string? Validate(string body) => null;

        public string RenderHtml(string body) => body;

        public string RenderText(string body) => body;
    }
}
