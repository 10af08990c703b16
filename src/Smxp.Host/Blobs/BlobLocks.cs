namespace Smxp.Host.Blobs;

/// <summary>One writer per blob at a time. Nothing is kept of blobs that nobody writes.</summary>
internal sealed class BlobLocks
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Waits for a blob's turn; null where it does not come in time.</summary>
    public async Task<IDisposable?> TryEnterAsync(string blobId, TimeSpan patience, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(blobId, out entry!)) _entries[blobId] = entry = new Entry();
            entry.Users++;
        }

        bool entered = false;
        try
        {
            entered = await entry.Turn.WaitAsync(patience, cancellationToken);
        }
        finally
        {
            if (!entered) Leave(blobId, entry);
        }

        return entered ? new Turn(this, blobId, entry) : null;
    }

    private void Leave(string blobId, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users == 0) _entries.Remove(blobId);
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Turn(BlobLocks locks, string blobId, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Turn.Release();
            locks.Leave(blobId, entry);
        }
    }
}
