namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>What search must learn from a transaction, gathered and handed over at its end: once for an entry, in order of entries.</summary>
internal sealed class SearchLedger(WriteTransaction transaction)
{
    private readonly SortedDictionary<long, SearchChange> _changes = [];

    public void Add(long entryId, IReadOnlyCollection<string> words) => _changes[entryId] = new SearchChange(entryId, words, IsNew: true);

    public void Replace(long entryId, IReadOnlyCollection<string>? words) =>
        _changes[entryId] = new SearchChange(entryId, words, _changes.TryGetValue(entryId, out SearchChange? earlier) && earlier.IsNew);

    public void Flush()
    {
        if (_changes.Count > 0) transaction.Database.Search.Note(transaction.Statements, _changes.Values);
    }
}
