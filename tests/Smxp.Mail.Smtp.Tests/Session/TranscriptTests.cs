using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Mail.Smtp.Tests.Session;

public sealed class TranscriptTests
{
    [Fact]
    public async Task Takes_a_mail_and_a_second_on_the_same_connection()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        Assert.Equal("250 2.0.0 Stored", await client.SayAsync("Subject: one\r\n\r\nHello\r\n..dotted\r\n."));
        Assert.StartsWith("250", await client.SayAsync("MAIL FROM:<> BODY=8BITMIME SIZE=100"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("RCPT TO:<alice@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("."), StringComparison.Ordinal);
        Assert.StartsWith("221", await client.SayAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal("", await client.ReplyAsync());
        Assert.Equal(["Subject: one\r\n\r\nHello\r\n.dotted\r\n", ""], fixture.Application.Mails.Select(static mail => mail.Text));
        Assert.True(fixture.Application.Mails.Last().Transaction.Sender.IsNull);
    }

    [Fact]
    public async Task Offers_its_extensions()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxMessageBytes = 4711 });
        using var client = await fixture.ConnectAsync();
        Assert.Equal(
            "250-mx.example.test\n250-PIPELINING\n250-SIZE 4711\n250-8BITMIME\n250-BINARYMIME\n250-CHUNKING\n250-SMTPUTF8\n250-ENHANCEDSTATUSCODES\n250-DSN\n250-LIMITS MAILMAX=1000 RCPTMAX=100\n250 HELP",
            await client.SayAsync("EHLO client.test"));
    }

    [Fact]
    public async Task Answers_a_pipelined_group_in_order()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SendAsync("MAIL FROM:<bob@peer.test>\r\nRCPT TO:<nobody@example.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\n");
        Assert.Equal("250 2.1.0 Sender ok", await client.ReplyAsync());
        Assert.Equal("550 5.1.1 No such recipient here", await client.ReplyAsync());
        Assert.Equal("250 2.1.5 Recipient ok", await client.ReplyAsync());
        Assert.StartsWith("354 ", await client.ReplyAsync(), StringComparison.Ordinal);
        // RFC 2920 §3.1: the end of a mail may begin the next group.
        await client.SendAsync("Hi\r\n.\r\nRSET\r\nQUIT\r\n");
        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("221", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(["alice"], fixture.Application.Mails.Single().Transaction.Recipients.Select(static recipient => recipient.Path.Local));
    }

