using Microsoft.Extensions.Logging;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Migrations;
using Smxp.Storage.Sqlite.Reading;
using Smxp.Storage.Sqlite.Writing;

namespace Smxp.Storage.Sqlite;

/// <summary>
/// One SQLite file: many readers, one writer that commits in groups, a write-ahead log flushed at every commit. What it stores and how it is queried is
/// <c>Smxp.Storage.Relational</c>'s; here is only what SQLite does differently from other databases.
/// </summary>
internal sealed class SqliteDatabase(string path, string schema, ILoggerFactory loggers, int pagesUntilFolded = LogFolder.Due) : IDatabase
{
    private readonly SqliteFile _file = new(path);
    private ReaderPool? _readers;
    private GroupCommitWriter? _writer;

    private readonly SqliteSearch _search = new();

    public ISearchIndex Search => _search;

    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        try
        {
            _file.Create();
            SqliteSchema.BringUpToDate(_file, schema);
        }
        catch (Exception e) when (SqliteOutage.Translate(e, path) is Plugins.Storage.StorageUnavailableException outage)
        {
            throw outage; // which says which file
        }

        _readers = new ReaderPool(_file);
        SqliteSearch? search = schema == SchemaTags.Messages ? _search : null;
        _writer = new GroupCommitWriter(_file, this, search, loggers.CreateLogger<GroupCommitWriter>(), pagesUntilFolded);
    }, cancellationToken);

    public Task<T> ReadAsync<T>(Func<Snapshot, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        (_readers ?? throw NotStarted()).ReadAsync(read, cancellationToken);

    public Task<T> WriteAsync<T>(Func<WriteTransaction, T> write, CancellationToken cancellationToken) =>
        (_writer ?? throw NotStarted()).WriteAsync(write, cancellationToken);

    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (_writer is null) return $"The database {path} is not open.";
        try
        {
            // After an outage only a write can tell that it is over, and nobody sends any to a server that says it is ill.
            if (_writer.Trouble is not null) await WriteAsync(static transaction => transaction.Statements["UPDATE VersionInfo SET Description = Description"].Execute(), cancellationToken);
            await ReadAsync(static (snapshot, cancel) => snapshot.Statements["SELECT count(*) FROM VersionInfo"].NumberAsync([], cancel), cancellationToken);
            return null;
        }
        catch (Plugins.Storage.StorageUnavailableException outage)
        {
            return outage.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The writer last: the connection that closes last folds the log back into the file.
        if (_readers is not null) await _readers.DisposeAsync();
        if (_writer is not null) await _writer.DisposeAsync();
    }

    private InvalidOperationException NotStarted() => new($"The database {path} has not been started.");
}
