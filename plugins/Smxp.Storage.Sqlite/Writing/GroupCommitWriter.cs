using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Writing;

/// <summary>
/// The one thread that writes a database. It takes all changes that wait, makes them in one transaction, and so pays for one flush to disk what would else be
/// hundreds; meanwhile the next ones gather. Callers learn of their change only after COMMIT returned.
/// </summary>
/// <remarks>
/// Changes look before they write, so refusing one undoes nothing. Savepoints would cost more than they give here: full-text indexes flush at each. Where a
/// change throws, the whole transaction is undone and each of its changes is made again in a transaction of its own, so that only the guilty one fails.
/// </remarks>
internal sealed partial class GroupCommitWriter : IAsyncDisposable
{
    private const int MostWaiting = 4096;
    private const int MostTogether = 1024;
    private const long MostUnindexed = 100_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestTogether = TimeSpan.FromMilliseconds(50);

    // Whoever brings a change wakes the writer himself, not by way of the thread pool and whatever waits there.
    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly List<PendingWrite> _group = [];
    private readonly SqliteFile _file;
    private readonly WriterConnection _connection;
    private readonly LogFolder _log;
    private readonly SqliteSearch? _search;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private volatile string? _trouble;

    public GroupCommitWriter(SqliteFile file, IDatabase database, SqliteSearch? search, ILogger logger, int pagesUntilFolded)
    {
        _file = file;
        _search = search;
        _logger = logger;
        _connection = new WriterConnection(file, database);
        _log = new LogFolder(file, _connection, logger, pagesUntilFolded);
        _thread = new Thread(Run) { IsBackground = true, Name = $"writer of {Path.GetFileName(file.Path)}" };
        _thread.Start();
    }

    /// <summary>What stopped the last transaction; null once one was stored again.</summary>
    public string? Trouble => _trouble;

    /// <summary>Queues a change and waits until it is stored. Where too many wait, waits for a place first.</summary>
    public async Task<T> WriteAsync<T>(Func<WriteTransaction, T> write, CancellationToken cancellationToken)
    {
        var pending = new PendingWrite<T>(write, cancellationToken);
        try
        {
            await _waiting.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StorageUnavailableException($"The database {_file.Path} is closed.");
        }

        return await pending.Task;
    }

    public ValueTask DisposeAsync()
    {
        // What is queued is still written; what comes now is told that the database is closed.
        _waiting.Writer.TryComplete();
        if (_thread != Thread.CurrentThread) _thread.Join();
        return ValueTask.CompletedTask;
    }

    private void Run()
    {
        using (_connection)
        {
            if (_search is not null) Quietly(_search.Count);
            while (WaitForWork())
            {
                WriteGroup();
                if (_search?.Pending > MostUnindexed) Quietly(_search.CatchUp);
                _log.Committed();
            }

            _log.Stop();
        }
    }

    // Where nothing comes for a moment, search catches up, a little at a time.
    private bool WaitForWork()
    {
        Task<bool> work = _waiting.Reader.WaitToReadAsync().AsTask();
        while (_search?.Pending > 0 && !work.Wait(Pause))
        {
            Quietly(_search.CatchUp);
            _log.Committed();
        }

        return work.GetAwaiter().GetResult();
    }

    // Work of our own, which nobody waits for: where it fails it is tried again later, and the next change's caller hears of the outage.
    private void Quietly(Action<Statements> work)
    {
        try
        {
            WriteTransaction transaction = _connection.Begin();
            work(transaction.Statements);
            _connection.Commit(transaction);
        }
#pragma warning disable CA1031 // As below.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _connection.Rollback();
            LogCatchUpFailed(_logger, failure.Message);
            Thread.Sleep(Pause);
        }
    }

    private void WriteGroup()
    {
        _group.Clear();
        try
        {
            long begun = Stopwatch.GetTimestamp();
            WriteTransaction? transaction = null;
            while (_group.Count < MostTogether && _waiting.Reader.TryRead(out PendingWrite? pending))
            {
                if (pending.IsCancelled) continue;
                _group.Add(pending);
                pending.Run(transaction ??= _connection.Begin());
                if (Stopwatch.GetElapsedTime(begun) > LongestTogether) break;
            }

            if (transaction is null) return;
            _connection.Commit(transaction);
            Recovered();
        }
#pragma warning disable CA1031 // Whatever a change throws goes to its caller; the writer goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _connection.Rollback();
            if (_group.Count == 1) Fail(_group[0], failure);
            else foreach (PendingWrite pending in _group) WriteAlone(pending);
            return;
        }

        foreach (PendingWrite pending in _group) pending.Complete();
    }

    private void WriteAlone(PendingWrite pending)
    {
        try
        {
            WriteTransaction transaction = _connection.Begin();
            pending.Run(transaction);
            _connection.Commit(transaction);
            Recovered();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _connection.Rollback();
            Fail(pending, failure);
            return;
        }

        pending.Complete();
    }

    private void Fail(PendingWrite pending, Exception failure)
    {
        Exception told = SqliteOutage.Translate(failure, _file.Path);
        if (told is StorageUnavailableException && _trouble is null)
        {
            _trouble = told.Message;
            LogOutage(_logger, told.Message);
        }

        pending.Fail(told);
    }

    private void Recovered()
    {
        if (_trouble is null) return;
        _trouble = null;
        LogRecovery(_logger, _file.Path);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} Nothing can be stored until this is mended.")]
    private static partial void LogOutage(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Search could not be brought up to date, and will be later: {Reason}")]
    private static partial void LogCatchUpFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database {Path} takes writes again.")]
    private static partial void LogRecovery(ILogger logger, string path);
}
