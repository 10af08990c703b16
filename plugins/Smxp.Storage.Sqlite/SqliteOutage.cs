using Microsoft.Data.Sqlite;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Sqlite;

/// <summary>Which of SQLite's errors mean an outage (<see href="https://sqlite.org/rescode.html"/>); all others are bugs, and stay as they are.</summary>
internal static class SqliteOutage
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int NoMemory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The exception that callers get for one that SQLite threw.</summary>
    public static Exception Translate(Exception failure, string path) => failure switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked or NoMemory or ReadOnly or InputOutput or Corrupt or Full or CannotOpen or NotADatabase } outage =>
            new StorageUnavailableException($"The database {path} cannot be used: {outage.Message}", outage),
        UnauthorizedAccessException or IOException => new StorageUnavailableException($"The database {path} cannot be used: {failure.Message}", failure),
        _ => failure,
    };
}
