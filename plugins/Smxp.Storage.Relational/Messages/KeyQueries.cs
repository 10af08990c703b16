using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Which entries a query means: their keys, from an index alone, in order. One range per lane, merged here; no cost grows with the mailbox.</summary>
internal static class KeyQueries
{
    public static async Task<IReadOnlyList<long>> SelectAsync(
        DataConnection data, ISearchIndex search, long mailboxNo, MailboxQuery query, CancellationToken cancellationToken)
    {
        var page = KeyRange.For(mailboxNo, query.After, query.Before, query.OldestFirst, query.Limit + 1);
        long? conversationNo = null;
        if (query.ConversationId is not null)
        {
            string id = StoredText.Encode(query.ConversationId);
            conversationNo = await data.GetTable<ConversationRow>().Where(row => row.MailboxNo == mailboxNo && row.ConversationId == id)
                .Select(row => (long?)row.ConversationNo).FirstOrDefaultAsync(cancellationToken);
            if (conversationNo is null) return [];
        }

        int[]? lanes = Lane.Matching(query);
        if (query.Text is not null)
        {
            IReadOnlyList<SearchWord> words = SearchWord.Parse(query.Text);
            int[] searched = [.. (lanes ?? [Lane.MessageIn, Lane.MessageOut]).Where(static lane => lane is Lane.MessageIn or Lane.MessageOut)];
            if (words.Count == 0 || searched.Length == 0) return [];
            return await search.MatchAsync(data, new SearchRequest(mailboxNo, words, searched, conversationNo, page), cancellationToken);
        }

        IQueryable<EntryRow> entries = data.GetTable<EntryRow>();
        if (conversationNo is { } conversation)
            return await MergeAsync(lanes ?? Lane.All, lane => entries.Where(row => row.ConversationNo == conversation && row.Lane == lane), page, cancellationToken);
        if (lanes is not null)
            return await MergeAsync(lanes, lane => entries.Where(row => row.MailboxNo == mailboxNo && row.Lane == lane), page, cancellationToken);
        return await PageAsync(entries, page, cancellationToken);
    }

    private static async Task<IReadOnlyList<long>> MergeAsync(
        IReadOnlyList<int> lanes, Func<int, IQueryable<EntryRow>> rows, KeyRange page, CancellationToken cancellationToken)
    {
        if (lanes.Count == 1) return await PageAsync(rows(lanes[0]), page, cancellationToken);
        var keys = new List<long>();
        foreach (int lane in lanes) keys.AddRange(await PageAsync(rows(lane), page, cancellationToken));
        keys.Sort();
        if (!page.OldestFirst) keys.Reverse();
        return keys.Count > page.Take ? keys[..page.Take] : keys;
    }

    private static async Task<List<long>> PageAsync(IQueryable<EntryRow> rows, KeyRange page, CancellationToken cancellationToken)
    {
        rows = rows.Where(row => row.EntryId > page.After && row.EntryId < page.Before);
        rows = page.OldestFirst ? rows.OrderBy(row => row.EntryId) : rows.OrderByDescending(row => row.EntryId);
        return await rows.Select(row => row.EntryId).Take(page.Take).ToListAsync(cancellationToken);
    }
}
