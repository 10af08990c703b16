using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Merging and splitting conversations. The property test has every order of events; here is what a reader meets.
public abstract partial class MessageStoreConformance
{
    private IConversations Conversations => Assert.IsAssignableFrom<IConversations>(Store);

    [Fact]
    public async Task A_merged_conversation_is_one_under_either_id()
    {
        Address box = NewMailbox();
        await CommitAsync(In(Write(Alice, box, "one", "c1", 1)));
        await CommitAsync(In(Write(Bob, box, "two", "c2", 2)));
        await CommitAsync(Out(Write(box, Alice, "three", "c1", 3)));
        MoveResult merged = await Conversations.MergeAsync(box, "c1", "c2", 9, None);
        Assert.Equal((MoveOutcome.Moved, 2), (merged.Outcome, merged.Moved));

        Assert.Equal(["one", "two", "three"], await BodiesAsync(new MailboxQuery { Mailbox = box, ConversationId = "c1", OldestFirst = true }));
        Assert.Equal(["one", "two", "three"], await BodiesAsync(new MailboxQuery { Mailbox = box, ConversationId = "c2", OldestFirst = true }));
        ConversationSummary only = Assert.Single((await Store.ConversationsAsync(box, null, 10, None)).Conversations);
        Assert.Equal(("c2", 3, 2, "three"), (only.ConversationId, only.Messages, only.Unread, only.Last.Envelope!.Envelope.Body));
        Assert.Equal([Alice.ToString(), box.ToString(), Bob.ToString()], only.Participants);

        await CommitAsync(In(Write(Alice, box, "four", "c1", 4)));
        Assert.Equal(4, Assert.Single((await Store.ConversationsAsync(box, null, 10, None)).Conversations).Messages);
        Assert.Equal(3, (await Store.MarkAsync(new Mark(box, null, "c1", 1, 10), None)).Updated);
        Assert.Equal(0, (await Store.StatusAsync(box, None)).Unread);
    }

    [Fact]
    public async Task A_move_is_logged_with_what_moved()
    {
        Address box = NewMailbox();
        SignedEnvelope letter = Write(Alice, box, "one", "c1", 1);
        await CommitAsync(In(letter));
        MoveResult moved = await Conversations.SplitAsync(box, [letter.Envelope.Id], "c9", 9, None);
        MailboxEntry logged = (await LogAsync(box)).Entries[^1];
        Assert.Equal(("conversation", "c9", moved.Sequence, 9L), (logged.Kind, logged.ConversationId, (long?)logged.Sequence, logged.CreatedAt));
        Assert.Equal([letter.Envelope.Id], logged.Affected);
        Assert.Equal(("c9", logged.Sequence), ((await GetAsync(box, letter)).ConversationId, (await GetAsync(box, letter)).ModifiedSequence));
        Assert.Equal(logged.Sequence, (await Store.StatusAsync(box, None)).LastSequence);
    }

    [Fact]
    public async Task Answers_follow_a_message_that_was_split_off()
    {
        Address box = NewMailbox();
        SignedEnvelope stays = Write(Alice, box, "stays", "c1", 1);
        SignedEnvelope goes = Write(Bob, box, "goes", "c1", 2);
        await CommitAsync(In(stays));
        await CommitAsync(In(goes));
        await Conversations.SplitAsync(box, [goes.Envelope.Id], "c2", 3, None);
        await CommitAsync(In(Write(Alice, box, "to the first", "c1", 4, inReplyTo: stays.Envelope.Id)));
        SignedEnvelope answer = Write(Bob, box, "to the second", "c1", 5, inReplyTo: goes.Envelope.Id);
        await CommitAsync(In(answer));
        await CommitAsync(In(Write(Bob, box, "to the answer", "c1", 6, inReplyTo: answer.Envelope.Id)));
        Assert.Equal(["stays", "to the first"], await BodiesAsync(new MailboxQuery { Mailbox = box, ConversationId = "c1", OldestFirst = true }));
        Assert.Equal(["goes", "to the second", "to the answer"], await BodiesAsync(new MailboxQuery { Mailbox = box, ConversationId = "c2", OldestFirst = true }));
    }

    [Fact]
    public async Task Edits_and_receipts_find_what_was_moved()
    {
        Address box = NewMailbox();
        SignedEnvelope received = Write(Alice, box, "draft", "c1", 1);
        SignedEnvelope sent = Write(box, Alice, "answer", "c1", 2);
        SignedEnvelope other = Write(box, Alice, "another matter", "c2", 2);
        await CommitAsync(In(received));
        await CommitAsync(Out(sent));
        await CommitAsync(Out(other));
        await Conversations.MergeAsync(box, "c1", "c2", 3, None);
        CommitResult edited = await CommitAsync(In(Write(Alice, box, "final", "c1", 4, EnvelopeType.Edit, received.Envelope.Id)));
        CommitResult seen = await CommitAsync(In(Write(Alice, box, "", "c1", 5, EnvelopeType.Receipt)));
        Assert.Equal((CommitOutcome.Stored, CommitOutcome.Stored, 1), (edited.Outcome, seen.Outcome, seen.Updated));
        Assert.Equal("final", (await GetAsync(box, received)).Current!.Envelope.Body);
        Assert.Equal((2, 0), ((await GetAsync(box, sent)).ReadStatus, (await GetAsync(box, other)).ReadStatus));
    }

    [Fact]
    public async Task Splitting_off_what_was_merged_undoes_the_merge()
    {
        Address box = NewMailbox();
        SignedEnvelope one = Write(Alice, box, "one", "c1", 1);
        await CommitAsync(In(one));
        await CommitAsync(In(Write(Bob, box, "two", "c2", 2)));
        await Conversations.MergeAsync(box, "c1", "c2", 3, None);
        Assert.Equal(MoveOutcome.Moved, (await Conversations.SplitAsync(box, [one.Envelope.Id], "c1", 4, None)).Outcome);
        await CommitAsync(In(Write(Alice, box, "three", "c1", 5)));
        Assert.Equal(["one", "three"], await BodiesAsync(new MailboxQuery { Mailbox = box, ConversationId = "c1", OldestFirst = true }));
        Assert.Equal(["two"], await BodiesAsync(new MailboxQuery { Mailbox = box, ConversationId = "c2" }));
    }

    [Fact]
    public async Task A_move_of_what_is_not_there_changes_nothing()
    {
        Address box = NewMailbox();
        SignedEnvelope letter = Write(Alice, box, "one", "c1", 1);
        CommitResult stored = await CommitAsync(In(letter));
        var notFound = new MoveResult(MoveOutcome.NotFound);
        Assert.Equal(notFound, await Conversations.MergeAsync(box, "c1", "nothing", 2, None));
        Assert.Equal(notFound, await Conversations.MergeAsync(box, "nothing", "c1", 2, None));
        Assert.Equal(notFound, await Conversations.SplitAsync(box, [letter.Envelope.Id, "nothing"], "c2", 2, None));
        Assert.Equal(notFound, await Conversations.SplitAsync(NewMailbox(), [letter.Envelope.Id], "c2", 2, None));
        Assert.Equal(new MoveResult(MoveOutcome.Unchanged), await Conversations.MergeAsync(box, "c1", "c1", 2, None));
        Assert.Equal(new MoveResult(MoveOutcome.Unchanged), await Conversations.SplitAsync(box, [letter.Envelope.Id], "c1", 2, None));
        Assert.Equal(stored.Sequences[box], (await Store.StatusAsync(box, None)).LastSequence);
        Assert.Equal("c1", (await GetAsync(box, letter)).ConversationId);
    }
}
