using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every outbox must do. The store that is opened is a message store that is an outbox as well.</summary>
public abstract class OutboxConformance : StoreConformance<IMessageStore>
{
    private static readonly Address Peer = Address.Parse("carol@peer.test");

    private IOutbox Outbox => (IOutbox)Store;

    private IOutboxControl Control => (IOutboxControl)Store;

    private async Task<OutboxEntry> SendAsync(string body, long dueAt = 1000, string destination = "peer.test")
    {
        SignedEnvelope letter = Write(Alice, Peer, body);
        OutboxEntry entry = Outgoing(letter, dueAt, destination, Alice);
        CommitResult result = await Store.CommitAsync(Of(Out(letter, SendStatus.Queued)) with { Outbox = [entry] }, None);
        Assert.Equal(CommitOutcome.Stored, result.Outcome);
        return entry;
    }

    private Task<IReadOnlyList<OutboxEntry>> LeaseAsync(string node = "n1", long now = 2000, long until = 3000, int limit = 10, int perDestination = 10) =>
        Outbox.LeaseAsync(node, now, until, limit, perDestination, None);

    private async Task<string[]> IdsAsync(OutboxFilter filter) => [.. (await Control.ListAsync(filter, None)).Select(static entry => entry.Id)];

    [Fact]
    public async Task Keeps_what_it_is_given_across_a_restart()
    {
        OutboxEntry entry = await SendAsync("hello");
        await RestartAsync();
        OutboxEntry kept = Assert.Single(await Outbox.ListAsync(null, null, 10, None));
        Assert.Equal(Text(entry.Envelope), Text(kept.Envelope));
        Assert.Equal(entry with { Envelope = default }, kept with { Envelope = default });
        Assert.Equal((1, (long?)1000), (await Outbox.CountAsync(None), await Outbox.NextDueAsync(None)));
    }

    [Fact]
    public async Task Is_empty_where_the_commit_was_refused()
    {
        SignedEnvelope letter = Write(Alice, Peer);
        await Store.CommitAsync(Of(Out(letter)), None);
        Assert.Equal(CommitOutcome.Duplicate, (await Store.CommitAsync(Of(Out(letter)) with { Outbox = [Outgoing(letter)] }, None)).Outcome);
        Assert.Equal(0, await Outbox.CountAsync(None));
        Assert.Null(await Outbox.NextDueAsync(None));
    }

    [Fact]
    public async Task Leases_the_longest_due_first_and_to_one_node()
    {
        OutboxEntry late = await SendAsync("late", 1500);
        OutboxEntry early = await SendAsync("early", 1000);
        await SendAsync("not yet", 5000);
        IReadOnlyList<OutboxEntry> taken = await LeaseAsync();
        Assert.Equal([early.Id, late.Id], taken.Select(static entry => entry.Id));
        Assert.All(taken, static entry => Assert.Equal(("n1", (long?)3000), (entry.LeasedBy, entry.LeasedUntil)));
        Assert.Empty(await LeaseAsync("n2"));
        Assert.Equal(3000, await Outbox.NextDueAsync(None));
        Assert.Equal(2, (await LeaseAsync("n2", now: 3000, until: 4000)).Count);
    }

    [Fact]
    public async Task Leases_no_more_of_a_destination_than_the_node_may_hold()
    {
        for (int i = 0; i < 5; i++) await SendAsync($"a{i}", 1000 + i, "a.test");
        OutboxEntry other = await SendAsync("b", 1900, "b.test");
        IReadOnlyList<OutboxEntry> first = await LeaseAsync(limit: 4, perDestination: 2);
        Assert.Equal(["a.test", "a.test", "b.test"], first.Select(static entry => entry.Destination));
        Assert.Empty(await LeaseAsync(limit: 4, perDestination: 2));
        await Outbox.SettleAsync(first[0], new OutboxOutcome(SendStatus.Sent, "smxp", null, null, 2001), None);
        Assert.Single(await LeaseAsync(limit: 4, perDestination: 2));
        Assert.Equal(other.Id, first[2].Id);
    }

