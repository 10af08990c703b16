using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Which entries a query means: their keys, from an index alone, in order. One range per lane, merged here; no cost grows with the mailbox.</summary>
internal static class KeyQueries
{
    private const string InMailbox = "SELECT entry_id FROM entries WHERE entry_id > @p0 AND entry_id < @p1 ORDER BY entry_id";
    private const string InLane = "SELECT entry_id FROM entries WHERE entry_id > @p0 AND entry_id < @p1 AND mailbox_no = @p3 AND lane = @p4 ORDER BY entry_id";
    private const string InConversation = "SELECT entry_id FROM entries WHERE entry_id > @p0 AND entry_id < @p1 AND conversation_no = @p3 AND lane = @p4 ORDER BY entry_id";

    public static async Task<IReadOnlyList<long>> SelectAsync(
        Statements statements, ISearchIndex search, long mailboxNo, MailboxQuery query, CancellationToken cancellationToken)
    {
        var page = KeyRange.For(mailboxNo, query.After, query.Before, query.OldestFirst, query.Limit + 1);
        long? conversationNo = null;
        if (query.ConversationId is not null)
        {
            conversationNo = await ConversationQueries.FindAsync(statements, mailboxNo, StoredText.Encode(query.ConversationId), cancellationToken);
            if (conversationNo is null) return [];
        }

        int[]? lanes = Lane.Matching(query);
        if (query.Text is not null)
        {
            IReadOnlyList<SearchWord> words = SearchWord.Parse(query.Text);
            int[] searched = [.. (lanes ?? [Lane.MessageIn, Lane.MessageOut]).Where(static lane => lane is Lane.MessageIn or Lane.MessageOut)];
            if (words.Count == 0 || searched.Length == 0) return [];
            return await search.MatchAsync(statements, new SearchRequest(mailboxNo, words, searched, conversationNo, page), cancellationToken);
        }

        if (conversationNo is { } conversation) return await MergeAsync(statements, InConversation, conversation, lanes ?? Lane.All, page, cancellationToken);
        if (lanes is not null) return await MergeAsync(statements, InLane, mailboxNo, lanes, page, cancellationToken);
        return await statements[Paged(InMailbox, page)].NumbersAsync([page.After, page.Before, page.Take], cancellationToken);
    }

    private static async Task<IReadOnlyList<long>> MergeAsync(
        Statements statements, string sql, long number, IReadOnlyList<int> lanes, KeyRange page, CancellationToken cancellationToken)
    {
        Statement select = statements[Paged(sql, page)];
        var keys = new List<long>();
        foreach (int lane in lanes) keys.AddRange(await select.NumbersAsync([page.After, page.Before, page.Take, number, lane], cancellationToken));
        if (lanes.Count == 1) return keys;
        keys.Sort();
        if (!page.OldestFirst) keys.Reverse();
        return keys.Count > page.Take ? keys[..page.Take] : keys;
    }

    private static string Paged(string sql, KeyRange page) => page.OldestFirst ? $"{sql} LIMIT @p2" : $"{sql} DESC LIMIT @p2";
}
