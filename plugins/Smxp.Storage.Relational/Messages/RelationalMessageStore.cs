using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Messages.Commits;

namespace Smxp.Storage.Relational.Messages;

/// <summary>
/// The mailboxes in tables. Reading is here and in the query families beside; what a commit does is in <c>Commits/</c>, one file per effect.
/// </summary>
internal sealed class RelationalMessageStore(IDatabase database) : IMessageStore
{
    // Two partial indexes: ids of messages, edits and deletes are unique, those of receipts are not.
    private const string FindRevisable = "SELECT entry_id FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 ORDER BY lane LIMIT 1";
    private const string FindReceipt = "SELECT entry_id FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane IN (6, 7) ORDER BY entry_id LIMIT 1";

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
        return database.ReadAsync(async (snapshot, cancel) =>
        {
            Statements statements = snapshot.Statements;
            if (await _numbers.FindAsync(statements, mailbox, cancel) is not { } number) return null;
            long? key = await statements[FindRevisable].NumberAsync([number, messageId], cancel) ?? await statements[FindReceipt].NumberAsync([number, messageId], cancel);
            return key is null ? null : (await EntryReader.LoadAsync(statements, mailbox, [key.Value], long.MaxValue, cancel)).SingleOrDefault();
        }, cancellationToken);
    }

    public async Task<MailboxPage> QueryAsync(MailboxQuery query, CancellationToken cancellationToken)
    {
        if (query.Text is not null) await CatchUpAsync(query.Mailbox, cancellationToken);
        return await database.ReadAsync(async (snapshot, cancel) =>
        {
            if (query.Limit <= 0 || await _numbers.FindAsync(snapshot.Statements, query.Mailbox, cancel) is not { } number) return new MailboxPage([], false);
            IReadOnlyList<long> keys = await KeyQueries.SelectAsync(snapshot.Statements, database.Search, number, query, cancel);
            bool more = keys.Count > query.Limit;
            IReadOnlyList<long> asked = more ? [.. keys.Take(query.Limit)] : keys;
            List<MailboxEntry> entries = await EntryReader.LoadAsync(snapshot.Statements, query.Mailbox, asked, query.MaxBytes, cancel);
            return new MailboxPage(entries, more || entries.Count < asked.Count);
        }, cancellationToken);
    }

    public Task<ConversationPage> ConversationsAsync(Address mailbox, long? before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
            limit > 0 && await _numbers.FindAsync(snapshot.Statements, mailbox, cancel) is { } number
                ? await ConversationQueries.NewestAsync(snapshot.Statements, mailbox, number, before, limit, cancel)
                : new ConversationPage([], false), cancellationToken);

    public Task<IReadOnlyList<UnreadCount>> UnreadAsync(Address mailbox, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<UnreadCount>>(async (snapshot, cancel) =>
            await _numbers.FindAsync(snapshot.Statements, mailbox, cancel) is { } number ? await ConversationQueries.UnreadAsync(snapshot.Statements, number, cancel) : [], cancellationToken);

    public Task<MarkResult> MarkAsync(Mark mark, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => ReadMarks.Apply(MailboxLedger.Of(transaction), mark), cancellationToken);

    // Words are indexed when there is time; whoever searches before that has his own mailbox's indexed first, and so finds everything.
    private async Task CatchUpAsync(Address mailbox, CancellationToken cancellationToken)
    {
        long? behind = await database.ReadAsync(async (snapshot, cancel) =>
            await _numbers.FindAsync(snapshot.Statements, mailbox, cancel) is { } number && await database.Search.IsBehindAsync(snapshot.Statements, number, cancel) ? number : (long?)null, cancellationToken);
        if (behind is not { } late) return;
        while (await database.WriteAsync(transaction => database.Search.CatchUp(transaction.Statements, late), cancellationToken))
        {
        }
    }

    public Task<MailboxStatus> StatusAsync(Address mailbox, CancellationToken cancellationToken)
    {
        string address = mailbox.ToString();
        return database.ReadAsync(async (snapshot, cancel) =>
        {
            await using DbDataReader row = await snapshot.Statements["SELECT last_sequence, unread FROM mailboxes WHERE address = @p0"].ReadAsync([address], cancel);
            return await row.ReadAsync(cancel) ? new MailboxStatus(row.GetInt64(0), row.GetInt32(1)) : default;
        }, cancellationToken);
    }
}
