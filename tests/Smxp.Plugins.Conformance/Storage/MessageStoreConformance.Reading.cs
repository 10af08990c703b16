using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Receipts, read marks, unread counts and conversations.
public abstract partial class MessageStoreConformance
{
    [Fact]
    public async Task A_receipt_marks_what_its_author_was_sent()
    {
        SignedEnvelope early = Write(Alice, Bob, "early", timestamp: 100);
        SignedEnvelope late = Write(Alice, Bob, "late", timestamp: 300);
        SignedEnvelope other = Write(Alice, Bob, "other", "c2", 100);
        SignedEnvelope third = Write(Alice, NewMailbox(), "third", timestamp: 100);
        foreach (SignedEnvelope letter in new[] { early, late, other, third }) await CommitAsync(Out(letter));
        SignedEnvelope receipt = Write(Bob, Alice, "", timestamp: 200, type: EnvelopeType.Receipt);

        CommitResult result = await CommitAsync(In(receipt));
        Assert.Equal((CommitOutcome.Stored, 1), (result.Outcome, result.Updated));
        MailboxEntry marked = await GetAsync(Alice, early);
        Assert.Equal((2, result.Sequences[Alice]), (marked.ReadStatus, marked.ModifiedSequence));
        foreach (SignedEnvelope letter in new[] { late, other, third }) Assert.Equal(0, (await GetAsync(Alice, letter)).ReadStatus);
        MailboxEntry entry = Assert.Single((await LogAsync(Alice, result.Sequences[Alice] - 1)).Entries);
        Assert.Equal(("receipt", receipt.Envelope.Id), (entry.Kind, entry.Id));
        Assert.Equal([early.Envelope.Id], entry.Affected);
        Assert.Equal("receipt", (await GetAsync(Alice, receipt)).Kind);

        CommitResult again = await CommitAsync(In(receipt));
        Assert.Equal((CommitOutcome.Stored, 0), (again.Outcome, again.Updated));
        Assert.Equal(4, (await Store.QueryAsync(new MailboxQuery { Mailbox = Alice }, None)).Entries.Count);
    }

    [Fact]
    public async Task Marks_one_message_up_and_back_to_unread()
    {
        SignedEnvelope letter = Write(Alice, Bob);
        await CommitAsync(In(letter), Out(letter));
        Mark mark = new(Bob, letter.Envelope.Id, null, 1, 2000);
        MarkResult read = await Store.MarkAsync(mark, None);
        Assert.Equal(1, read.Updated);
        Assert.Equal((1, read.Sequence), ((await GetAsync(Bob, letter)).ReadStatus, (await GetAsync(Bob, letter)).ModifiedSequence));
        Assert.Equal(new MarkResult(0, null), await Store.MarkAsync(mark, None));
        Assert.Empty(await Store.UnreadAsync(Bob, None));

        Assert.Equal(1, (await Store.MarkAsync(mark with { ReadStatus = 2 }, None)).Updated);
        Assert.Equal(0, (await Store.MarkAsync(mark, None)).Updated);
        Assert.Equal(1, (await Store.MarkAsync(mark with { ReadStatus = 0 }, None)).Updated);
        Assert.Equal([new UnreadCount("c1", 1)], await Store.UnreadAsync(Bob, None));
        MailboxEntry entry = (await LogAsync(Bob)).Entries[^1];
        Assert.Equal(("read_status", letter.Envelope.Id, 0, 2000L), (entry.Kind, entry.Id, entry.ReadStatus, entry.CreatedAt));
        Assert.Null(entry.Envelope);
        Assert.Equal([letter.Envelope.Id], entry.Affected);
        Assert.Equal(0, (await Store.MarkAsync(mark with { Mailbox = Alice }, None)).Updated);
    }

