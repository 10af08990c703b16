using CsCheck;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Whatever happens to a mailbox, in whatever order, it is as the model says.
public abstract partial class MessageStoreConformance
{
    // Few letters and conversations, so that edits meet their messages, come before them, and come twice.
    private static readonly Gen<(int What, int Letter, int Author, int Time, bool Sent)> Event =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool);

    [Fact]
    public Task Behaves_as_the_model_does() => Event.Array[0, 30].SampleAsync(
        async events =>
        {
            Address box = NewMailbox();
            Address[] authors = [box, Alice, Bob];
            var model = new MailboxModel();
            foreach ((int what, int number, int author, int time, bool sent) in events)
            {
                string conversation = $"c{number % 2}";
                if (what is 8)
                {
                    Assert.Equal(model.Mark(conversation, 1 + (time % 2)), (await Store.MarkAsync(new Mark(box, null, conversation, 1 + (time % 2), 5), None)).Updated);
                    continue;
                }

                if (what is 10)
                {
                    MoveResult merged = await Conversations.MergeAsync(box, conversation, $"c{time}", 6, None);
                    Assert.Equal(model.Merge(conversation, $"c{time}"), (merged.Outcome, merged.Moved));
                    continue;
                }

                SignedEnvelope letter = Write(authors[number % 3], authors[(number + 1) % 3], $"letter {number}", conversation, 100 + number);
                if (what is 11)
                {
                    MoveResult split = await Conversations.SplitAsync(box, [letter.Envelope.Id], $"c{time}", 7, None);
                    Assert.Equal(model.Split([letter.Envelope.Id], $"c{time}"), (split.Outcome, split.Moved));
                    continue;
                }

                SignedEnvelope given = what switch
                {
                    <= 3 => letter,
                    <= 5 => Write(authors[author], Bob, $"edit {time}", conversation, 200 + time, EnvelopeType.Edit, letter.Envelope.Id),
                    6 => Write(authors[author], Bob, "", conversation, 200 + time, EnvelopeType.Delete, letter.Envelope.Id),
                    7 => Write(authors[author], box, "", conversation, 99 + time, EnvelopeType.Receipt),
                    // An answer, in the words of somebody who knows nothing of moves.
                    12 => Write(authors[author], authors[(author + 1) % 3], $"answer {time}", conversation, 400 + time, inReplyTo: letter.Envelope.Id),
                    _ => Write(authors[author], Bob, "elsewhere", "c2", 300, EnvelopeType.Edit, letter.Envelope.Id),
                };
                Direction direction = sent ? Direction.Out : Direction.In;
                CommitOutcome expected = model.Deliver(given, direction, out int updated);
                CommitResult result = await CommitAsync(sent ? Out(given, mailbox: box) : In(given, box));
                Assert.Equal((expected, updated), (result.Outcome, result.Updated));
            }

            await CompareAsync(box, model);
        },
        iter: 300,
        threads: 2);

    private async Task CompareAsync(Address box, MailboxModel model)
    {
        MailboxPage page = await Store.QueryAsync(new MailboxQuery { Mailbox = box, Kinds = MailboxModel.Kinds, OldestFirst = true, Limit = 1000 }, None);
        Assert.Equal(
            model.Lines(),
            page.Entries.Select(static entry => MailboxModel.Line(entry.Kind, entry.ConversationId, entry.Direction, entry.Envelope!.Envelope, entry.Current?.Envelope, entry.Deleted, entry.ReadStatus)));
        Assert.Equal(model.Unread().Sum(static unread => unread.Item2), (await Store.StatusAsync(box, None)).Unread);
        Assert.Equal(model.Unread(), (await Store.UnreadAsync(box, None)).Select(static unread => (unread.ConversationId, unread.Count)).Order());
        Assert.Equal(
            model.Conversations(),
            (await Store.ConversationsAsync(box, null, 100, None)).Conversations.Select(static conversation => (
                conversation.ConversationId, conversation.Messages, conversation.Unread, string.Join(' ', conversation.Participants))));
    }
}
