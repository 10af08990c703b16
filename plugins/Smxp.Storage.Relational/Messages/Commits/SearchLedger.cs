namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>
/// What search must learn from a transaction, gathered and written at its end in order of entries: full-text indexes of SQLite flush what they hold in memory
/// whenever rows come out of order or a statement opens a savepoint, and each flush is a segment to merge later.
/// </summary>
internal sealed class SearchLedger(WriteTransaction transaction)
{
    private readonly SortedDictionary<long, SearchChange> _changes = [];

    public void Add(long entryId, IReadOnlyCollection<string> words) => _changes[entryId] = new SearchChange(entryId, words, IsNew: true);

    public void Replace(long entryId, IReadOnlyCollection<string>? words) =>
        _changes[entryId] = new SearchChange(entryId, words, _changes.TryGetValue(entryId, out SearchChange? earlier) && earlier.IsNew);

    public void Flush()
    {
        if (_changes.Count > 0) transaction.Database.Search.Write(transaction.Statements, _changes.Values);
    }
}
