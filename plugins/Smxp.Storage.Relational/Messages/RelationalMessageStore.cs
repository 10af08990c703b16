using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Messages.Commits;

namespace Smxp.Storage.Relational.Messages;

/// <summary>
/// The mailboxes in tables. Reading is here and in the query families beside; what a commit does is in <c>Commits/</c>, one file per effect.
/// </summary>
internal sealed class RelationalMessageStore(IDatabase database) : IMessageStore
{
    private readonly MailboxNumbers _numbers = new();

    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        // What needs no database is done here, on the caller's thread: the writer's time is the scarce one.
        var prepared = PreparedCommit.From(commit);
        return database.WriteAsync(prepared.Write, cancellationToken);
    }

    public Task<MailboxEntry?> FindAsync(Address mailbox, string id, CancellationToken cancellationToken)
    {
        string messageId = StoredText.Encode(id);
        return database.ReadAsync(async (data, cancel) =>
        {
            if (await _numbers.FindAsync(data, mailbox, cancel) is not { } number) return null;
            IQueryable<EntryRow> named = data.GetTable<EntryRow>().Where(row => row.MailboxNo == number && row.MessageId == messageId);
            // Two partial indexes: ids of messages, edits and deletes are unique, those of receipts are not.
            long? key = await named.Where(row => row.Lane < 6).OrderBy(row => row.Lane).Select(row => (long?)row.EntryId).FirstOrDefaultAsync(cancel)
                ?? await named.Where(row => row.Lane == 6 || row.Lane == 7).Select(row => (long?)row.EntryId).FirstOrDefaultAsync(cancel);
            return key is null ? null : (await EntryReader.LoadAsync(data, mailbox, [key.Value], long.MaxValue, cancel)).SingleOrDefault();
        }, cancellationToken);
    }

    public async Task<MailboxPage> QueryAsync(MailboxQuery query, CancellationToken cancellationToken)
    {
        if (query.Text is not null) await CatchUpAsync(query.Mailbox, cancellationToken);
        return await database.ReadAsync(async (data, cancel) =>
        {
            if (query.Limit <= 0 || await _numbers.FindAsync(data, query.Mailbox, cancel) is not { } number) return new MailboxPage([], false);
            IReadOnlyList<long> keys = await KeyQueries.SelectAsync(data, database.Search, number, query, cancel);
            bool more = keys.Count > query.Limit;
            IReadOnlyList<long> asked = more ? [.. keys.Take(query.Limit)] : keys;
            List<MailboxEntry> entries = await EntryReader.LoadAsync(data, query.Mailbox, asked, query.MaxBytes, cancel);
            return new MailboxPage(entries, more || entries.Count < asked.Count);
        }, cancellationToken);
    }

    public Task<IReadOnlyList<ConversationSummary>> ConversationsAsync(Address mailbox, long? before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ConversationSummary>>(async (data, cancel) =>
            await _numbers.FindAsync(data, mailbox, cancel) is { } number
                ? await ConversationQueries.NewestAsync(data, mailbox, number, before, limit, cancel)
                : [], cancellationToken);

    public Task<IReadOnlyList<UnreadCount>> UnreadAsync(Address mailbox, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<UnreadCount>>(async (data, cancel) =>
            await _numbers.FindAsync(data, mailbox, cancel) is { } number ? await ConversationQueries.UnreadAsync(data, number, cancel) : [], cancellationToken);

    public Task<MarkResult> MarkAsync(Mark mark, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => ReadMarks.Apply(MailboxLedger.Of(transaction), mark), cancellationToken);

    // Words are indexed when there is time; whoever searches before that has his own mailbox's indexed first, and so finds everything.
    private async Task CatchUpAsync(Address mailbox, CancellationToken cancellationToken)
    {
        long? behind = await database.ReadAsync(async (data, cancel) =>
            await _numbers.FindAsync(data, mailbox, cancel) is { } number && await database.Search.IsBehindAsync(data, number, cancel) ? number : (long?)null, cancellationToken);
        if (behind is not { } late) return;
        while (await database.WriteAsync(transaction => database.Search.CatchUp(transaction.Statements, late), cancellationToken))
        {
        }
    }

    public Task<long> LastSequenceAsync(Address mailbox, CancellationToken cancellationToken)
    {
        string address = mailbox.ToString();
        return database.ReadAsync((data, cancel) =>
            data.GetTable<MailboxRow>().Where(row => row.Address == address).Select(row => row.LastSequence).FirstOrDefaultAsync(cancel), cancellationToken);
    }
}
