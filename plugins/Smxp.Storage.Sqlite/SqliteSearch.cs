using System.Globalization;
using System.Text;
using LinqToDB.Data;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Messages;

namespace Smxp.Storage.Sqlite;

/// <summary>
/// Full-text search by FTS5. Every word is indexed behind its mailbox's number, so each mailbox has word lists of its own in the one index: a search reads its
/// own mailbox's matches, newest first, and stops when the page is full.
/// </summary>
internal sealed class SqliteSearch : ISearchIndex
{
    public void Write(Statements statements, IReadOnlyCollection<SearchChange> changes)
    {
        foreach (SearchChange change in changes)
        {
            if (!change.IsNew) statements["DELETE FROM search WHERE rowid = @p0"].Execute(change.EntryId);
            if (change.Words is { Count: > 0 } words) statements["INSERT INTO search (rowid, words) VALUES (@p0, @p1)"].Execute(change.EntryId, Text(change.EntryId, words));
        }
    }

    public async Task<IReadOnlyList<long>> MatchAsync(DataConnection data, SearchRequest request, CancellationToken cancellationToken)
    {
        bool filtered = request.Lanes.Count < 2 || request.ConversationNo is not null;
        var sql = new StringBuilder("SELECT search.rowid FROM search");
        // The cross join keeps the order of the loops: the index first, then its few matches looked up.
        if (filtered) sql.Append(" CROSS JOIN entries ON entries.entry_id = search.rowid");
        sql.Append(" WHERE search MATCH @query AND search.rowid > @after AND search.rowid < @before");
        if (request.Lanes.Count < 2) sql.Append(CultureInfo.InvariantCulture, $" AND entries.lane = {request.Lanes[0]}");
        if (request.ConversationNo is { } conversation) sql.Append(CultureInfo.InvariantCulture, $" AND entries.conversation_no = {conversation}");
        sql.Append(request.Page.OldestFirst ? " ORDER BY search.rowid" : " ORDER BY search.rowid DESC").Append(" LIMIT @take");
        return await data.QueryToListAsync<long>(
            sql.ToString(),
            cancellationToken,
            new DataParameter("query", Query(request)),
            new DataParameter("after", request.Page.After),
            new DataParameter("before", request.Page.Before),
            new DataParameter("take", request.Page.Take));
    }

    // Words hold letters, marks and digits only, so quoting them is all that is needed to keep FTS5's own syntax out.
    private static string Query(SearchRequest request) =>
        string.Join(' ', request.Words.Select(word => $"\"{Prefix(request.MailboxNo)}{word.Text}\"{(word.IsPrefix ? "*" : "")}"));

    private static string Text(long entryId, IReadOnlyCollection<string> words)
    {
        string prefix = Prefix(EntryKey.MailboxNo(entryId));
        var text = new StringBuilder(words.Count * (prefix.Length + 8));
        foreach (string word in words) text.Append(prefix).Append(word).Append(' ');
        return text.ToString();
    }

    // Digits end at the x, so no word of one mailbox reads like a word of another.
    private static string Prefix(long mailboxNo) => string.Create(CultureInfo.InvariantCulture, $"{mailboxNo}x");
}
