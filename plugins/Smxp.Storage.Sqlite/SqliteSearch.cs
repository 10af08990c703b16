using System.Data.Common;
using System.Globalization;
using System.Text;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Messages;

namespace Smxp.Storage.Sqlite;

/// <summary>
/// Full-text search by FTS5. Every word is indexed behind its mailbox's number, so each mailbox has word lists of its own in the one index: a search reads its
/// own mailbox's matches, newest first, and stops when the page is full.
/// </summary>
/// <remarks>
/// Indexing a message costs several times what storing it does, and less by far in large batches. So a commit only notes the words, in a small table of the
/// same transaction; they are indexed when the writer has nothing else to do, or before a search in their mailbox.
/// </remarks>
internal sealed class SqliteSearch : ISearchIndex
{
    private const int MostAtOnce = 512;
    private const string NoteNew = "INSERT INTO search_pending (entry_id, words, is_new) VALUES (@p0, @p1, 1)";
    private const string NoteChanged = "INSERT INTO search_pending (entry_id, words, is_new) VALUES (@p0, @p1, 0) ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words";
    private const string TakeSome = "SELECT entry_id, words, is_new FROM search_pending WHERE entry_id > @p0 AND entry_id < @p1 ORDER BY entry_id LIMIT @p2";

    private long _pending;

    /// <summary>About how many entries are noted and not indexed. Written by the writer's thread.</summary>
    public long Pending => Volatile.Read(ref _pending);

    /// <summary>Counts what an earlier run left.</summary>
    public void Count(Statements statements) =>
        Volatile.Write(ref _pending, Convert.ToInt64(statements["SELECT count(*) FROM search_pending"].Scalar(), CultureInfo.InvariantCulture));

    public void Note(Statements statements, IReadOnlyCollection<SearchChange> changes)
    {
        foreach (SearchChange change in changes)
            statements[change.IsNew ? NoteNew : NoteChanged].Execute(change.EntryId, change.Words is { Count: > 0 } words ? Text(change.EntryId, words) : null);
        Volatile.Write(ref _pending, _pending + changes.Count);
    }

    public bool CatchUp(Statements statements, long mailboxNo) => Index(statements, EntryKey.Of(mailboxNo, 0), EntryKey.Of(mailboxNo + 1, 0)) == MostAtOnce;

    /// <summary>Indexes some of what was noted for any mailbox.</summary>
    public void CatchUp(Statements statements)
    {
        if (Index(statements, 0, long.MaxValue) < MostAtOnce) Volatile.Write(ref _pending, 0);
    }

    public async Task<bool> IsBehindAsync(Statements statements, long mailboxNo, CancellationToken cancellationToken) =>
        await statements["SELECT 1 FROM search_pending WHERE entry_id > @p0 AND entry_id < @p1 LIMIT 1"]
            .NumberAsync([EntryKey.Of(mailboxNo, 0), EntryKey.Of(mailboxNo + 1, 0)], cancellationToken) is not null;

    public async Task<IReadOnlyList<long>> MatchAsync(Statements statements, SearchRequest request, CancellationToken cancellationToken)
    {
        object?[] values = [Query(request), request.Page.After, request.Page.Before, request.Page.Take, request.Lanes[0], request.Lanes[^1], request.ConversationNo];
        bool filtered = request.Lanes.Count < 2 || request.ConversationNo is not null;
        var sql = new StringBuilder("SELECT search.rowid FROM search");
        // The cross join keeps the order of the loops: the index first, then its few matches looked up.
        if (filtered) sql.Append(" CROSS JOIN entries ON entries.entry_id = search.rowid");
        sql.Append(" WHERE search MATCH @p0 AND search.rowid > @p1 AND search.rowid < @p2");
        if (filtered) sql.Append(" AND entries.lane IN (@p4, @p5) AND (@p6 IS NULL OR entries.conversation_no = @p6)");
        sql.Append(request.Page.OldestFirst ? " ORDER BY search.rowid" : " ORDER BY search.rowid DESC").Append(" LIMIT @p3");
        return await statements[sql.ToString()].NumbersAsync(filtered ? values : values[..4], cancellationToken);
    }

    // In order of entries, since the index flushes what it gathered whenever one comes out of order.
    private int Index(Statements statements, long after, long before)
    {
        var taken = new List<(long EntryId, string? Words, bool IsNew)>();
        using (DbDataReader row = statements[TakeSome].Read(after, before, MostAtOnce))
        {
            while (row.Read()) taken.Add((row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2) != 0));
        }

        foreach ((long entryId, string? words, bool isNew) in taken)
        {
            if (!isNew) statements["DELETE FROM search WHERE rowid = @p0"].Execute(entryId);
            if (words is not null) statements["INSERT INTO search (rowid, words) VALUES (@p0, @p1)"].Execute(entryId, words);
        }

        if (taken.Count > 0) statements["DELETE FROM search_pending WHERE entry_id >= @p0 AND entry_id <= @p1"].Execute(taken[0].EntryId, taken[^1].EntryId);
        Volatile.Write(ref _pending, Math.Max(0, _pending - taken.Count));
        return taken.Count;
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
