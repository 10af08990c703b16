using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Many at once.
public abstract partial class MessageStoreConformance
{
    [Fact]
    public async Task Many_at_once_get_sequences_of_their_own_in_order()
    {
        Address[] boxes = [NewMailbox(), NewMailbox(), NewMailbox()];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            long[] last = new long[boxes.Length];
            for (int i = 0; i < 25; i++)
            {
                SignedEnvelope letter = Write(Alice, Bob, $"{writer} {i}");
                CommitResult result = await CommitAsync([.. boxes.Select(box => In(letter, box))]);
                for (int box = 0; box < boxes.Length; box++)
                {
                    Assert.True(result.Sequences[boxes[box]] > last[box]);
                    last[box] = result.Sequences[boxes[box]];
                }
            }
        })));
        foreach (Address box in boxes)
        {
            IReadOnlyList<MailboxEntry> log = (await LogAsync(box)).Entries;
            Assert.Equal(400, log.Select(static entry => entry.Id).Distinct().Count());
            Assert.Equal(log.Select(static entry => entry.Sequence).Order(), log.Select(static entry => entry.Sequence));
            Assert.Equal(400, (await Store.UnreadAsync(box, None)).Sum(static unread => unread.Count));
        }
    }

    [Fact]
    public async Task Of_many_that_bring_the_same_message_one_stores_it()
    {
        SignedEnvelope letter = Write(Alice, Bob);
        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => CommitAsync(In(letter)))));
        Assert.Single(results, static result => result.Outcome == CommitOutcome.Stored);
        Assert.Equal(31, results.Count(static result => result.Outcome == CommitOutcome.Duplicate));
    }

    [Fact]
    public async Task A_reader_sees_all_of_a_commit_or_nothing()
    {
        Address box = NewMailbox();
        using var done = new CancellationTokenSource();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 40; i++) await CommitAsync([.. Enumerable.Range(0, 5).Select(part => In(Write(Alice, Bob, $"{i} {part}"), box))]);
            await done.CancelAsync();
        });
        int looks = 0;
        while (!done.IsCancellationRequested || looks == 0)
        {
            Assert.Equal(0, (await LogAsync(box)).Entries.Count % 5);
            looks++;
        }

        await writing;
        Assert.Equal(200, (await LogAsync(box)).Entries.Count);
    }

    [Fact]
    public async Task What_is_cancelled_in_time_is_not_stored()
    {
        SignedEnvelope letter = Write(Alice, Bob);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync(Of(In(letter)), new CancellationToken(canceled: true)));
        Assert.Null(await Store.FindAsync(Bob, letter.Envelope.Id, None));
    }
}