    [Fact]
    public async Task Renews_and_releases_its_own_leases_only()
    {
        OutboxEntry entry = await SendAsync("x");
        await LeaseAsync();
        await Outbox.RenewAsync("n2", [entry.Id], 9000, None);
        await Outbox.RenewAsync("n1", [entry.Id, "unknown"], 4000, None);
        Assert.Empty(await LeaseAsync("n2", now: 3500));
        await Outbox.ReleaseAsync("n2", None);
        Assert.Empty(await LeaseAsync("n2", now: 3500));
        await Outbox.ReleaseAsync("n1", None);
        Assert.Single(await LeaseAsync("n2", now: 2000));
    }

    [Theory]
    [InlineData(SendStatus.Sent)]
    [InlineData(SendStatus.Failed)]
    public async Task Ending_an_entry_tells_the_sender(SendStatus status)
    {
        OutboxEntry entry = await SendAsync("x");
        OutboxEntry leased = Assert.Single(await LeaseAsync());
        string? error = status == SendStatus.Failed ? "550 no such user" : null;
        long? sequence = await Outbox.SettleAsync(leased, new OutboxOutcome(status, "email", error, null, 2500), None);
        MailboxEntry sent = (await Store.FindAsync(Alice, entry.MessageId, None))!;
        Assert.Equal(((SendStatus?)status, error, "email", sequence), (sent.Status, sent.Error, sent.Transport, (long?)sent.ModifiedSequence));
        MailboxEntry logged = Assert.Single((await Store.QueryAsync(new MailboxQuery { Mailbox = Alice, Kinds = ["status"] }, None)).Entries);
        Assert.Equal((sequence, entry.MessageId, (SendStatus?)status, error, 2500L), ((long?)logged.Sequence, logged.Id, logged.Status, logged.Error, logged.CreatedAt));
        Assert.Equal(sequence, (await Store.StatusAsync(Alice, None)).LastSequence);
        Assert.Equal(0, await Outbox.CountAsync(None));
        Assert.Null(await Outbox.SettleAsync(leased, new OutboxOutcome(status, null, null, null, 2600), None));
    }

    [Theory]
    [InlineData(SendStatus.Sent)]
    [InlineData(SendStatus.Queued)]
    public async Task What_a_bridge_remembers_of_an_attempt_is_written_with_its_outcome(SendStatus status)
    {
        await SendAsync("x");
        OutboxEntry leased = Assert.Single(await LeaseAsync());
        var state = Assert.IsAssignableFrom<IBridgeState>(Store);
        await state.PutAsync([new BridgeRecord("email", Alice, "attempt", "first"u8.ToArray())], None);
        await Outbox.SettleAsync(leased, new OutboxOutcome(status, "email", "busy", 5000, 2500) { Records = [new BridgeRecord("email", Alice, "attempt", "second"u8.ToArray())] }, None);
        Assert.Equal("second"u8.ToArray(), await state.GetAsync("email", Alice, "attempt", None));
        await Outbox.SettleAsync(leased with { Id = "unknown" }, new OutboxOutcome(status, "email", null, 5000, 2600) { Records = [new BridgeRecord("email", Alice, "other", [])] }, None);
        Assert.Null(await state.GetAsync("email", Alice, "other", None));
    }

    [Fact]
    public async Task Postponing_an_entry_counts_the_attempt_and_logs_nothing()
    {
        OutboxEntry entry = await SendAsync("x");
        OutboxEntry leased = Assert.Single(await LeaseAsync());
        Assert.Null(await Outbox.SettleAsync(leased, new OutboxOutcome(SendStatus.Queued, null, "busy", 5000, 2500), None));
        OutboxEntry kept = Assert.Single(await Outbox.ListAsync(entry.MessageId, null, 10, None));
        Assert.Equal((1, 5000L, "busy", null, null), (kept.Attempts, kept.DueAt, kept.LastError, kept.LeasedBy, kept.LeasedUntil));
        MailboxEntry sent = (await Store.FindAsync(Alice, entry.MessageId, None))!;
        Assert.Equal((SendStatus.Queued, "busy"), (sent.Status, sent.Error));
        Assert.Empty((await Store.QueryAsync(new MailboxQuery { Mailbox = Alice, Kinds = ["status"] }, None)).Entries);
        Assert.Empty(await LeaseAsync(now: 4999));
        Assert.Single(await LeaseAsync(now: 5000, until: 6000));
    }

