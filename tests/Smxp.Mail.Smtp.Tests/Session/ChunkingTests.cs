using System.Text;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>BDAT (RFC 3030): mail in chunks, and whatever goes wrong, octets that never become commands.</summary>
public sealed class ChunkingTests
{
    [Fact]
    public async Task Takes_a_mail_in_pipelined_chunks()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        await client.SendAsync("BDAT 9\r\nA: b\r\n\r\n.BDAT 0\r\nbdat 5 last\r\n\r\n.\r\nRSET\r\n");
        Assert.Equal("250 2.0.0 9 octets received", await client.ReplyAsync());
        Assert.Equal("250 2.0.0 0 octets received", await client.ReplyAsync());
        Assert.Equal("250 2.0.0 Stored", await client.ReplyAsync());
        Assert.Equal("250 2.0.0 Ok", await client.ReplyAsync());
        Assert.Equal("A: b\r\n\r\n.\r\n.\r\n", fixture.Application.Mails.Single().Text);
    }

    [Fact]
    public async Task Takes_an_end_without_octets()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        await client.SendAsync("BDAT 7\r\nA: b\r\n\rBDAT 1\r\n\nBDAT 0 LAST\r\n");
        for (int i = 0; i < 3; i++) Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("A: b\r\n\r\n", fixture.Application.Mails.Single().Text);
    }

    [Fact]
    public async Task Reads_the_octets_of_chunks_it_refuses()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.StartsWith("503", await client.SayAsync("BDAT 6\r\nQUIT"), StringComparison.Ordinal);
        await client.SayAsync("EHLO client.test");
        await client.SayAsync("MAIL FROM:<bob@peer.test>");
        Assert.StartsWith("550", await client.SayAsync("RCPT TO:<nobody@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("554", await client.SayAsync("BDAT 6 LAST\r\nQUIT"), StringComparison.Ordinal);
        await client.SayAsync("RCPT TO:<alice@example.test>");
        Assert.StartsWith("250", await client.SayAsync("BDAT 6 LAST\r\nQUIT"), StringComparison.Ordinal);
        // RFC 3030 §2: after LAST there is no mail any more.
        Assert.StartsWith("503", await client.SayAsync("BDAT 6\r\nQUIT"), StringComparison.Ordinal);
        Assert.Equal("QUIT\r\n", fixture.Application.Mails.Single().Text);
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("RCPT TO:<carol@example.test>")]
    [InlineData("MAIL FROM:<eve@peer.test>")]
    public async Task Mixes_nothing_into_a_mail_in_chunks(string command)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith("250", await client.SayAsync("BDAT 6\r\nA: b"), StringComparison.Ordinal);
        Assert.StartsWith("503", await client.SayAsync(command), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("BDAT 0 LAST"), StringComparison.Ordinal);
        Assert.Equal("A: b\r\n", fixture.Application.Mails.Single().Text);
    }

    [Fact]
    public async Task Keeps_the_octets_of_a_binary_mail()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync(" BODY=BINARYMIME");
        Assert.StartsWith("503", await client.SayAsync("DATA"), StringComparison.Ordinal);
        byte[] octets = [.. "A: b\r\n\r\n\n\r\0"u8, .. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        await client.SendAsync([.. Encoding.ASCII.GetBytes($"BDAT {octets.Length} LAST\r\n"), .. octets]);
        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(octets, fixture.Application.Mails.Single().Octets);
    }

    [Theory]
    [InlineData("", "a\nb")]
    [InlineData("", "a\rb")]
    [InlineData("", "a\r")]
    [InlineData(" BODY=8BITMIME", "a\n.\r\n")]
    [InlineData(" BODY=BINARYMIME", "A: b\nC: d\r\n\r\n")] // a header has lines even there
    public async Task Refuses_bare_newlines(string parameters, string text)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync(parameters);
        await client.SendAsync($"BDAT {text.Length}\r\n{text}BDAT 0 LAST\r\n");
        await client.ReplyAsync();
        Assert.StartsWith("550 5.5.2", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("."), StringComparison.Ordinal);
        Assert.Single(fixture.Application.Mails);
    }

    [Fact]
    public async Task Refuses_a_sum_over_the_size_once_and_says_so_to_the_end()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxMessageBytes = 1000, MaxErrors = 3 });
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        await client.SendAsync(string.Concat(Enumerable.Repeat($"BDAT 150\r\n{new string('x', 148)}\r\n", 12)) + "BDAT 0 LAST\r\n");
        for (int i = 0; i < 6; i++) Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        for (int i = 6; i <= 12; i++) Assert.StartsWith("552 5.3.4", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("."), StringComparison.Ordinal);
        Assert.Single(fixture.Application.Mails);
    }

    [Theory]
    [InlineData("BDAT 2001")]
    [InlineData("BDAT 99999999999999999999 LAST")]
    public async Task Does_not_read_what_is_far_too_large(string command)
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxMessageBytes = 1000 });
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith("521 5.3.4", await client.SayAsync(command), StringComparison.Ordinal);
        Assert.Equal("", await client.ReplyAsync());
    }

    [Theory]
    [InlineData("RSET", "250")]
    [InlineData("EHLO client.test", "250")]
    [InlineData("QUIT", "221")]
    public async Task Lets_go_of_half_a_mail(string command, string code)
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith("250", await client.SayAsync("BDAT 6\r\nA: b"), StringComparison.Ordinal);
        Assert.Equal(1, fixture.Application.Open);
        Assert.StartsWith(code, await client.SayAsync(command), StringComparison.Ordinal);
        if (code == "250") Assert.StartsWith("503", await client.SayAsync("BDAT 0 LAST"), StringComparison.Ordinal);
        else await fixture.Server.StopAsync(CancellationToken.None);
        Assert.Equal(0, fixture.Application.Open);
        Assert.Empty(fixture.Application.Mails);
    }

    [Fact]
    public async Task Accepts_nothing_of_a_mail_in_chunks_when_it_stops()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        await client.SayAsync("BDAT 6\r\nA: b");
        await fixture.Server.StopAsync(CancellationToken.None);
        Assert.StartsWith("421", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (fixture.Application.Open, fixture.Application.Mails.Count));
    }

    [Fact]
    public async Task Tells_of_a_place_it_could_not_open_when_the_mail_is_over()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        fixture.Application.OnOpen = static () => throw new IOException("disk full");
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        await client.SendAsync("BDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n");
        Assert.StartsWith("452", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("452", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
    }
}
