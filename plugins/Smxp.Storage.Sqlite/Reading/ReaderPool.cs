using System.Collections.Concurrent;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Reading;

/// <summary>
/// A bounded number of connections that read, each query on one snapshot, none waiting for the writer. SQLite works on the caller's thread; the bound is what
/// keeps a slow disk from taking every thread the server has.
/// </summary>
internal sealed class ReaderPool(SqliteFile file) : IAsyncDisposable
{
    private static readonly int Most = Math.Clamp(Environment.ProcessorCount * 2, 4, 16);

    private readonly ConcurrentStack<Reader> _idle = new();
    private readonly SemaphoreSlim _free = new(Most);
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<Snapshot, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        Reader? reader = null;
        try
        {
            if (_closed) throw new StorageUnavailableException($"The database {file.Path} is closed.");
            if (!_idle.TryPop(out reader)) reader = new Reader(file.OpenForReading());
            T result = await reader.ReadAsync(read, cancellationToken);
            _idle.Push(reader);
            return result;
        }
        catch (Exception failure)
        {
            // A reader that failed may be in any state; the next one costs a millisecond.
            reader?.Dispose();
            Exception told = SqliteOutage.Translate(failure, file.Path);
            if (ReferenceEquals(told, failure)) throw;
            throw told;
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (int i = 0; i < Most; i++) await _free.WaitAsync();
        while (_idle.TryPop(out Reader? reader)) reader.Dispose();
        _free.Release(Most);
    }
}