    [Fact]
    public async Task A_parked_entry_is_told_to_the_sender_and_stays_for_the_operator()
    {
        OutboxEntry entry = await SendAsync("x");
        OutboxEntry leased = Assert.Single(await LeaseAsync());
        await Outbox.SettleAsync(leased, new OutboxOutcome(SendStatus.Queued, null, "fault", 2600, 2500, Faults: 1), None);
        leased = Assert.Single(await LeaseAsync(now: 2600, until: 2700));
        Assert.Equal(1, leased.Faults);
        Assert.NotNull(await Outbox.SettleAsync(leased, new OutboxOutcome(SendStatus.Queued, null, "poison", null, 2600, "parked: poison", Faults: 2, Parked: true), None));
        Assert.Equal((SendStatus.Queued, "parked: poison"), ((await Store.FindAsync(Alice, entry.MessageId, None))! is var sent ? (sent.Status, sent.Error) : default));
        await RestartAsync();
        OutboxEntry parked = Assert.Single(await Outbox.ListAsync(entry.MessageId, null, 10, None));
        Assert.Equal((true, 2, 2, "poison"), (parked.IsParked, parked.Attempts, parked.Faults, parked.LastError));
        Assert.Null(await Outbox.NextDueAsync(None));
        Assert.Empty(await LeaseAsync(now: 1_000_000_000_000, until: 1_000_000_000_001));
        Assert.Equal((OutboxState.Parked, entry.Id), (parked.StateAt(3000), Assert.Single(await IdsAsync(new OutboxFilter(3000, State: OutboxState.Parked)))));
        Assert.Empty(await IdsAsync(new OutboxFilter(3000, State: OutboxState.Later)));
        Assert.Equal(new OutboxSummary(0, 0, 0, 1, entry.CreatedAt), await Control.SummaryAsync(3000, None));
        Assert.Equal(OutboxEntry.Never, Assert.Single(await Control.DestinationsAsync(10, None)).NextDueAt);

        // Whoever took it and vanished leaves it parked; parked again, it is news again.
        Assert.Equal(TakeKind.Taken, (await Control.TakeAsync(entry.Id, "n1", 3000, 3100, None)).Kind);
        Assert.Empty(await LeaseAsync("n2", now: 4000, until: 5000));
        Assert.Equal(1, await Control.HastenAsync(entry.Id, null, 4000, None));
        leased = Assert.Single(await LeaseAsync("n2", now: 4000, until: 5000));
        Assert.NotNull(await Outbox.SettleAsync(leased, new OutboxOutcome(SendStatus.Queued, null, "poison", null, 4000, "parked: poison", Faults: 3, Parked: true), None));
    }

    [Fact]
    public async Task A_forward_leaves_without_a_mailbox()
    {
        SignedEnvelope letter = Write(Alice, Peer);
        OutboxEntry[] forwards = [Outgoing(letter), Outgoing(letter)];
        await Store.CommitAsync(new Commit { Deliveries = [], Outbox = forwards }, None);
        IReadOnlyList<OutboxEntry> leased = await LeaseAsync();
        Assert.Null(await Outbox.SettleAsync(leased[0], new OutboxOutcome(SendStatus.Sent, "smxp", null, null, 2500), None));
        Assert.Equal(Text(letter.Utf8), Text(Assert.Single(await Outbox.ListAsync(null, null, 10, None)).Envelope));
    }

