using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Reading;

/// <summary>A connection that reads.</summary>
internal sealed class Reader(SqliteConnection connection) : IDisposable
{
    private readonly DataConnection _data = SqliteProvider.Over(connection);
    private readonly Statements _statements = new(connection);

    /// <summary>Runs queries in one transaction, which for SQLite is one snapshot from the first query on.</summary>
    public async Task<T> ReadAsync<T>(Func<DataConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        _statements["BEGIN"].Execute();
        T result = await read(_data, cancellationToken);
        _statements["COMMIT"].Execute();
        return result;
    }

    public void Dispose()
    {
        _statements.Dispose();
        _data.Dispose();
        connection.Dispose();
    }
}
