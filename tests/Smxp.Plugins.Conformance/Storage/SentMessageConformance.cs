using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every message store with an outbox must do about messages that were sent: edits and deletes that come before they leave, and what is heard of them afterwards.</summary>
public abstract class SentMessageConformance : StoreConformance<IMessageStore>
{
    private static readonly Address Peer = Address.Parse("carol@peer.test");

    private IOutbox Outbox => (IOutbox)Store;

    [Fact]
    public async Task Keeps_who_else_a_message_is_for_and_whether_a_receipt_is_wanted()
    {
        SignedEnvelope letter = Write(Alice, Peer);
        OutboxEntry entry = Outgoing(letter, sender: Alice) with { Group = letter.Envelope.Id, Audience = [Peer, Bob], AsksReceipt = true };
        await Store.CommitAsync(Of(Out(letter, SendStatus.Queued) with { Participants = ["carol@peer.test", "bob@example.test"] }) with { Outbox = [entry] }, None);
        await RestartAsync();
        OutboxEntry kept = Assert.Single(await Outbox.ListAsync(null, null, 10, None));
        Assert.Equal([Peer, Bob], kept.Audience);
        Assert.True(kept.AsksReceipt);
        Assert.Equal(["carol@peer.test", "bob@example.test"], (await Store.FindAsync(Alice, letter.Envelope.Id, None))!.Participants);
        ConversationSummary conversation = Assert.Single((await Store.ConversationsAsync(Alice, null, 10, None)).Conversations);
        Assert.Equal(["alice@example.test", "bob@example.test", "carol@peer.test"], conversation.Participants.Order());
    }

    [Fact]
    public async Task An_edit_takes_effect_in_what_still_waits()
    {
        OutboxEntry waiting = await SendAsync();
        SignedEnvelope edit = Write(Alice, Peer, "edited", type: EnvelopeType.Edit, inReplyTo: waiting.MessageId, timestamp: 1001);
        OutboxEntry own = Change(edit, waiting);
        CommitResult result = await Store.CommitAsync(Of(Out(edit, SendStatus.Queued)) with { Outbox = [own] }, None);
        Assert.Equal([own.Id], result.Absorbed);
        await RestartAsync();
        OutboxEntry left = Assert.Single(await Outbox.ListAsync(null, null, 10, None));
        Assert.Equal((waiting.Id, waiting.MessageId, waiting.DueAt, Text(edit.Utf8)), (left.Id, left.MessageId, left.DueAt, Text(left.Envelope)));
        Assert.Equal(SendStatus.Sent, (await Store.FindAsync(Alice, edit.Envelope.Id, None))!.Status);
        Assert.Equal(SendStatus.Queued, (await Store.FindAsync(Alice, waiting.MessageId, None))!.Status);

        // It ends as itself.
        OutboxEntry leased = Assert.Single(await Outbox.LeaseAsync("n1", 10_000, 11_000, 10, 10, None));
        await Outbox.SettleAsync(leased, new OutboxOutcome(SendStatus.Sent, "email", null, null, 10_001), None);
        Assert.Equal(SendStatus.Sent, (await Store.FindAsync(Alice, waiting.MessageId, None))!.Status);
        Assert.Equal("edited", (await Store.FindAsync(Alice, waiting.MessageId, None))!.Current!.Envelope.Body);
    }

    [Fact]
    public async Task A_delete_takes_out_what_still_waits_and_says_so()
    {
        OutboxEntry waiting = await SendAsync();
        SignedEnvelope delete = Write(Alice, Peer, type: EnvelopeType.Delete, inReplyTo: waiting.MessageId, timestamp: 1001);
        CommitResult result = await Store.CommitAsync(Of(Out(delete, SendStatus.Queued)) with { Outbox = [Change(delete, waiting)] }, None);
        Assert.Single(result.Absorbed);
        Assert.Equal(0, await Outbox.CountAsync(None));
        MailboxEntry taken = (await Store.FindAsync(Alice, waiting.MessageId, None))!;
        Assert.Equal((true, (SendStatus?)SendStatus.Failed), (taken.Deleted, taken.Status));
        Assert.StartsWith("cancelled", taken.Error, StringComparison.Ordinal);
        Assert.Equal(result.Sequences[Alice], (await Store.StatusAsync(Alice, None)).LastSequence);
        Assert.Equal(taken.ModifiedSequence, result.Sequences[Alice]);
    }

