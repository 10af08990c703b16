using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every message store must do, whoever wrote it. Derive, and open yours. Edits, receipts, marks and search are in the other files of this class.</summary>
public abstract partial class MessageStoreConformance : StoreConformance<IMessageStore>
{
    protected Task<CommitResult> CommitAsync(params Plugins.Storage.Delivery[] deliveries) => Store.CommitAsync(Of(deliveries), None);

    protected async Task<MailboxEntry> GetAsync(Address mailbox, SignedEnvelope envelope)
    {
        MailboxEntry? entry = await Store.FindAsync(mailbox, envelope.Envelope.Id, None);
        Assert.NotNull(entry);
        return entry;
    }

    protected Task<MailboxPage> LogAsync(Address mailbox, long after = 0, int limit = 1000) =>
        Store.QueryAsync(new MailboxQuery { Mailbox = mailbox, Kinds = null, After = after, OldestFirst = true, Limit = limit }, None);

    [Fact]
    public async Task Keeps_everything_it_is_given()
    {
        SignedEnvelope letter = Sign(new Envelope
        {
            From = Alice.ToString(),
            To = Bob.ToString(),
            Timestamp = 7,
            ConversationId = "a \ud83d\ude00 name with \\ and more",
            Subject = "\ud83d\ude00",
            Body = "b\udc00dy",
            Name = "Alice",
        });
        Plugins.Storage.Delivery sent = Out(letter, SendStatus.Queued) with { OnBehalfOf = "carol@elsewhere.test", Transport = "smxp" };
        Plugins.Storage.Delivery received = In(letter) with { Verified = false, DeliveredTo = "team@example.test", CreatedAt = 9, Transport = "email", Authentication = new("softfail", "pass", "fail", "none", "quarantine") };
        CommitResult result = await CommitAsync(sent, received);

        Assert.Equal(CommitOutcome.Stored, result.Outcome);
        MailboxEntry outgoing = await GetAsync(Alice, letter);
        MailboxEntry incoming = await GetAsync(Bob, letter);
        Assert.Equal(Text(letter.Utf8), Text(incoming.Envelope!.Utf8));
        Assert.Equal(letter.Envelope.ConversationId, incoming.ConversationId);
        Assert.Equal(
            (Direction.In, "message", "team@example.test", false, "email", 9L, 0, null, false),
            (incoming.Direction, incoming.Kind, incoming.DeliveredTo, incoming.Verified, incoming.Transport, incoming.CreatedAt, incoming.ReadStatus, incoming.Status, incoming.Deleted));
        Assert.Equal(
            (Direction.Out, SendStatus.Queued, "carol@elsewhere.test", "smxp", true),
            (outgoing.Direction, outgoing.Status, outgoing.OnBehalfOf, outgoing.Transport, outgoing.Verified));
        Assert.Equal((new AuthenticationSummary("softfail", "pass", "fail", "none", "quarantine"), null), (incoming.Authentication, outgoing.Authentication));
        Assert.Equal((incoming.Sequence, Bob), (incoming.ModifiedSequence, incoming.Mailbox));
        Assert.Equal(result.Sequences[Bob], incoming.Sequence);
        Assert.Equal(result.Sequences[Alice], outgoing.Sequence);
    }

    [Fact]
    public async Task Knows_nothing_of_a_mailbox_nothing_came_to()
    {
        Address nobody = NewMailbox();
        Assert.Null(await Store.FindAsync(nobody, "id", None));
        Assert.Empty((await LogAsync(nobody)).Entries);
        Assert.Empty((await Store.ConversationsAsync(nobody, null, 10, None)).Conversations);
        Assert.Empty(await Store.UnreadAsync(nobody, None));
        Assert.Equal(default, await Store.StatusAsync(nobody, None));
        Assert.Equal(new MarkResult(0, null), await Store.MarkAsync(new Mark(nobody, "id", null, 1, 1), None));
    }

