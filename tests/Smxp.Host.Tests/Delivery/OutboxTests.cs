using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Tests.Mail;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Storage;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delivery;

public sealed class OutboxTests : IAsyncLifetime
{
    private readonly FakeTransport _transport = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TestServer? _server;
    private MailClient _alice = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task Tries_again_until_it_is_taken()
    {
        await StartAsync(fakeTime: true);
        _transport.Sends = (entry, _) => Task.FromResult(entry.Attempts < 2 ? FakeTransport.Later("greylisted") : FakeTransport.Taken);
        JsonElement result = await _alice.SendAsync(new { to = "bob@far.test", body = "patience" });
        Assert.Equal(("queued", "greylisted"), (result.Text("status"), result.Text("error")));
        JsonElement row = await _alice.MessageAsync(result.Text("id")!);
        Assert.Equal(("queued", "greylisted"), (row.Text("status"), row.Text("error")));

        await PassUntilAsync(TimeSpan.FromSeconds(1), async () => await StatusAsync(result) == "sent");
        Assert.Equal(3, _transport.Attempts.Count);
        Assert.Equal([0, 1, 2], _transport.Attempts.Select(static entry => entry.Attempts));
        row = await _alice.MessageAsync(result.Text("id")!);
        Assert.Equal((null, "fake"), (row.Text("error"), row.Text("transport")));
        Assert.Equal(0, await Outbox.CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Gives_up_in_the_end_and_says_why()
    {
        await StartAsync(fakeTime: true, settings => settings.With("Smxp:Federation:GiveUpAfterHours", "1"));
        _transport.Sends = (_, _) => Task.FromResult(FakeTransport.Later("mailbox full"));
        JsonElement result = await _alice.SendAsync(new { to = "bob@far.test", body = "never" });
        await PassUntilAsync(TimeSpan.FromMinutes(2), async () => await StatusAsync(result) == "failed");
        JsonElement row = await _alice.MessageAsync(result.Text("id")!);
        Assert.Contains("gave up after", row.Text("error"), StringComparison.Ordinal);
        Assert.Contains("mailbox full", row.Text("error"), StringComparison.Ordinal);
        Assert.Equal(0, await Outbox.CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_faults_every_time_is_set_aside_and_stays_visible()
    {
        await StartAsync(fakeTime: true);
        _transport.Sends = static (_, _) => throw new InvalidOperationException("poison");
        JsonElement result = await _alice.SendAsync(new { to = "bob@far.test", body = "poison" });
        await PassUntilAsync(TimeSpan.FromMinutes(1), async () => (await _alice.MessageAsync(result.Text("id")!)).Text("error")?.StartsWith("parked: ", StringComparison.Ordinal) == true);
        Assert.Equal((5, "queued"), (_transport.Attempts.Count, await StatusAsync(result)));
        OutboxEntry parked = Assert.Single(await Outbox.ListAsync(null, null, 10, CancellationToken.None));
        Assert.True(parked.IsParked);
        // Others go on, and it does not come back.
        _transport.Sends = static (_, _) => Task.FromResult(FakeTransport.Taken);
        JsonElement next = await _alice.SendAsync(new { to = "bob@far.test", body = "food" });
        await PassUntilAsync(TimeSpan.FromHours(1), async () => await StatusAsync(next) == "sent");
        Assert.Equal(6, _transport.Attempts.Count);
    }

    [Fact]
    public async Task Refusal_fails_at_once()
    {
        await StartAsync();
        _transport.Reaches = static address => address.Domain == "closed.test" ? new Reach(ReachKind.Refused, "takes no mail") : new Reach(ReachKind.No, "not mine");
        JsonElement closed = await _alice.SendAsync(new { to = "bob@closed.test", body = "?" });
        Assert.Equal(("failed", "takes no mail"), (closed.Text("status"), closed.Text("error")));

        JsonElement nowhere = await _alice.SendAsync(new { to = "bob@nowhere.test", body = "?" });
        Assert.Equal("failed", nowhere.Text("status"));
        // It says which look-ups were made.
        Assert.Contains("fake: not mine", nowhere.Text("error"), StringComparison.Ordinal);
        Assert.Contains("smxp:", nowhere.Text("error"), StringComparison.Ordinal);
        Assert.Empty(_transport.Attempts);
    }

    [Fact]
    public async Task Not_knowing_the_way_is_a_reason_to_wait()
    {
        await StartAsync(fakeTime: true);
        bool known = false;
        _transport.Reaches = _ => Volatile.Read(ref known) ? new Reach(ReachKind.Yes) : new Reach(ReachKind.Unknown, "DNS timed out");
        JsonElement result = await _alice.SendAsync(new { to = "bob@far.test", body = "?" });
        Assert.Equal(("queued", "DNS timed out"), (result.Text("status"), result.Text("error")));
        Volatile.Write(ref known, true);
        await PassUntilAsync(TimeSpan.FromSeconds(1), async () => await StatusAsync(result) == "sent");
    }

    [Fact]
    public async Task Destination_that_hangs_delays_no_other()
    {
        await StartAsync(configure: settings => settings.With("Smxp:Federation:FirstAttemptMilliseconds", "1000").With("Smxp:Delivery:PerDestination", "2").With("Smxp:Delivery:Concurrency", "20"));
        _transport.Sends = static (entry, cancellationToken) => entry.Destination == "hangs.test" ? FakeTransport.HangAsync(cancellationToken) : Task.FromResult(FakeTransport.Taken);
        JsonElement[] stuck = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _alice.SendAsync(new { to = $"bob{i}@hangs.test", body = "?" })));
        Assert.All(stuck, static result => Assert.Equal("queued", result.Text("status")));
        JsonElement[] swift = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => _alice.SendAsync(new { to = $"bob{i}@swift.test", body = "?" })));
        Assert.All(swift, static result => Assert.Equal("sent", result.Text("status")));
        Assert.InRange(_transport.Attempts.Count(static entry => entry.Destination == "hangs.test"), 1, 2);
    }

