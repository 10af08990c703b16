using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Lists of conversations, from the counters they carry.</summary>
internal static class ConversationQueries
{
    public static async Task<IReadOnlyList<ConversationSummary>> NewestAsync(
        DataConnection data, Address mailbox, long mailboxNo, long? before, int limit, CancellationToken cancellationToken)
    {
        var page = KeyRange.For(mailboxNo, null, before, oldestFirst: false, limit);
        List<ConversationRow> rows = await data.GetTable<ConversationRow>()
            .Where(row => row.MailboxNo == mailboxNo && row.LastEntry > page.After && row.LastEntry < page.Before)
            .OrderByDescending(row => row.LastEntry)
            .Take(page.Take)
            .ToListAsync(cancellationToken);
        long[] keys = [.. rows.Select(static row => row.LastEntry!.Value)];
        Dictionary<long, MailboxEntry> last = (await EntryReader.LoadAsync(data, mailbox, keys, long.MaxValue, cancellationToken)).ToDictionary(static entry => entry.Sequence);
        return [.. rows.Select(row => new ConversationSummary(
            StoredText.Decode(row.ConversationId), last[EntryKey.Sequence(row.LastEntry!.Value)], StoredText.Split(row.Participants), row.Messages, row.Unread))];
    }

    public static async Task<IReadOnlyList<UnreadCount>> UnreadAsync(DataConnection data, long mailboxNo, CancellationToken cancellationToken)
    {
        // The literal 0 lets the partial index serve this.
        var rows = await data.GetTable<ConversationRow>().Where(row => row.MailboxNo == mailboxNo && row.Unread > 0)
            .Select(row => new { row.ConversationId, row.Unread }).ToListAsync(cancellationToken);
        return [.. rows.Select(static row => new UnreadCount(StoredText.Decode(row.ConversationId), row.Unread))];
    }
}
