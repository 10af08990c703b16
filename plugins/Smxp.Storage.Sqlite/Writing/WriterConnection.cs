using Microsoft.Data.Sqlite;
using Smxp.Storage.Relational;
using SQLitePCL;

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

    /// <summary>How many pages it wrote to the log since this was last asked.</summary>
    public int TakePagesWritten()
    {
        if (_connection is null) return 0;
        _ = raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>Folds the rest of the log back, between two transactions: nobody adds to it meanwhile, and the next one may begin it anew.</summary>
    /// <param name="waiting">Whether to wait for readers that still need the log; else what they need stays.</param>
    public void Fold(bool waiting) => _statements?[waiting ? "PRAGMA wal_checkpoint(RESTART)" : "PRAGMA wal_checkpoint(PASSIVE)"].Scalar();

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