    [Fact]
    public async Task Lists_in_order_after_the_one_named()
    {
        var ids = new List<string>();
        for (int i = 0; i < 5; i++) ids.Add((await SendAsync($"{i}")).Id);
        ids.Sort(StringComparer.Ordinal);
        IReadOnlyList<OutboxEntry> first = await Outbox.ListAsync(null, null, 2, None);
        IReadOnlyList<OutboxEntry> rest = await Outbox.ListAsync(null, first[^1].Id, 10, None);
        Assert.Equal(ids, first.Concat(rest).Select(static entry => entry.Id));
    }

    [Fact]
    public async Task Shows_entries_by_state_and_destination_without_their_envelopes()
    {
        OutboxEntry worked = await SendAsync("worked on", 1000, "a.test");
        await LeaseAsync();
        OutboxEntry due = await SendAsync("due", 1500, "a.test");
        OutboxEntry later = await SendAsync("later", 5000, "b.test");
        Assert.Equal([worked.Id, due.Id, later.Id], await IdsAsync(new OutboxFilter(2000)));
        Assert.Equal([worked.Id], await IdsAsync(new OutboxFilter(2000, State: OutboxState.Working)));
        Assert.Equal([due.Id], await IdsAsync(new OutboxFilter(2000, State: OutboxState.Due)));
        Assert.Equal([later.Id], await IdsAsync(new OutboxFilter(2000, State: OutboxState.Later)));
        // A lease that has ended is none.
        Assert.Equal([worked.Id, due.Id], await IdsAsync(new OutboxFilter(3000, "a.test", OutboxState.Due)));
        Assert.Equal([due.Id], await IdsAsync(new OutboxFilter(2000, "a.test", After: worked.Id, Limit: 1)));
        Assert.Empty(await IdsAsync(new OutboxFilter(2000, "c.test")));

        OutboxEntry found = (await Control.FindAsync(later.Id, None))!;
        Assert.Equal(later with { Envelope = default }, found);
        Assert.Null(await Control.FindAsync("unknown", None));
        Assert.Equal([OutboxState.Working, OutboxState.Due, OutboxState.Later], (await Control.ListAsync(new OutboxFilter(2000), None)).Select(static entry => entry.StateAt(2000)));
    }

    [Fact]
    public async Task Counts_by_destination_and_state()
    {
        Assert.Equal(new OutboxSummary(0, 0, 0, 0, null), await Control.SummaryAsync(2000, None));
        Assert.Empty(await Control.DestinationsAsync(10, None));
        OutboxEntry first = await SendAsync("1", 1000, "a.test");
        await LeaseAsync();
        await SendAsync("2", 5000, "b.test");
        await SendAsync("3", 1500, "b.test");
        Assert.Equal(new OutboxSummary(1, 1, 1, 0, first.CreatedAt), await Control.SummaryAsync(2000, None));
        IReadOnlyList<OutboxDestination> counted = await Control.DestinationsAsync(10, None);
        Assert.Equal([("b.test", 2, 1500L), ("a.test", 1, 1000L)], counted.Select(static each => (each.Destination, each.Entries, each.NextDueAt)));
        Assert.Equal("b.test", Assert.Single(await Control.DestinationsAsync(1, None)).Destination);
    }

    [Fact]
    public async Task Hastens_one_a_destination_or_all_but_nothing_that_is_worked_on()
    {
        OutboxEntry worked = await SendAsync("worked on", 1000, "a.test");
        await LeaseAsync(until: 8000);
        OutboxEntry one = await SendAsync("1", 5000, "a.test");
        OutboxEntry two = await SendAsync("2", 6000, "b.test");
        await SendAsync("3", 7000, "c.test");
        Assert.Equal((0, 0), (await Control.HastenAsync(worked.Id, null, 2000, None), await Control.HastenAsync("unknown", null, 2000, None)));
        Assert.Equal(1, await Control.HastenAsync(one.Id, null, 2000, None));
        Assert.Equal(one.Id, Assert.Single(await LeaseAsync("n2", until: 8000)).Id);
        Assert.Equal(1, await Control.HastenAsync(null, "b.test", 2000, None));
        Assert.Equal(two.Id, Assert.Single(await LeaseAsync("n2", until: 8000)).Id);
        Assert.Equal(1, await Control.HastenAsync(null, null, 2000, None));
        Assert.Equal(0, Assert.Single(await LeaseAsync("n2")).Attempts);
    }