    [Theory]
    [InlineData("MAIL FROM:<bob@peer.test>", "503")] // before EHLO
    [InlineData("RCPT TO:<alice@example.test>", "503")]
    [InlineData("DATA", "503")]
    [InlineData("EHLO", "501")]
    [InlineData("NOOP anything", "250")]
    [InlineData("VRFY alice", "252")]
    [InlineData("HELP", "214")]
    [InlineData("RSET now", "501")]
    [InlineData("EXPN staff", "502")]
    [InlineData("STARTTLS", "502")] // no certificate
    [InlineData("AUTH PLAIN AGEAYg==", "502")] // no submission listener
    [InlineData("XCLIENT ADDR=192.0.2.1", "550")] // from nowhere near
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 25", "500")]
    [InlineData("BDAT", "521")]
    [InlineData("BDAT x LAST", "521")]
    [InlineData("BDAT 1 FIRST", "521")]
    [InlineData("BDAT -1", "521")]
    [InlineData("FOO", "500")]
    [InlineData("", "500")]
    [InlineData("GET / HTTP/1.1", "521")]
    public async Task Answers_single_commands(string command, string code)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.StartsWith(code, await client.SayAsync(command), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL FROM:<bob@peer.test> SIZE=99999999999999999999", "552")]
    [InlineData("MAIL FROM:<bob@peer.test> SIZE=x", "501")]
    [InlineData("MAIL FROM:<bob@peer.test> BODY=BINARYMIME", "250")]
    [InlineData("MAIL FROM:<bob@peer.test> BODY=9BIT", "501")]
    [InlineData("MAIL FROM:<bob@peer.test> RET=HDRS ENVID=QQ+2B314159", "250")]
    [InlineData("MAIL FROM:<bob@peer.test> RET=SOME", "501")]
    [InlineData("MAIL FROM:<bob@peer.test> RET=FULL RET=FULL", "501")]
    [InlineData("MAIL FROM:<bob@peer.test> ENVID=", "501")]
    [InlineData("MAIL FROM:<bob@peer.test> ENVID=a+2", "501")]
    [InlineData("MAIL FROM:<bob@peer.test> AUTH=<>", "555")] // nobody signs in here
    [InlineData("MAIL FROM:<bob@peer.test> REQUIRETLS", "555")] // no TLS here
    [InlineData("MAIL FROM:<bob@peer.test> FOO=BAR", "555")]
    [InlineData("MAIL FROM:<bób@peer.test>", "553 5.6.7")]
    [InlineData("MAIL FROM:<bób@peer.test> SMTPUTF8", "250")]
    [InlineData("MAIL FROM:bob@peer.test", "553")]
    [InlineData("MAIL FROM:<bob@peer.test>>", "553")]
    [InlineData("mail from: <bob@peer.test>", "250")]
    public async Task Answers_MAIL(string command, string code)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        Assert.StartsWith(code, await client.SayAsync(command), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RCPT TO:<alice@example.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Alice+40there.test", "250")]
    [InlineData("RCPT TO:<alice@example.test> NOTIFY=NEVER", "250")]
    [InlineData("RCPT TO:<alice@example.test> NOTIFY=NEVER,DELAY", "501")]
    [InlineData("RCPT TO:<alice@example.test> NOTIFY", "501")]
    [InlineData("RCPT TO:<alice@example.test> ORCPT=alice@there.test", "501")]
    [InlineData("RCPT TO:<alice@example.test> FOO=BAR", "555")]
    [InlineData("RCPT TO:<>", "553")]
    [InlineData("EHLO again.test", "250")]
    [InlineData("MAIL FROM:<eve@peer.test>", "503")]
    [InlineData("XCLIENT", "501")]
    public async Task Answers_commands_within_a_mail(string command, string code)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith(code, await client.SayAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hands_on_what_the_sender_asked_for()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SayAsync("MAIL FROM:<bob@peer.test> RET=hdrs ENVID=QQ+2B314159 BODY=8bitmime SIZE=12");
        await client.SayAsync("RCPT TO:<alice@example.test> NOTIFY=success,Delay ORCPT=rfc822;Alice+40there.test");
        await client.SayAsync("RCPT TO:<carol@example.test>");
        await client.SayAsync("DATA");
        await client.SayAsync(".");
        var transaction = fixture.Application.Mails.Single().Transaction;
        Assert.Equal((ReturnContent.Headers, "QQ+314159", BodyType.EightBitMime, 12L), (transaction.Return, transaction.EnvelopeId, transaction.Body, transaction.AnnouncedSize));
        Assert.Equal(
            [
                new SmtpRecipient(new MailPath("alice", "example.test"), NotifyOn.Success | NotifyOn.Delay, new OriginalRecipient("rfc822", "Alice@there.test")),
                new SmtpRecipient(new MailPath("carol", "example.test")),
            ],
            transaction.Recipients);
    }

    // It goes into logs, and from there to somebody's terminal.
    [Fact]
    public async Task Refuses_names_with_control_characters()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.StartsWith("501", await client.SayAsync("EHLO a\u009b31mb"), StringComparison.Ordinal);
        Assert.StartsWith("501", await client.SayAsync("HELO a\u007fb"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_mail_it_cannot_open_a_place_for()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        fixture.Application.OnOpen = static () => throw new IOException("disk full");
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith("452 4.3.1", await client.SayAsync("DATA"), StringComparison.Ordinal);
        fixture.Application.OnOpen = null;
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("."), StringComparison.Ordinal);
    }

    // A file that cannot be written to the end cannot be closed without complaint either.
    [Fact]
    public async Task Says_452_when_the_disk_fills_within_a_mail_and_goes_on()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        fixture.Application.OnWrite = fixture.Application.OnDispose = static () => throw new IOException("No space left on device");
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        Assert.StartsWith("452 4.3.1", await client.SayAsync("Subject: hi\r\n\r\nHi\r\n."), StringComparison.Ordinal);
        fixture.Application.OnWrite = null;
        fixture.Application.OnCommit = static () => throw new IOException("No space left on device");
        await client.BeginDataAsync();
        Assert.StartsWith("452 4.3.1", await client.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        Assert.Empty(fixture.Application.Mails);
        fixture.Application.OnDispose = null;
        fixture.Application.OnCommit = null;
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        Assert.Single(fixture.Application.Mails);
        Assert.Equal(0, fixture.Application.Open);
    }

    [Fact]
    public async Task Never_shows_what_went_wrong_inside()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SayAsync("MAIL FROM:<bob@peer.test>");
        Assert.Equal("451 4.3.0 Temporary failure, try again later", await client.SayAsync("RCPT TO:<broken@example.test>"));
        await client.SayAsync("RCPT TO:<alice@example.test>");
        await client.SayAsync("DATA");
        fixture.Application.OnCommit = static () => throw new InvalidOperationException("secret");
        Assert.Equal("451 4.3.0 Temporary failure, try again later", await client.SayAsync("Hi\r\n."));
        Assert.Empty(fixture.Application.Mails);
    }

    [Fact]
    public async Task Answers_250_only_after_the_commit()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        var gate = new TaskCompletionSource();
        fixture.Application.Gate = gate.Task;
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        var reply = client.SayAsync("Hi\r\n.");
        await fixture.Application.CommitBegan.Task;
        Assert.False(reply.IsCompleted);
        gate.SetResult();
        Assert.StartsWith("250", await reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepts_nothing_of_a_mail_that_breaks_off()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using (var client = await fixture.ConnectAsync())
        {
            await client.BeginDataAsync();
            await client.SendAsync("Subject: half\r\n\r\nHalf a mail\r\n");
        }

        await fixture.Server.StopAsync(CancellationToken.None);
        Assert.Empty(fixture.Application.Mails);
    }

    [Fact]
    public async Task Ends_idle_sessions_with_421_when_it_stops_and_lets_mail_finish()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var idle = await fixture.ConnectAsync();
        using var busy = await fixture.ConnectAsync();
        await busy.BeginDataAsync();
        var stopped = fixture.Server.StopAsync(CancellationToken.None);
        Assert.StartsWith("421", await idle.ReplyAsync(), StringComparison.Ordinal);
        Assert.False(stopped.IsCompleted);
        Assert.StartsWith("250", await busy.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("421", await busy.ReplyAsync(), StringComparison.Ordinal);
        await stopped;
        Assert.Single(fixture.Application.Mails);
    }
}
