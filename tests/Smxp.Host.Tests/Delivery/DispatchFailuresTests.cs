using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Host.Delivery;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delivery;

/// <summary>Bridges learn what is given up for which nobody has a row here, and of nothing else.</summary>
public sealed class DispatchFailuresTests
{
    private static readonly OutboxEntry Entry = new()
    {
        Id = "1",
        MessageId = "m",
        Recipient = Address.Parse("bob@far.test"),
        Destination = "far.test",
        Envelope = ReadOnlyMemory<byte>.Empty,
        DueAt = 1,
        CreatedAt = 1,
        ExpiresAt = 2,
    };

    [Fact]
    public async Task All_are_told_and_a_fault_of_one_ends_nothing()
    {
        Listener faulty = new() { Fault = new InvalidOperationException("a bug") }, sound = new();
        Assert.True(await Failures(faulty, sound).TellAsync(Entry, "no such user", CancellationToken.None));
        Assert.Equal([("m", "no such user")], faulty.Told);
        Assert.Equal([("m", "no such user")], sound.Told);
    }

    [Fact]
    public async Task An_outage_has_it_told_again()
    {
        Listener away = new() { Fault = new StorageUnavailableException("down", null) };
        DispatchFailures failures = Failures(away);
        Assert.False(await failures.TellAsync(Entry, "no", CancellationToken.None));
        away.Fault = null;
        Assert.True(await failures.TellAsync(Entry, "no", CancellationToken.None));
    }

    [Fact]
    public async Task An_entry_whose_sender_is_told_by_his_row_is_nobody_elses()
    {
        var transport = new FakeTransport { Sends = static (_, _) => Task.FromResult(new HandOver(HandOverKind.Rejected, "no such user")) };
        var listener = new Listener();
        await using TestServer server = await TestServer.StartAsync(settings => settings.Services = services => services.AddSingleton<ITransport>(transport).AddSingleton<IBridge>(listener));
        using HttpClient alice = await server.SignInNewAsync("alice@example.test");
        (await alice.PostAsync("/.smxp/mail/send", new { to = "bob@far.test", body = "x" })).Is(System.Net.HttpStatusCode.Created);
        await Eventually.TrueAsync(() => !transport.Attempts.IsEmpty);

        // A route that leads elsewhere makes an entry of nobody's.
        using HttpClient admin = server.NewAdminClient();
        (await admin.PostAsync("/.smxp/admin/routes", new { domain = "example.test", pattern = "list", target_address = "carol@far.test" })).Is(System.Net.HttpStatusCode.Created);
        (await alice.PostAsync("/.smxp/mail/send", new { to = "list@example.test", body = "x" })).Is(System.Net.HttpStatusCode.Created);
        await Eventually.TrueAsync(() => listener.Told.Count > 0);
        Assert.Equal("no such user", Assert.Single(listener.Told).Error);
        Assert.Equal("carol@far.test", listener.Recipient);
    }

    private static DispatchFailures Failures(params Listener[] listeners)
    {
        var services = new ServiceCollection();
        foreach (Listener listener in listeners) services.AddSingleton<IBridge>(listener);
        return new DispatchFailures(services.BuildServiceProvider(), NullLogger<DispatchFailures>.Instance);
    }

    private sealed class Listener : IBridge, IDispatchFailures
    {
        public List<(string Id, string Error)> Told { get; } = [];
        public string? Recipient { get; private set; }
        public Exception? Fault { get; set; }
        public string Name => "listener";
        public IReadOnlyList<ITransport> Transports => [];

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task<OriginalDocument?> OpenOriginalAsync(Address mailbox, string messageId, CancellationToken cancellationToken) => Task.FromResult<OriginalDocument?>(null);

        public Task FailedAsync(OutboxEntry entry, string error, CancellationToken cancellationToken)
        {
            Told.Add((entry.MessageId, error));
            Recipient = entry.Recipient.ToString();
            return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
        }
    }
}