    [Fact]
    public async Task An_entry_that_is_taken_is_nobody_elses_and_no_earlier_due_when_its_lease_ends()
    {
        OutboxEntry entry = await SendAsync("x", 5000);
        TakeResult taken = await Control.TakeAsync(entry.Id, "n1", 2000, 2100, None);
        Assert.Equal((TakeKind.Taken, "n1", Text(entry.Envelope)), (taken.Kind, taken.Entry!.LeasedBy, Text(taken.Entry.Envelope)));
        Assert.Equal(new TakeResult(TakeKind.Working), await Control.TakeAsync(entry.Id, "n2", 2050, 2200, None));
        Assert.Equal(new TakeResult(TakeKind.NotFound), await Control.TakeAsync("unknown", "n1", 2000, 2100, None));
        Assert.Empty(await LeaseAsync("n2", now: 4999, until: 5100));
        Assert.Equal(TakeKind.Taken, (await Control.TakeAsync(entry.Id, "n2", 2100, 9000, None)).Kind);
        Assert.Empty(await LeaseAsync("n1", now: 5000, until: 5100));

        Assert.NotNull(await Outbox.SettleAsync(taken.Entry, new OutboxOutcome(SendStatus.Failed, null, "dropped", null, 2200), None));
        Assert.Equal((SendStatus.Failed, "dropped"), ((await Store.FindAsync(Alice, entry.MessageId, None))! is var sent ? (sent.Status, sent.Error) : default));
        Assert.Equal(0, await Outbox.CountAsync(None));
    }

    [Fact]
    public async Task Logs_a_notice_of_delay_once_and_keeps_its_words()
    {
        OutboxEntry entry = await SendAsync("x");
        long? first = await PostponeAsync("delayed: busy", 2500);
        Assert.Equal(first, (await Store.StatusAsync(Alice, None)).LastSequence);
        await RestartAsync();
        Assert.Null(await PostponeAsync("delayed: still busy", 3500));
        MailboxEntry sent = (await Store.FindAsync(Alice, entry.MessageId, None))!;
        Assert.Equal(((SendStatus?)SendStatus.Queued, "delayed: still busy", first), (sent.Status, sent.Error, (long?)sent.ModifiedSequence));
        MailboxEntry logged = Assert.Single((await Store.QueryAsync(new MailboxQuery { Mailbox = Alice, Kinds = ["status"] }, None)).Entries);
        Assert.Equal((first, entry.MessageId, (SendStatus?)SendStatus.Queued, "delayed: busy"), ((long?)logged.Sequence, logged.Id, logged.Status, logged.Error));
        // The operator sees what happened, not what the sender was told.
        Assert.Equal(("busy", 2), ((await Control.FindAsync(entry.Id, None))!.LastError, (await Control.FindAsync(entry.Id, None))!.Attempts));

        async Task<long?> PostponeAsync(string notice, long at)
        {
            OutboxEntry leased = Assert.Single(await LeaseAsync(now: at - 500, until: at + 500));
            return await Outbox.SettleAsync(leased, new OutboxOutcome(SendStatus.Queued, null, "busy", at, at, notice), None);
        }
    }

    [Fact]
    public async Task Nodes_that_lease_at_once_never_share_an_entry()
    {
        for (int i = 0; i < 60; i++) await SendAsync($"{i}", destination: $"d{i % 7}.test");
        IReadOnlyList<OutboxEntry>[] taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(node => Task.Run(() => LeaseAsync($"n{node}", limit: 20, perDestination: 20))));
        string[] ids = [.. taken.SelectMany(static entries => entries).Select(static entry => entry.Id)];
        Assert.Equal(60, ids.Length);
        Assert.Equal(60, ids.Distinct().Count());
    }
}
