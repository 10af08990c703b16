using Microsoft.Data.Sqlite;

namespace Smxp.Storage.Sqlite;

/// <summary>A database file: how it is made and opened.</summary>
internal sealed class SqliteFile(string path)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    public string Path => path;

    // Connections are kept here, for good; the provider's pool would only hide when they close.
    public string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();

    /// <summary>Makes the file where it does not exist, for the server's user alone: it holds secret keys. SQLite gives the same mode to the files it puts beside it.</summary>
    public void Create()
    {
        string directory = System.IO.Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, OwnerDirectory);
        if (File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile;
        new FileStream(path, options).Dispose();
    }

    /// <summary>The writer's connection.</summary>
    /// <remarks>
    /// <c>synchronous=FULL</c>: COMMIT returns after the log is flushed to the disk. It folds nothing back: <see cref="Writing.LogFolder"/> does, beside it.
    /// No memory-mapped reading: a disk error would then kill the process instead of failing a call.
    /// </remarks>
    public SqliteConnection OpenForWriting() => Open(
        "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864");

    /// <summary>A reader's connection; it cannot write.</summary>
    public SqliteConnection OpenForReading() => Open("PRAGMA busy_timeout=5000; PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4096");

    /// <summary>A connection that folds the log back, and does nothing else.</summary>
    public SqliteConnection OpenForFolding() => Open("PRAGMA busy_timeout=0; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0");

    private SqliteConnection Open(string pragmas)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The pragmas are the constants above.
            command.CommandText = pragmas;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
