using Microsoft.Extensions.Time.Testing;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>Clients that say nothing, or nothing more, cost a place until their time is over, and nobody else anything.</summary>
public sealed class SlowClientTests : IDisposable
{
    private const int Silent = 100;

    private readonly CertificateFiles _certificate = new("mx.example.test");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Nobody_waits_for_a_silent_client()
    {
        // The clock stands, so nothing here is solved by giving up on somebody.
        await using var fixture = await StartAsync(new FakeTimeProvider());
        var silent = new List<SmtpConversation>();
        try
        {
            for (int i = 0; i < Silent; i++)
            {
                // Silent before a greeting was read, before TLS, in the middle of a handshake, before a PROXY header, in a command, in a mail.
                silent.Add(await fixture.OpenAsync());
                silent.Add(await fixture.OpenAsync(1));
                var handshake = await fixture.OpenAsync(1);
                await handshake.SendAsync([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
                silent.Add(handshake);
                silent.Add(await fixture.OpenAsync(2));
                var command = await fixture.ConnectAsync();
                await command.SendAsync("EHL");
                silent.Add(command);
            }

            var mail = await fixture.ConnectAsync();
            silent.Add(mail);
            await mail.BeginDataAsync();
            await mail.SendAsync("Subject: ");
            var upgrade = await fixture.ConnectAsync();
            silent.Add(upgrade);
            Assert.StartsWith("220", await upgrade.SayAsync("STARTTLS"), StringComparison.Ordinal);

            using var clear = await fixture.ConnectAsync();
            await clear.BeginDataAsync();
            Assert.StartsWith("250", await clear.SayAsync("Hi\r\n."), StringComparison.Ordinal);
            using var encrypted = await fixture.OpenAsync(1);
            await encrypted.EncryptAsync();
            Assert.StartsWith("220", await encrypted.ReplyAsync(), StringComparison.Ordinal);
            await encrypted.BeginDataAsync();
            Assert.StartsWith("250", await encrypted.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        }
        finally
        {
            silent.ForEach(static client => client.Dispose());
        }

        Assert.Empty(fixture.Log.Faults);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(0, "STARTTLS")]
    public async Task Gives_up_a_handshake_that_does_not_come(int listener, string command)
    {
        var time = new FakeTimeProvider();
        await using var fixture = await StartAsync(time);
        using var client = await fixture.OpenAsync(listener);
        if (command.Length > 0)
        {
            await client.ReplyAsync();
            Assert.StartsWith("220", await client.SayAsync(command), StringComparison.Ordinal);
        }

        var end = client.ReplyAsync();
        for (int i = 0; i < 500 && !end.IsCompleted; i++)
        {
            // Far less than a client may think between commands, far more than a handshake takes.
            if (i < 280) time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        Assert.Equal("", await end);
    }

    [Fact]
    public async Task Ends_idle_sessions_under_TLS_with_421_when_it_stops()
    {
        await using var fixture = await StartAsync(TimeProvider.System);
        using var client = await fixture.OpenAsync(1);
        await client.EncryptAsync();
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        using var silent = await fixture.OpenAsync(1);
        await fixture.Server.StopAsync(CancellationToken.None);
        Assert.StartsWith("421", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("", await silent.ReplyAsync());
    }

    [Fact]
    public async Task Takes_clients_early_talk_under_TLS_for_what_it_is()
    {
        await using var fixture = await StartAsync(TimeProvider.System, static options => options with { GreetingDelay = TimeSpan.FromSeconds(30) });
        using var client = await fixture.OpenAsync(1);
        await client.EncryptAsync();
        await client.SendAsync("EHLO spam.test\r\n");
        Assert.StartsWith("554", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serves_a_thousand_clients_at_once_in_little_memory()
    {
        const int Clients = 1000;
        const int MostBytesOfBoth = 64 * 1024; // of a session and of the client that this process holds beside it
        await using var fixture = await StartAsync(TimeProvider.System);
        var clients = new SmtpConversation[Clients];
        try
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 0; i < Clients; i++)
            {
                clients[i] = await fixture.ConnectAsync();
                await clients[i].BeginMailAsync();
            }

            long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;
            Assert.InRange(each, 0, MostBytesOfBoth);
            await Parallel.ForEachAsync(clients, static async (client, _) =>
            {
                Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
                Assert.StartsWith("250", await client.SayAsync("Hi\r\n."), StringComparison.Ordinal);
            });
            Assert.Equal(Clients, fixture.Application.Mails.Count);
        }
        finally
        {
            foreach (var client in clients) client?.Dispose();
        }
    }

    private Task<SmtpFixture> StartAsync(TimeProvider time, Func<SmtpServerOptions, SmtpServerOptions>? configure = null) => SmtpFixture.StartAsync(options =>
    {
        options = options with
        {
            Listeners = [SmtpFixture.Listener, SmtpFixture.Listener with { ImplicitTls = true }, SmtpFixture.Listener with { ProxyNetworks = SmtpFixture.Loopback }],
            Certificate = _certificate.Source,
            MaxConnections = 10_000,
            MaxConnectionsPerClient = 10_000,
        };
        return configure?.Invoke(options) ?? options;
    }, time);
}
