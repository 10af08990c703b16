namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>SMTP smuggling (CVE-2023-51764) and its relatives: whatever the line ends, a mail stays one mail.</summary>
public sealed class SmugglingTests
{
    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\n")]
    [InlineData("\r\n.\r")]
    [InlineData("\r.\r\n")]
    [InlineData("\n.\r")]
    [InlineData("\r\n.\r\r\n")]
    [InlineData("\r\n\0.\r\n\n")]
    public async Task Takes_no_false_end_for_an_end(string end)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        string smuggled = "MAIL FROM:<admin@peer.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nForged";
        string reply = await client.SayAsync($"Subject: outer\r\n\r\nHello{end}{smuggled}\r\n.");
        Assert.StartsWith("550 5.5.2", reply, StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(fixture.Application.Mails);
    }

    [Theory]
    [InlineData("NOOP\nMAIL FROM:<bob@peer.test>\r\n")]
    [InlineData("NOOP\rRSET\r\n")]
    [InlineData("\n")]
    public async Task Refuses_bare_newlines_in_commands(string text)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SendAsync(text);
        Assert.StartsWith("521 5.5.2", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("", await client.ReplyAsync());
    }

    [Fact]
    public async Task Refuses_a_mail_sent_without_waiting_for_354()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SayAsync("MAIL FROM:<bob@peer.test>");
        await client.SayAsync("RCPT TO:<nobody@example.test>");
        await client.SendAsync("DATA\r\nRCPT TO:<alice@example.test>\r\nDATA\r\nforged\r\n.\r\n");
        Assert.StartsWith("521", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Empty(fixture.Application.Mails);
    }
}
