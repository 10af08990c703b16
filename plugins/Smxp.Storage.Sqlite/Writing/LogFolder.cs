using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Writing;

/// <summary>
/// Folds the write-ahead log back into the database, so that it neither makes a COMMIT wait nor grows without end. Most of it is done on a connection and a thread of
/// its own while the writer goes on; what was written meanwhile the writer folds itself, between two transactions, and then SQLite begins the log anew.
/// </summary>
/// <remarks>
/// A reader holds on to the log as it was when the reader began, and the log grows past it, up to a size at which the writer waits: for the folding to catch up, and for readers,
/// which end in their own time, since none of them waits for the writer.
/// </remarks>
internal sealed partial class LogFolder(SqliteFile file, WriterConnection writer, ILogger logger, int due)
{
    /// <summary>Pages; 32 MiB. The longer the log, the more often a page in it was changed again before it is folded, and the less is written.</summary>
    public const int Due = 8192;

    private const int MostRounds = 4;

    private Task<FoldedLog>? _rounds;
    private int _written;

    /// <summary>Pages. The log holds less than twice as many while readers end in time.</summary>
    public static int Most(int due) => 2 * due;

    /// <summary>Called by the writer after each transaction.</summary>
    public void Committed()
    {
        _written += writer.TakePagesWritten();
        if (_rounds is null && _written < due) return;
        _rounds ??= Task.Factory.StartNew(FoldMost, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (_written >= Most(due)) _rounds.Wait();
        if (_rounds.IsCompleted) Finish();
    }

    /// <summary>Waits for what is under way.</summary>
    public void Stop() => _rounds?.Wait();

    // What is written during one round is what the next has to do, so each is shorter than the one before.
    private FoldedLog FoldMost()
    {
        FoldedLog log = default;
        try
        {
            using SqliteConnection connection = file.OpenForFolding();
            using var statements = new Statements(connection);
            for (int round = 0; round < MostRounds; round++)
            {
                log = FoldedLog.From(statements["PRAGMA wal_checkpoint(PASSIVE)"]);
                if (log.Left <= due / 32) break;
            }
        }
        catch (SqliteException failure)
        {
            LogNotFolded(logger, file.Path, failure.Message);
        }

        return log;
    }

    private void Finish()
    {
        FoldedLog log = _rounds!.Result;
        _rounds = null;
        _written = 0;
        try
        {
            if (log.Pages >= Most(due)) writer.Fold(waiting: true);
            // More than that would hold up those who wait to write; the next rounds will have it.
            else if (log.Left <= due / 4) writer.Fold(waiting: false);
        }
        catch (SqliteException failure)
        {
            LogNotFolded(logger, file.Path, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Path} could not be folded back, and will be later: {Reason}")]
    private static partial void LogNotFolded(ILogger logger, string path, string reason);
}
