using CsCheck;
using Smxp.Mail.Smtp.Proxy;
using Smxp.Mail.Smtp.Tests.Session;

namespace Smxp.Mail.Smtp.Tests.Proxy;

public sealed class XclientTests
{
    [Fact]
    public async Task Begins_anew_with_the_client_that_is_named()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.Contains("XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT", await client.SayAsync("EHLO proxy.test"), StringComparison.Ordinal);
        Assert.StartsWith("220 mx.example.test", await client.SayAsync("xclient NAME=spike.example.test ADDR=IPV6:2001:db8::1 PORT=1234 LOGIN=al+69ce PROTO=ESMTP"), StringComparison.Ordinal);
        Assert.StartsWith("503", await client.SayAsync("MAIL FROM:<bob@peer.test>"), StringComparison.Ordinal);
        await client.BeginDataAsync();
        await client.SayAsync(".");
        var transaction = fixture.Application.Mails.Single().Transaction;
        Assert.Equal(("2001:db8::1", "spike.example.test", "alice", "ESMTPA"), (transaction.Client.ToString(), transaction.ClientHost, transaction.Identity, transaction.Protocol));
    }

    [Fact]
    public async Task Takes_the_hello_from_the_proxy_and_what_is_not_known_for_unknown()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.StartsWith("220", await client.SayAsync("XCLIENT NAME=[TEMPUNAVAIL] LOGIN=[UNAVAILABLE] ADDR=[UNAVAILABLE] HELO=real.test PROTO=SMTP"), StringComparison.Ordinal);
        await client.SayAsync("MAIL FROM:<bob@peer.test>");
        await client.SayAsync("RCPT TO:<alice@example.test>");
        await client.SayAsync("DATA");
        await client.SayAsync(".");
        var transaction = fixture.Application.Mails.Single().Transaction;
        Assert.Equal(("127.0.0.1", null, null, "real.test", "SMTP"), (transaction.Client.ToString(), transaction.ClientHost, transaction.Identity, transaction.ClientName, transaction.Protocol));
    }

    [Fact]
    public async Task Holds_the_named_client_to_its_limits()
    {
        await using var fixture = await StartAsync(static options => options with { MaxConnectionsPerClient = 1 });
        using var first = await fixture.ConnectAsync();
        Assert.StartsWith("220", await first.SayAsync("XCLIENT ADDR=192.0.2.1"), StringComparison.Ordinal);
        using var second = await fixture.ConnectAsync();
        Assert.StartsWith("421", await second.SayAsync("XCLIENT ADDR=192.0.2.1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_taken_within_a_mail()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith("503", await client.SayAsync("XCLIENT ADDR=192.0.2.1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_behind_a_proxy_speaks_for_nobody()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with
        {
            Listeners = [SmtpFixture.Listener with { ProxyNetworks = SmtpFixture.Loopback, XclientNetworks = SmtpFixture.Loopback }],
        });
        using var client = await fixture.OpenAsync();
        await client.SendAsync("PROXY TCP4 192.0.2.7 198.51.100.2 51234 25\r\n");
        await client.ReplyAsync();
        Assert.DoesNotContain("XCLIENT", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.0", await client.SayAsync("XCLIENT ADDR=192.0.2.1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ADDR")]
    [InlineData("ADDR=")]
    [InlineData("ADDR=1")]
    [InlineData("ADDR=2001:db8::1")]
    [InlineData("ADDR=IPV6:192.0.2.1")]
    [InlineData("ADDR=192.0.2.1 ADDR=192.0.2.1")]
    [InlineData("ADDR=192.0.2.1  PORT=1")]
    [InlineData("PORT=65536")]
    [InlineData("PROTO=LMTP")]
    [InlineData("NAME=a+0D+0Ab")]
    [InlineData("NAME=a+20b")]
    [InlineData("WHAT=ever")]
    public void Refuses(string text) => Assert.Null(XclientAttributes.TryParse(text));

    [Fact]
    public void Never_throws() =>
        Gen.OneOf(Gen.OneOf("NAME=", "ADDR=", "IPV6:", "PORT=", "[UNAVAILABLE]", " ", "+", "=", "1.2.3.4"), Gen.String[0, 5]).Array[0, 8]
            .Sample(static parts => _ = XclientAttributes.TryParse(string.Concat(parts)), iter: 20_000);

    private static Task<SmtpFixture> StartAsync(Func<SmtpServerOptions, SmtpServerOptions>? configure = null) => SmtpFixture.StartAsync(options =>
    {
        options = options with { Listeners = [SmtpFixture.Listener with { XclientNetworks = SmtpFixture.Loopback }] };
        return configure?.Invoke(options) ?? options;
    });
}
