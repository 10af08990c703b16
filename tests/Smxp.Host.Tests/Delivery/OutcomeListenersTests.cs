using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Host.Delivery;
using Smxp.Host.Tests.Mail;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delivery;

/// <summary>Bridges learn what became of messages that leave: of each once it has ended, whether or not somebody here has a row of it.</summary>
public sealed class OutcomeListenersTests
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

    private static readonly OutboxOutcome Failed = new(SendStatus.Failed, "smxp", "no such user", null, 2);

    [Fact]
    public async Task A_step_of_the_schedule_is_no_news()
    {
        var listener = new Listener();
        Assert.NotNull(await Listeners(listener).TellAsync(Entry, new OutboxOutcome(SendStatus.Queued, "smxp", "busy", 60, 2), CancellationToken.None));
        Assert.Empty(listener.Told);
        Assert.NotNull(await Listeners(listener).TellAsync(Entry, new OutboxOutcome(SendStatus.Queued, "smxp", "busy", 60, 2, Notice: "delayed"), CancellationToken.None));
        Assert.Single(listener.Told);
    }

    [Fact]
    public async Task All_are_told_and_a_fault_of_one_ends_nothing()
    {
        Listener faulty = new() { Fault = new InvalidOperationException("a bug") }, sound = new();
        BridgeRecord attempt = new("sound", null, "attempt", []), told = new("sound", null, "told", []);
        sound.Remembers = [told];
        OutboxOutcome? outcome = await Listeners(faulty, sound).TellAsync(Entry, Failed with { Records = [attempt] }, CancellationToken.None);
        Assert.Equal([attempt, told], outcome!.Records);
        Assert.Equal([("m", "no such user")], faulty.Told);
        Assert.Equal([("m", "no such user")], sound.Told);
    }

    [Fact]
    public async Task An_outage_has_it_told_again()
    {
        Listener away = new() { Fault = new StorageUnavailableException("down", null) };
        OutcomeListeners listeners = Listeners(away);
        Assert.Null(await listeners.TellAsync(Entry, Failed, CancellationToken.None));
        away.Fault = null;
        Assert.NotNull(await listeners.TellAsync(Entry, Failed, CancellationToken.None));
    }

    [Fact]
    public async Task What_a_sender_sent_and_what_nobody_did_are_both_told()
    {
        var transport = new FakeTransport { Sends = static (_, _) => Task.FromResult(new HandOver(HandOverKind.Rejected, "no such user")) };
        var listener = new Listener();
        await using TestServer server = await TestServer.StartAsync(settings => settings.Services = services => services.AddSingleton<ITransport>(transport).AddSingleton<IBridge>(listener));
        using HttpClient alice = await server.SignInNewAsync("alice@example.test");
        (await alice.PostAsync("/.smxp/mail/send", new { to = "bob@far.test", body = "x" })).Is(System.Net.HttpStatusCode.Created);
        await Eventually.TrueAsync(() => listener.Told.Count == 1);

        // A route that leads elsewhere makes an entry of nobody's.
        using HttpClient admin = server.NewAdminClient();
        (await admin.PostAsync("/.smxp/admin/routes", new { domain = "example.test", pattern = "list", target_address = "carol@far.test" })).Is(System.Net.HttpStatusCode.Created);
        (await alice.PostAsync("/.smxp/mail/send", new { to = "list@example.test", body = "x" })).Is(System.Net.HttpStatusCode.Created);
        await Eventually.TrueAsync(() => listener.Told.Count == 2);
        Assert.All(listener.Told, static told => Assert.Equal("no such user", told.Error));
        Assert.Equal("carol@far.test", listener.Recipient);
    }

    [Fact]
    public async Task What_the_operator_drops_is_told_first_and_stays_where_that_cannot_be_told()
    {
        var transport = new FakeTransport { Sends = static (_, _) => Task.FromResult(FakeTransport.Later("busy")) };
        var listener = new Listener();
        await using TestServer server = await TestServer.StartAsync(settings => settings.With("Smxp:Federation:FirstAttemptMilliseconds", "20000")
            .Services = services => services.AddSingleton<ITransport>(transport).AddSingleton<IBridge>(listener));
        using HttpClient alice = await server.SignInNewAsync("alice@example.test"), admin = server.NewAdminClient();
        (await alice.PostAsync("/.smxp/mail/send", new { to = "bob@far.test", body = "x" })).Is(System.Net.HttpStatusCode.Created);
        string entry = (await admin.AskAsync("/.smxp/admin/queue"))["entries"][0].Text("id")!;

        listener.Fault = new StorageUnavailableException("down", null);
        (await admin.RemoveAsync($"/.smxp/admin/queue/{entry}")).Is(System.Net.HttpStatusCode.ServiceUnavailable);
        Assert.Equal("later", (await admin.AskAsync($"/.smxp/admin/queue/{entry}"))["state"].GetString());
        listener.Fault = null;
        (await admin.RemoveAsync($"/.smxp/admin/queue/{entry}")).Is(System.Net.HttpStatusCode.OK);
        Assert.Equal(["dropped by the operator", "dropped by the operator"], listener.Told.Select(static told => told.Error));
    }

    private static OutcomeListeners Listeners(params Listener[] listeners)
    {
        var services = new ServiceCollection();
        foreach (Listener listener in listeners) services.AddSingleton<IBridge>(listener);
        return new OutcomeListeners(services.BuildServiceProvider(), NullLogger<OutcomeListeners>.Instance);
    }

    private sealed class Listener : IBridge, IOutcomeListener
    {
        public List<(string Id, string Error)> Told { get; } = [];
        public string? Recipient { get; private set; }
        public Exception? Fault { get; set; }
        public IReadOnlyList<BridgeRecord> Remembers { get; set; } = [];
        public string Name => "listener";
        public IReadOnlyList<ITransport> Transports => [];

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task<OriginalDocument?> OpenOriginalAsync(Address mailbox, string messageId, CancellationToken cancellationToken) => Task.FromResult<OriginalDocument?>(null);

        public Task<IReadOnlyList<BridgeRecord>> HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
        {
            Told.Add((entry.MessageId, outcome.Error ?? ""));
            Recipient = entry.Recipient.ToString();
            return Fault is null ? Task.FromResult(Remembers) : Task.FromException<IReadOnlyList<BridgeRecord>>(Fault);
        }
    }
}