    [Fact]
    public async Task Rejects_duplicate_message_by_mailbox_and_direction()
    {
        SignedEnvelope letter = Write(Alice, Bob);
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(In(letter))).Outcome);
        CommitResult again = await CommitAsync(In(letter));
        Assert.Equal(CommitOutcome.Duplicate, again.Outcome);
        Assert.Empty(again.Sequences);
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(Out(letter))).Outcome);
        Assert.Equal(CommitOutcome.Duplicate, (await CommitAsync(Out(letter))).Outcome);
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(In(letter, NewMailbox()))).Outcome);
    }

    [Fact]
    public async Task Stores_all_of_a_commit_or_nothing()
    {
        SignedEnvelope known = Write(Alice, Bob, "known");
        SignedEnvelope fresh = Write(Alice, Bob, "fresh");
        CommitResult first = await CommitAsync(In(known));
        Assert.Equal(CommitOutcome.Duplicate, (await CommitAsync(Out(fresh), In(fresh), In(known))).Outcome);
        Assert.Equal(CommitOutcome.Duplicate, (await CommitAsync(In(fresh), In(fresh))).Outcome);
        Assert.Null(await Store.FindAsync(Alice, fresh.Envelope.Id, None));
        Assert.Null(await Store.FindAsync(Bob, fresh.Envelope.Id, None));
        Assert.Equal(first.Sequences[Bob], (await Store.StatusAsync(Bob, None)).LastSequence);
    }

    [Fact]
    public async Task A_message_to_oneself_is_there_both_ways()
    {
        SignedEnvelope note = Write(Alice, Alice);
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(Out(note), In(note))).Outcome);
        MailboxPage log = await LogAsync(Alice);
        Assert.Equal([Direction.Out, Direction.In], log.Entries.Select(static entry => entry.Direction));
        Assert.Equal(Direction.In, (await GetAsync(Alice, note)).Direction);
        ConversationSummary conversation = Assert.Single((await Store.ConversationsAsync(Alice, null, 10, None)).Conversations);
        Assert.Equal((2, 1), (conversation.Messages, conversation.Unread));
    }

    [Fact]
    public async Task Sequences_grow_by_mailbox_and_survive_a_restart()
    {
        CommitResult first = await CommitAsync(In(Write(Alice, Bob, "1")));
        await RestartAsync();
        CommitResult second = await CommitAsync(In(Write(Alice, Bob, "2")), Out(Write(Alice, Bob, "2")));
        Assert.True(second.Sequences[Bob] > first.Sequences[Bob]);
        Assert.Equal(second.Sequences[Bob], (await Store.StatusAsync(Bob, None)).LastSequence);
        Assert.Equal(["1", "2"], (await LogAsync(Bob)).Entries.Select(static entry => entry.Envelope!.Envelope.Body));
    }

    [Fact]
    public async Task Pages_both_ways_without_gap_or_repeat()
    {
        for (int i = 0; i < 25; i++) await CommitAsync(In(Write(Alice, Bob, $"{i}", timestamp: 1000 - i)));
        var forth = new List<string?>();
        for (long? after = null; ;)
        {
            MailboxPage page = await Store.QueryAsync(new MailboxQuery { Mailbox = Bob, After = after, OldestFirst = true, Limit = 10 }, None);
            forth.AddRange(page.Entries.Select(static entry => entry.Envelope!.Envelope.Body));
            if (!page.HasMore) break;
            after = page.Entries[^1].Sequence;
        }

        var back = new List<string?>();
        for (long? before = null; ;)
        {
            MailboxPage page = await Store.QueryAsync(new MailboxQuery { Mailbox = Bob, Before = before, Limit = 25 - back.Count < 7 ? 25 : 7 }, None);
            back.AddRange(page.Entries.Select(static entry => entry.Envelope!.Envelope.Body));
            if (!page.HasMore) break;
            before = page.Entries[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(static i => $"{i}"), forth);
        Assert.Equal(Enumerable.Range(0, 25).Select(static i => $"{24 - i}"), back);
    }

    [Fact]
    public async Task Bounds_a_page_by_bytes_but_always_answers_one()
    {
        for (int i = 0; i < 3; i++) await CommitAsync(In(Write(Alice, Bob, new string('x', 1000) + i)));
        MailboxPage page = await Store.QueryAsync(new MailboxQuery { Mailbox = Bob, MaxBytes = 10 }, None);
        Assert.Single(page.Entries);
        Assert.True(page.HasMore);
        Assert.Equal(3, (await Store.QueryAsync(new MailboxQuery { Mailbox = Bob, MaxBytes = 100_000 }, None)).Entries.Count);
    }

    [Fact]
    public async Task Lists_by_direction_kind_and_conversation()
    {
        SignedEnvelope first = Write(Alice, Bob, "1", "c1");
        await CommitAsync(In(first));
        await CommitAsync(Out(Write(Bob, Alice, "2", "c1")));
        await CommitAsync(In(Write(Alice, Bob, "3", "c2")));
        await CommitAsync(In(Write(Alice, Bob, "4", "c1", type: EnvelopeType.Edit, inReplyTo: first.Envelope.Id)));
        Assert.Equal(["3", "1"], await BodiesAsync(new MailboxQuery { Mailbox = Bob, Direction = Direction.In }));
        Assert.Equal(["2"], await BodiesAsync(new MailboxQuery { Mailbox = Bob, Direction = Direction.Out }));
        Assert.Equal(["1", "2"], await BodiesAsync(new MailboxQuery { Mailbox = Bob, ConversationId = "c1", OldestFirst = true }));
        Assert.Equal(["1", "2", "4"], await BodiesAsync(new MailboxQuery { Mailbox = Bob, ConversationId = "c1", OldestFirst = true, Kinds = null }));
        Assert.Equal(["4"], await BodiesAsync(new MailboxQuery { Mailbox = Bob, Kinds = ["edit", "unheard-of"] }));
        Assert.Empty(await BodiesAsync(new MailboxQuery { Mailbox = Bob, ConversationId = "c3" }));
        Assert.Empty(await BodiesAsync(new MailboxQuery { Mailbox = Bob, After = long.MaxValue, Before = long.MinValue }));
    }

    protected async Task<IReadOnlyList<string>> BodiesAsync(MailboxQuery query) =>
        [.. (await Store.QueryAsync(query, None)).Entries.Select(static entry => entry.Envelope!.Envelope.Body ?? "")];
}
