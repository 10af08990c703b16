using Microsoft.Data.Sqlite;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Writing;

/// <summary>The one connection that writes. Opened again after a failure that may have spoilt it.</summary>
internal sealed class WriterConnection(SqliteFile file, IDatabase database) : IDisposable
{
    private SqliteConnection? _connection;
    private LinqConnection? _linq;
    private Statements? _statements;

    /// <summary>Begins a transaction, as the only writer of the file.</summary>
    public WriteTransaction Begin()
    {
        if (_connection is null)
        {
            _connection = file.OpenForWriting();
            _linq = SqliteProvider.Over(_connection);
            _statements = new Statements(_connection);
        }

        _statements!["BEGIN IMMEDIATE"].Execute();
        return new WriteTransaction(_linq!, _statements, database);
    }

    /// <summary>Writes what the transaction gathered, and returns when it is on stable storage.</summary>
    public void Commit(WriteTransaction transaction)
    {
        transaction.Flush();
        _statements!["COMMIT"].Execute();
    }

    /// <summary>Undoes whatever is open. What SQLite has undone by itself is undone already, and a connection in doubt is given up.</summary>
    public void Rollback()
    {
        try
        {
            _statements?["ROLLBACK"].Execute();
        }
        catch (SqliteException)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _statements?.Dispose();
        _linq?.Dispose();
        _connection?.Dispose();
        (_statements, _linq, _connection) = (null, null, null);
    }
}
