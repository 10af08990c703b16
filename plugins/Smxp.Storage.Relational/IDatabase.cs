namespace Smxp.Storage.Relational;

/// <summary>
/// The seam between the stores, which are the same for every SQL database, and one database: its connections, its transactions and what its SQL cannot share.
/// Reads see one snapshot and never wait for a writer; writes are gathered, so that many share one transaction and one flush to disk.
/// </summary>
internal interface IDatabase : IAsyncDisposable
{
    /// <summary>Opens the database and brings its schema up to date. An exception's message is for the operator.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Search words of messages, in whatever way this database indexes text.</summary>
    ISearchIndex Search { get; }

    /// <summary>Runs queries on one snapshot.</summary>
    Task<T> ReadAsync<T>(Func<Snapshot, CancellationToken, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a change; its result is given once it is on stable storage. The change shares its transaction with others: it must look before it writes, and write
    /// only what it means to keep. An exception undoes it alone. It may be run a second time, after the first was undone.
    /// </summary>
    Task<T> WriteAsync<T>(Func<WriteTransaction, T> write, CancellationToken cancellationToken);

    /// <summary>Null while the database answers and takes writes, otherwise what is wrong.</summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken);
}
