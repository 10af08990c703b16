using Microsoft.Data.Sqlite;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Reading;

/// <summary>A connection that reads.</summary>
internal sealed class Reader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly LinqConnection _linq;
    private readonly Statements _statements;
    private readonly Snapshot _snapshot;

    public Reader(SqliteConnection connection)
    {
        _connection = connection;
        _linq = SqliteProvider.Over(connection);
        _statements = new Statements(connection);
        _snapshot = new Snapshot(_linq, _statements);
    }

    /// <summary>Runs queries in one transaction, which for SQLite is one snapshot from the first query on.</summary>
    public async Task<T> ReadAsync<T>(Func<Snapshot, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        _statements["BEGIN"].Execute();
        T result = await read(_snapshot, cancellationToken);
        _statements["COMMIT"].Execute();
        return result;
    }

    public void Dispose()
    {
        _statements.Dispose();
        _linq.Dispose();
        _connection.Dispose();
    }
}