    [Fact]
    public async Task Marks_a_conversation()
    {
        SignedEnvelope[] letters = [.. Enumerable.Range(0, 5).Select(static i => Write(Alice, Bob, $"{i}"))];
        foreach (SignedEnvelope letter in letters) await CommitAsync(In(letter));
        await CommitAsync(In(Write(Alice, Bob, "other", "c2")));
        await Store.MarkAsync(new Mark(Bob, letters[0].Envelope.Id, null, 1, 1), None);
        MarkResult read = await Store.MarkAsync(new Mark(Bob, null, "c1", 1, 2000), None);
        Assert.Equal(4, read.Updated);
        MailboxEntry entry = (await LogAsync(Bob)).Entries[^1];
        Assert.Equal((read.Sequence, letters[4].Envelope.Id, 4), (entry.Sequence, entry.Id, entry.Affected.Count));
        Assert.Equal([new UnreadCount("c2", 1)], await Store.UnreadAsync(Bob, None));
        Assert.Equal(1, (await Store.StatusAsync(Bob, None)).Unread);
        Assert.Equal(5, (await Store.MarkAsync(new Mark(Bob, null, "c1", 2, 2001), None)).Updated);
        Assert.Equal(new MarkResult(0, null), await Store.MarkAsync(new Mark(Bob, null, "c1", 2, 2002), None));
        Assert.Equal(new MarkResult(0, null), await Store.MarkAsync(new Mark(Bob, null, "c1", 0, 2002), None));
    }

    [Fact]
    public async Task Names_at_most_a_thousand_of_what_a_mark_changed()
    {
        CommitResult stored = await Store.CommitAsync(Of([.. Enumerable.Range(0, 1100).Select(static i => In(Write(Alice, Bob, $"{i}")))]), None);
        Assert.Equal(1100, (await Store.MarkAsync(new Mark(Bob, null, "c1", 1, 1), None)).Updated);
        Assert.Equal(1000, (await LogAsync(Bob, stored.Sequences[Bob])).Entries.Single().Affected.Count);
        Assert.Empty(await Store.UnreadAsync(Bob, None));
    }

    [Fact]
    public async Task Lists_conversations_newest_first()
    {
        Address carol = NewMailbox("carol");
        await CommitAsync(In(Write(Alice, Bob, "1", "c1")));
        await CommitAsync(In(Write(Alice, Bob, "2", "c2")));
        SignedEnvelope newest = Write(Bob, carol, "3", "c1");
        await CommitAsync(Out(newest));
        await CommitAsync(In(Write(Alice, Bob, "waits", "c9", type: EnvelopeType.Edit, inReplyTo: "nothing here")));
        IReadOnlyList<ConversationSummary> all = (await Store.ConversationsAsync(Bob, null, 10, None)).Conversations;
        Assert.Equal(["c1", "c2"], all.Select(static conversation => conversation.ConversationId));
        Assert.Equal((newest.Envelope.Id, 2, 1), (all[0].Last.Id, all[0].Messages, all[0].Unread));
        Assert.Equal(new[] { Alice, Bob, carol }.Select(static address => address.ToString()).Order(), all[0].Participants.Order());
        ConversationPage first = await Store.ConversationsAsync(Bob, null, 1, None);
        Assert.Equal(("c1", true), (Assert.Single(first.Conversations).ConversationId, first.HasMore));
        ConversationPage second = await Store.ConversationsAsync(Bob, all[0].Last.Sequence, 1, None);
        Assert.Equal(("c2", false), (Assert.Single(second.Conversations).ConversationId, second.HasMore));
    }

    [Fact]
    public async Task Bounds_a_page_of_conversations_by_bytes_and_leads_on()
    {
        for (int i = 0; i < 5; i++) await CommitAsync(In(Write(Alice, Bob, new string('x', 3_000_000), $"c{i}")));
        var pages = new List<int>();
        var ids = new List<string>();
        ConversationPage page;
        long? before = null;
        do
        {
            page = await Store.ConversationsAsync(Bob, before, 10, None);
            pages.Add(page.Conversations.Count);
            ids.AddRange(page.Conversations.Select(static conversation => conversation.ConversationId));
            before = page.Conversations[^1].Last.Sequence;
        }
        while (page.HasMore);

        Assert.Equal([2, 2, 1], pages);
        Assert.Equal(["c4", "c3", "c2", "c1", "c0"], ids);
    }

    [Fact]
    public async Task Names_at_most_a_hundred_participants()
    {
        for (int i = 0; i < 120; i++) await CommitAsync(In(Write(Address.Parse($"u{i}@peer.test"), Bob)));
        Assert.Equal(100, Assert.Single((await Store.ConversationsAsync(Bob, null, 1, None)).Conversations).Participants.Count);
    }
}
