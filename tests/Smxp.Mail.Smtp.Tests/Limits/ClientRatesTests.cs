using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Mail.Smtp.Limits;
using Smxp.Mail.Smtp.Tests.Session;

namespace Smxp.Mail.Smtp.Tests.Limits;

public sealed class ClientRatesTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void Lets_so_many_pass_at_once_and_then_at_that_pace()
    {
        var time = new FakeTimeProvider();
        var rates = new ClientRates(new RateLimits { MailsPerMinute = 6 }, time);
        for (int i = 0; i < 6; i++) Assert.True(rates.TryMail(Client));
        Assert.False(rates.TryMail(Client));
        Assert.True(rates.TryConnect(Client)); // another count, without a limit
        Assert.True(rates.TryMail(IPAddress.Parse("192.0.2.2")));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(rates.TryMail(Client));
        Assert.False(rates.TryMail(Client));
        time.Advance(TimeSpan.FromMinutes(10));
        for (int i = 0; i < 6; i++) Assert.True(rates.TryMail(Client));
        Assert.False(rates.TryMail(Client));
    }

    [Fact]
    public void Takes_a_network_of_one_subscriber_for_one_client()
    {
        var rates = new ClientRates(new RateLimits { ConnectionsPerMinute = 1 }, new FakeTimeProvider());
        Assert.True(rates.TryConnect(IPAddress.Parse("2001:db8::1")));
        Assert.False(rates.TryConnect(IPAddress.Parse("2001:db8::2")));
        Assert.True(rates.TryConnect(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void Knows_exceptions()
    {
        var rates = new ClientRates(new RateLimits { RecipientsPerMinute = 1, Exempt = [IPNetwork.Parse("192.0.2.0/24")] }, new FakeTimeProvider());
        for (int i = 0; i < 10; i++) Assert.True(rates.TryRecipient(Client));
    }

    [Fact]
    public void Remembers_no_more_clients_than_it_may()
    {
        var time = new FakeTimeProvider();
        var rates = new ClientRates(new RateLimits { ConnectionsPerMinute = 1 }, time, capacity: 10);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(rates.TryConnect(new IPAddress(i)));
            Assert.InRange(rates.Count, 1, 10);
        }

        // Who is idle is forgotten first.
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(rates.TryConnect(Client));
        for (int i = 0; i < 9; i++) rates.TryConnect(new IPAddress(i));
        Assert.False(rates.TryConnect(Client));
    }

    [Fact]
    public async Task Holds_a_client_to_its_rates()
    {
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { Rates = new RateLimits { ConnectionsPerMinute = 2, MailsPerMinute = 2, RecipientsPerMinute = 3 } }, new FakeTimeProvider());
        using var client = await fixture.ConnectAsync();
        await client.BeginMailAsync();
        Assert.StartsWith("250", await client.SayAsync("RCPT TO:<bob@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("RCPT TO:<carol@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("450 4.7.0", await client.SayAsync("RCPT TO:<dave@example.test>"), StringComparison.Ordinal);
        await client.SayAsync("RSET");
        Assert.StartsWith("250", await client.SayAsync("MAIL FROM:<bob@peer.test>"), StringComparison.Ordinal);
        await client.SayAsync("RSET");
        Assert.StartsWith("450 4.7.0", await client.SayAsync("MAIL FROM:<bob@peer.test>"), StringComparison.Ordinal);
        using var second = await fixture.ConnectAsync();
        using var third = await fixture.OpenAsync();
        Assert.StartsWith("421 4.7.0", await third.ReplyAsync(), StringComparison.Ordinal);
    }
}
