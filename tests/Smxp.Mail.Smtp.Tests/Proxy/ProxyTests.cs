using System.Net;
using Smxp.Mail.Smtp.Tests.Session;

namespace Smxp.Mail.Smtp.Tests.Proxy;

/// <summary>Clients behind a proxy: who is believed, and who is not.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Line = "PROXY TCP4 192.0.2.7 198.51.100.2 51234 25\r\n";

    private readonly CertificateFiles _certificate = new("mx.example.test");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Takes_the_client_from_the_header()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.OpenAsync();
        await client.SendAsync(Line);
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.BeginDataAsync();
        await client.SayAsync(".");
        Assert.Equal("192.0.2.7", fixture.Application.Mails.Single().Transaction.Client.ToString());
    }

    [Fact]
    public async Task Reads_the_header_before_TLS()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.OpenAsync(1);
        await client.SendAsync([0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12, 192, 0, 2, 8, 198, 51, 100, 2, 1, 2, 0, 25]);
        await client.EncryptAsync();
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.BeginDataAsync();
        await client.SayAsync(".");
        var transaction = fixture.Application.Mails.Single().Transaction;
        Assert.Equal(("192.0.2.8", "ESMTPS"), (transaction.Client.ToString(), transaction.Protocol));
    }

    [Theory]
    [InlineData("EHLO client.test\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7\r\n")]
    public async Task Closes_without_a_word_where_there_is_no_header(string start)
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.OpenAsync();
        await client.SendAsync(start);
        Assert.Equal("", await client.ReplyAsync());
        Assert.Contains(fixture.Log.Lines, static line => line.StartsWith("127.0.0.1 is among the proxies, but began its connection without a PROXY header", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_nothing_of_a_proxy_that_only_looks_whether_somebody_is_there()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.OpenAsync();
        client.FinishSending();
        Assert.Equal("", await client.ReplyAsync());
        Assert.DoesNotContain(fixture.Log.Lines, static line => line.Contains("PROXY header", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closes_where_the_header_does_not_come_in_time()
    {
        await using var fixture = await StartAsync(static options => options with { ProxyTimeout = TimeSpan.FromMilliseconds(1) });
        using var client = await fixture.OpenAsync();
        await client.SendAsync("PROXY ");
        Assert.Equal("", await client.ReplyAsync());
    }

    [Fact]
    public async Task Believes_nobody_else()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with
        {
            Listeners = [SmtpFixture.Listener with { ProxyNetworks = [IPNetwork.Parse("192.0.2.0/24")] }],
            GreetingDelay = TimeSpan.FromSeconds(30),
        });
        using var client = await fixture.OpenAsync();
        await client.SendAsync(Line);
        Assert.StartsWith("554", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_the_connections_of_the_client_and_not_of_the_proxy()
    {
        await using var fixture = await StartAsync(static options => options with { MaxConnectionsPerClient = 1 });
        using var first = await fixture.OpenAsync();
        using var second = await fixture.OpenAsync();
        using var third = await fixture.OpenAsync();
        await first.SendAsync(Line);
        Assert.StartsWith("220", await first.ReplyAsync(), StringComparison.Ordinal);
        await second.SendAsync(Line.Replace("192.0.2.7", "192.0.2.9", StringComparison.Ordinal));
        Assert.StartsWith("220", await second.ReplyAsync(), StringComparison.Ordinal);
        await third.SendAsync(Line);
        Assert.StartsWith("421 4.7.0", await third.ReplyAsync(), StringComparison.Ordinal);
    }

    private Task<SmtpFixture> StartAsync(Func<SmtpServerOptions, SmtpServerOptions>? configure = null)
    {
        var listener = SmtpFixture.Listener with { ProxyNetworks = SmtpFixture.Loopback };
        return SmtpFixture.StartAsync(options =>
        {
            options = options with { Listeners = [listener, listener with { ImplicitTls = true }], Certificate = _certificate.Source };
            return configure?.Invoke(options) ?? options;
        });
    }
}