    [Fact]
    public async Task Fault_of_a_transport_is_tried_again_and_not_told()
    {
        await StartAsync(fakeTime: true);
        _transport.Sends = static (entry, _) => entry.Attempts == 0 ? throw new InvalidOperationException("secret detail") : Task.FromResult(FakeTransport.Taken);
        JsonElement result = await _alice.SendAsync(new { to = "bob@far.test", body = "?" });
        Assert.Equal("queued", result.Text("status"));
        Assert.DoesNotContain("secret", result.Text("error"), StringComparison.Ordinal);
        await PassUntilAsync(TimeSpan.FromSeconds(1), async () => await StatusAsync(result) == "sent");
        Assert.Equal(2, _transport.Attempts.Count);
    }

    [Fact]
    public async Task Goes_on_after_a_restart()
    {
        await StartAsync(configure: static settings => settings.With("Smxp:Federation:FirstAttemptMilliseconds", "100"));
        _transport.Sends = static (_, cancellationToken) => FakeTransport.HangAsync(cancellationToken);
        JsonElement result = await _alice.SendAsync(new { to = "bob@far.test", body = "hold the line" });
        Assert.Equal("queued", result.Text("status"));
        _transport.Sends = static (_, _) => Task.FromResult(FakeTransport.Taken);
        await _server!.RestartAsync();
        await Eventually.TrueAsync(async () => await StatusAsync(result) == "sent");
        Assert.Equal(2, _transport.Attempts.Count);
    }

    [Fact]
    public async Task Carried_mail_is_pinned_to_its_way()
    {
        await StartAsync();
        _transport.Sends = static (_, _) => Task.FromResult(FakeTransport.Later("later"));
        await _alice.SendAsync(new { to = "bob@far.test", body = "?" });
        OutboxEntry entry = Assert.Single(await Outbox.ListAsync(null, null, 10, CancellationToken.None));
        // Signed with the local key, it could not leave by SMXP any more.
        Assert.Equal(("fake", "alice@example.test", "far.test"), (entry.Transport, entry.Sender?.ToString(), entry.Destination));
    }

    private IOutbox Outbox => _server!.Services.GetRequiredService<IOutbox>();

    private async Task StartAsync(bool fakeTime = false, Action<TestServerSettings>? configure = null)
    {
        _server = await TestServer.StartAsync(settings =>
        {
            settings.Services = services => services.AddSingleton<ITransport>(_transport).AddSingleton<IDnsResolver>(new NothingThere());
            if (fakeTime) settings.Time = _time;
            configure?.Invoke(settings);
        });
        _alice = await MailClient.NewAsync(_server, "alice@example.test");
    }

    private async Task<string?> StatusAsync(JsonElement result) => (await _alice.MessageAsync(result.Text("id")!)).Text("status");

    /// <summary>A world without any other server.</summary>
    private sealed class NothingThere : IDnsResolver
    {
        public ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) =>
            ValueTask.FromResult<DnsAnswer?>(DnsAnswer.Empty(DnsStatus.NoName, TimeSpan.FromMinutes(1)));
    }

    private Task PassUntilAsync(TimeSpan step, Func<Task<bool>> condition) => Eventually.TrueAsync(async () =>
    {
        _time.Advance(step);
        return await condition();
    });
}
