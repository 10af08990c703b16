using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Edits and deletes.
public abstract partial class MessageStoreConformance
{
    private static SignedEnvelope Edit(SignedEnvelope original, string body, long timestamp = 1001, Address? by = null, string type = EnvelopeType.Edit) =>
        Write(by ?? Address.Parse(original.Envelope.From), Address.Parse(original.Envelope.To), body, original.Envelope.ConversationId, timestamp, type, original.Envelope.Id);

    private static SignedEnvelope Delete(SignedEnvelope original, long timestamp = 1002) => Edit(original, "", timestamp, type: EnvelopeType.Delete);

    [Fact]
    public async Task An_edit_is_a_row_and_changes_the_message_it_names()
    {
        SignedEnvelope letter = Write(Alice, Bob, "frist");
        SignedEnvelope edit = Edit(letter, "first");
        await CommitAsync(Out(letter), In(letter));
        CommitResult result = await CommitAsync(Out(edit), In(edit));
        foreach (Address mailbox in new[] { Alice, Bob })
        {
            MailboxEntry edited = await GetAsync(mailbox, letter);
            Assert.Equal("frist", edited.Envelope!.Envelope.Body);
            Assert.Equal("first", edited.Current!.Envelope.Body);
            Assert.Equal((edit.Envelope.Id, result.Sequences[mailbox]), (edited.EditedBy, edited.ModifiedSequence));
            Assert.True(edited.ModifiedSequence > edited.Sequence);
            Assert.Equal("edit", (await GetAsync(mailbox, edit)).Kind);
        }
    }

    [Fact]
    public async Task Edits_that_come_first_wait_for_the_message()
    {
        SignedEnvelope letter = Write(Alice, Bob, "one");
        SignedEnvelope edit = Edit(letter, "two");
        SignedEnvelope foreign = Edit(letter, "forged", 2000, NewMailbox("mallory"));
        await CommitAsync(In(edit));
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(In(foreign))).Outcome);
        await CommitAsync(In(letter));
        MailboxEntry arrived = await GetAsync(Bob, letter);
        Assert.Equal(("two", edit.Envelope.Id), (arrived.Current!.Envelope.Body, arrived.EditedBy));
        Assert.Equal(["one"], await BodiesAsync(new MailboxQuery { Mailbox = Bob, Text = "two" }));
    }

    [Theory]
    [InlineData(2000, 1500, "early")]
    [InlineData(1500, 2000, "late")]
    [InlineData(1500, 1500, "late")]
    public async Task Of_several_edits_the_newest_counts(long earlyTime, long lateTime, string expected)
    {
        SignedEnvelope letter = Write(Alice, Bob, "x");
        await CommitAsync(In(letter));
        await CommitAsync(In(Edit(letter, "early", earlyTime)));
        await CommitAsync(In(Edit(letter, "late", lateTime)));
        Assert.Equal(expected, (await GetAsync(Bob, letter)).Current!.Envelope.Body);
    }

    [Fact]
    public async Task Only_the_author_may_edit_or_delete()
    {
        SignedEnvelope letter = Write(Alice, Bob, "mine");
        CommitResult first = await CommitAsync(In(letter));
        Assert.Equal(CommitOutcome.NotAuthor, (await CommitAsync(In(Edit(letter, "ours", by: NewMailbox("mallory"))))).Outcome);
        Assert.Equal(CommitOutcome.NotAuthor, (await CommitAsync(In(Edit(letter, "", by: NewMailbox("mallory"), type: EnvelopeType.Delete)))).Outcome);
        SignedEnvelope elsewhere = Write(Alice, Bob, "moved", "another conversation", 2000, EnvelopeType.Edit, letter.Envelope.Id);
        Assert.Equal(CommitOutcome.NotAuthor, (await CommitAsync(In(elsewhere))).Outcome);
        Assert.Equal(first.Sequences[Bob], (await Store.StatusAsync(Bob, None)).LastSequence);
        Assert.Null((await GetAsync(Bob, letter)).Current);
    }

    [Fact]
    public async Task Who_wrote_it_is_not_a_matter_of_case()
    {
        SignedEnvelope letter = Sign(Write(Alice, Bob, "x").Envelope with { From = "ALICE@Example.test" });
        await CommitAsync(In(letter));
        SignedEnvelope edit = Edit(letter, "y");
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(In(edit))).Outcome);
        Assert.Equal("y", (await GetAsync(Bob, letter)).Current!.Envelope.Body);
    }

    [Fact]
    public async Task A_deleted_message_stays_deleted()
    {
        SignedEnvelope letter = Write(Alice, Bob, "regret");
        await CommitAsync(In(letter));
        CommitResult deleted = await CommitAsync(In(Delete(letter)));
        CommitResult edited = await CommitAsync(In(Edit(letter, "regret twice", 3000)));
        Assert.Equal((CommitOutcome.Stored, CommitOutcome.Stored), (deleted.Outcome, edited.Outcome));
        MailboxEntry entry = await GetAsync(Bob, letter);
        Assert.True(entry.Deleted);
        Assert.Null(entry.Current);
        Assert.Equal(deleted.Sequences[Bob], entry.ModifiedSequence);
        Assert.Empty(await BodiesAsync(new MailboxQuery { Mailbox = Bob, Text = "regret" }));
    }

    [Fact]
    public async Task A_delete_that_comes_first_waits_for_the_message()
    {
        SignedEnvelope letter = Write(Alice, Bob, "too late");
        await CommitAsync(In(Delete(letter)));
        await CommitAsync(In(letter));
        Assert.True((await GetAsync(Bob, letter)).Deleted);
        Assert.Empty(await BodiesAsync(new MailboxQuery { Mailbox = Bob, Text = "late" }));
    }

    [Fact]
    public async Task An_edit_to_oneself_changes_both_copies()
    {
        SignedEnvelope note = Write(Alice, Alice, "a");
        SignedEnvelope edit = Edit(note, "b");
        await CommitAsync(Out(note), In(note));
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(Out(edit), In(edit))).Outcome);
        MailboxPage messages = await Store.QueryAsync(new MailboxQuery { Mailbox = Alice }, None);
        Assert.Equal(["b", "b"], messages.Entries.Select(static entry => entry.Current!.Envelope.Body));
    }

    [Fact]
    public async Task Message_and_edit_may_come_in_one_commit()
    {
        SignedEnvelope letter = Write(Alice, Bob, "a");
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(In(letter), In(Edit(letter, "b")))).Outcome);
        Assert.Equal("b", (await GetAsync(Bob, letter)).Current!.Envelope.Body);
        Assert.Empty(await BodiesAsync(new MailboxQuery { Mailbox = Bob, Text = "a" }));
        Assert.Single(await BodiesAsync(new MailboxQuery { Mailbox = Bob, Text = "b" }));
    }
}
