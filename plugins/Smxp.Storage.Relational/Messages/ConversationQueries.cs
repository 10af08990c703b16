using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Lists of conversations, from the counters they carry.</summary>
internal static class ConversationQueries
{
    // What bounds the memory that a page of large messages takes, as a listing's MaxBytes does.
    private const long MaxBytes = 8 * 1024 * 1024;

    private const string Newest =
        """
        SELECT conversation_id, last_entry, participants, messages, unread FROM conversations
        WHERE mailbox_no = @p0 AND last_entry > @p1 AND last_entry < @p2 ORDER BY last_entry DESC LIMIT @p3
        """;

    // The literal 0 lets the partial index serve this.
    private const string Unread = "SELECT conversation_id, unread FROM conversations WHERE mailbox_no = @p0 AND unread > 0";

    private const string FindNamed = "SELECT conversation_no FROM conversations WHERE mailbox_no = @p0 AND conversation_id = @p1";
    private const string FindNext = "SELECT merged_into FROM conversations WHERE conversation_no = @p0";

    /// <summary>The number of the conversation that an id leads to; null where there is none.</summary>
    public static async Task<long?> FindAsync(Statements statements, long mailboxNo, string conversationId, CancellationToken cancellationToken)
    {
        long? found = await statements[FindNamed].NumberAsync([mailboxNo, conversationId], cancellationToken);
        for (long? next = found; next is not null; next = await statements[FindNext].NumberAsync([next], cancellationToken)) found = next;
        return found;
    }

    public static async Task<ConversationPage> NewestAsync(
        Statements statements, Address mailbox, long mailboxNo, long? before, int limit, CancellationToken cancellationToken)
    {
        var page = KeyRange.For(mailboxNo, null, before, oldestFirst: false, limit + 1);
        var rows = new List<(string Id, long LastEntry, string? Participants, int Messages, int Unread)>();
        await using (DbDataReader row = await statements[Newest].ReadAsync([mailboxNo, page.After, page.Before, page.Take], cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
                rows.Add((row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt32(3), row.GetInt32(4)));
        }

        long[] keys = [.. rows.Take(limit).Select(static row => row.LastEntry)];
        List<MailboxEntry> last = await EntryReader.LoadAsync(statements, mailbox, keys, MaxBytes, cancellationToken);
        return new ConversationPage(
            [.. last.Zip(rows, static (entry, row) => new ConversationSummary(StoredText.Decode(row.Id), entry, StoredText.Split(row.Participants), row.Messages, row.Unread))],
            HasMore: rows.Count > last.Count);
    }

    public static async Task<IReadOnlyList<UnreadCount>> UnreadAsync(Statements statements, long mailboxNo, CancellationToken cancellationToken)
    {
        var counts = new List<UnreadCount>();
        await using DbDataReader row = await statements[Unread].ReadAsync([mailboxNo], cancellationToken);
        while (await row.ReadAsync(cancellationToken)) counts.Add(new UnreadCount(StoredText.Decode(row.GetString(0)), row.GetInt32(1)));
        return counts;
    }
}
