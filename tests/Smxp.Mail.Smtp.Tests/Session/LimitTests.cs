using Microsoft.Extensions.Time.Testing;

namespace Smxp.Mail.Smtp.Tests.Session;

public sealed class LimitTests
{
    [Fact]
    public async Task Refuses_a_mail_over_the_size_and_goes_on()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxMessageBytes = 1000 });
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        Assert.StartsWith("552 5.3.4", await client.SayAsync(new string('x', 900) + "\r\n" + new string('y', 200) + "\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(fixture.Application.Mails);
    }

    [Fact]
    public async Task Cuts_off_who_goes_on_and_on()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxMessageBytes = 1000 });
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        await client.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 100)));
        Assert.StartsWith("521", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "554 5.6.0")]
    [InlineData(false, "552 5.3.4")]
    public async Task Refuses_long_lines_and_long_headers(bool line, string expected)
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { MaxTextLine = 1000, MaxHeaderBytes = 2000 });
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        string text = line ? "A: b\r\n\r\n" + new string('x', 999) : string.Concat(Enumerable.Repeat("X-Header: " + new string('x', 500) + "\r\n", 5));
        Assert.StartsWith(expected, await client.SayAsync(text + "\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_a_line_of_just_the_limit()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxTextLine = 1000 });
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("A: b\r\n\r\n" + new string('x', 998) + "\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_recipients_over_the_limit_to_come_again()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxRecipients = 2 });
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SayAsync("MAIL FROM:<bob@peer.test>");
        Assert.StartsWith("250", await client.SayAsync("RCPT TO:<a@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("RCPT TO:<b@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("452 4.5.3", await client.SayAsync("RCPT TO:<c@example.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skips_a_command_line_that_is_too_long()
    {
        await using var fixture = await SmtpFixture.StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.StartsWith("500 5.5.2", await client.SayAsync("NOOP " + new string('x', 20_000)), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_a_session_of_errors_and_one_of_endless_commands()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxErrors = 3, MaxCommands = 9, MaxRecipients = 1 });
        using var wrong = await fixture.ConnectAsync();
        for (int i = 0; i < 3; i++) Assert.StartsWith("500", await wrong.SayAsync("WHAT"), StringComparison.Ordinal);
        Assert.StartsWith("421", await wrong.SayAsync("WHAT"), StringComparison.Ordinal);
        using var endless = await fixture.ConnectAsync();
        for (int i = 0; i < 10; i++) Assert.StartsWith("250", await endless.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.StartsWith("421", await endless.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_the_connections_of_a_client()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxConnectionsPerClient = 1 });
        using (var first = await fixture.ConnectAsync())
        {
            using var second = await fixture.OpenAsync();
            Assert.StartsWith("421 4.7.0", await second.ReplyAsync(), StringComparison.Ordinal);
            await first.SayAsync("QUIT");
            await first.ReplyAsync();
        }

        for (int i = 0; ; i++)
        {
            using var again = await fixture.OpenAsync();
            if ((await again.ReplyAsync()).StartsWith("220", StringComparison.Ordinal)) break;
            Assert.True(i < 200, "the place was never given back");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task Turns_away_who_speaks_before_the_greeting()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { GreetingDelay = TimeSpan.FromSeconds(2) }, time);
        using var client = await fixture.OpenAsync();
        await client.SendAsync("EHLO spam.test\r\n");
        // The clock stands: it is what the client says that ends the wait.
        Assert.StartsWith("554 5.5.1", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("", await client.ReplyAsync());
    }

    [Fact]
    public async Task Greets_who_waits()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { GreetingDelay = TimeSpan.FromMilliseconds(50) });
        using var client = await fixture.ConnectAsync();
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_so_many_mails_in_a_session_and_counts_commands_from_mail_to_mail()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxMails = 3, MaxCommands = 4, MaxRecipients = 1 });
        using var client = await fixture.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            await client.BeginDataAsync();
            Assert.StartsWith("250", await client.SayAsync("."), StringComparison.Ordinal);
        }

        Assert.StartsWith("421 4.7.0", await client.SayAsync("MAIL FROM:<bob@peer.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_a_mail_that_drips()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await SmtpFixture.StartAsync(time: time);
        using var client = await fixture.ConnectAsync();
        await client.BeginDataAsync();
        var reply = client.ReplyAsync();
        // Every byte comes well within the time of a read, and all together in no time that anybody has.
        for (int i = 1; i < 50 && !reply.IsCompleted; i++)
        {
            await client.SendAsync("x");
            while (fixture.Application.Written < i && !reply.IsCompleted) await Task.Delay(5);
            await Task.WhenAny(reply, Task.Delay(20));
            time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal("421 4.4.2 Timed out", await reply);
        Assert.Empty(fixture.Application.Mails);
    }

    [Fact]
    public async Task Ends_a_session_that_is_silent_for_too_long()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await SmtpFixture.StartAsync(time: time);
        using var client = await fixture.ConnectAsync();
        var reply = client.ReplyAsync();
        for (int i = 0; i < 500 && !reply.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(20);
        }

        // A connection that outlives its grace is cut without a word; both end it.
        Assert.True((await reply) is "421 4.4.2 Timed out" or "");
    }
}