    [Fact]
    public async Task What_a_node_works_on_or_goes_another_way_is_left_alone()
    {
        OutboxEntry held = await SendAsync();
        SignedEnvelope edit = Write(Alice, Peer, "edited", type: EnvelopeType.Edit, inReplyTo: held.MessageId, timestamp: 1001);
        CommitResult other = await Store.CommitAsync(Of(Out(edit)) with { Outbox = [Change(edit, held) with { Transport = "pigeon" }] }, None);
        Assert.Empty(other.Absorbed);
        await Outbox.LeaseAsync("n1", 10_000, 11_000, 10, 10, None);
        SignedEnvelope delete = Write(Alice, Peer, type: EnvelopeType.Delete, inReplyTo: held.MessageId, timestamp: 1002);
        CommitResult late = await Store.CommitAsync(Of(Out(delete)) with { Outbox = [Change(delete, held)] }, None);
        Assert.Empty(late.Absorbed);
        Assert.Equal(3, await Outbox.CountAsync(None));
    }

    [Fact]
    public async Task What_is_heard_later_is_on_the_row_and_in_the_log()
    {
        SignedEnvelope letter = Write(Alice, Peer);
        await Store.CommitAsync(Of(Out(letter)), None);
        var late = new SendReport(Alice, letter.Envelope.Id, SendStatus.Sent, "delayed", 2000);
        CommitResult first = await Store.CommitAsync(new Commit { Deliveries = [], Reports = [late, late] }, None);
        Assert.Equal((SendStatus.Sent, "delayed"), await RowAsync(letter));
        CommitResult second = await Store.CommitAsync(new Commit { Deliveries = [], Reports = [late with { Status = SendStatus.Failed, Error = "550 no" }] }, None);
        Assert.Equal((SendStatus.Failed, "550 no"), await RowAsync(letter));
        IReadOnlyList<MailboxEntry> logged = (await Store.QueryAsync(new MailboxQuery { Mailbox = Alice, Kinds = ["status"], OldestFirst = true }, None)).Entries;
        Assert.Equal([("delayed", first.Sequences[Alice]), ("550 no", second.Sequences[Alice])], logged.Select(static entry => (entry.Error!, entry.Sequence)));
    }

    [Fact]
    public async Task Reports_of_nothing_known_change_nothing_and_a_repeat_is_refused()
    {
        SignedEnvelope letter = Write(Alice, Peer);
        await Store.CommitAsync(Of(Out(letter)), None);
        CommitResult unknown = await Store.CommitAsync(
            new Commit { Deliveries = [], Reports = [new SendReport(Alice, "nothing", SendStatus.Failed, "no", 1), new SendReport(NewMailbox(), letter.Envelope.Id, SendStatus.Failed, "no", 1)] }, None);
        Assert.Empty(unknown.Sequences);
        var commit = new Commit { Deliveries = [], Reports = [new SendReport(Alice, letter.Envelope.Id, SendStatus.Failed, "no", 1)], BridgeRecords = [new BridgeRecord("email", Alice, "once", [], Unique: true)] };
        Assert.Equal(CommitOutcome.Stored, (await Store.CommitAsync(commit, None)).Outcome);
        Assert.Equal(CommitOutcome.Duplicate, (await Store.CommitAsync(commit, None)).Outcome);
    }

    private async Task<OutboxEntry> SendAsync()
    {
        SignedEnvelope letter = Write(Alice, Peer, Guid.NewGuid().ToString());
        OutboxEntry entry = Outgoing(letter, 5000, sender: Alice) with { Transport = "email" };
        await Store.CommitAsync(Of(Out(letter, SendStatus.Queued)) with { Outbox = [entry] }, None);
        return entry;
    }

    private static OutboxEntry Change(SignedEnvelope change, OutboxEntry of) => Outgoing(change, sender: Alice) with { Transport = of.Transport, Supersedes = of.MessageId };

    private async Task<(SendStatus?, string?)> RowAsync(SignedEnvelope letter)
    {
        MailboxEntry row = (await Store.FindAsync(Alice, letter.Envelope.Id, None))!;
        return (row.Status, row.Error);
    }
}
