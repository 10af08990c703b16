using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Migrations;
using Smxp.Storage.Sqlite.Writing;

namespace Smxp.Storage.Sqlite.Tests;

/// <summary>The write-ahead log's file never shrinks below what it once held, so its length at the end is the most there ever was.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class LogFolderTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const int Due = 64;
    private const int PageAndHeader = 4096 + 24;
    private const int Writers = 4;
    private const int LettersEach = 200;

    // What the last transaction before a wait may add: a letter of each writer, or the words of hundreds, indexed.
    private const int OneGroup = 1000;
    private static readonly long Bound = ((2 * LogFolder.Most(Due)) + OneGroup) * (long)PageAndHeader;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;
    private MessageDriver _driver = null!;

    private long LogLength => new FileInfo(_folder.File("messages.db-wal")) is { Exists: true } log ? log.Length : 0;

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_folder.File("messages.db"), SchemaTags.Messages, NullLoggerFactory.Instance, Due);
        _driver = new MessageDriver(_database);
        await _driver.StartAsync(None);
    }

    public async Task DisposeAsync()
    {
        await _driver.DisposeAsync();
        _folder.Remove();
    }

    [Fact]
    public async Task The_log_stays_small_under_constant_writing_and_reading()
    {
        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadUntilAsync(done.Token)))];
        await WriteAsync();
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.InRange(LogLength, Due * PageAndHeader, Bound);
        await NothingIsMissingAsync();
    }

    [Fact]
    public async Task A_long_reader_makes_the_log_longer_but_not_endless()
    {
        var begun = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        Task<long?> reader = _database.ReadAsync(async (snapshot, cancel) =>
        {
            await snapshot.Statements["SELECT count(*) FROM entries"].NumberAsync([], cancel);
            begun.SetResult();
            await end.Task;
            return await snapshot.Statements["SELECT count(*) FROM entries"].NumberAsync([], cancel);
        }, None);
        await begun.Task;
        Task writing = WriteAsync();
        // It stands in the way of any new beginning, so the log gets there, and the writer begins to wait for it.
        while (LogLength < LogFolder.Most(Due) * PageAndHeader && !writing.IsCompleted) await Task.Delay(5);
        end.SetResult();
        Assert.Equal(0, await reader);
        await writing;
        Assert.InRange(LogLength, LogFolder.Most(Due) * PageAndHeader, Bound);
        await NothingIsMissingAsync();
    }

    private Task WriteAsync() => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
    {
        for (int i = 0; i < LettersEach; i++)
        {
            SignedEnvelope letter = Letters.Write(Letters.Alice, Letters.Bob, $"writer {writer} letter {i} {new string('x', 4096)}");
            Assert.Equal(CommitOutcome.Stored, (await _driver.CommitAsync(Letters.Of(Letters.In(letter)), None)).Outcome);
        }
    })));

    private async Task ReadUntilAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested) await _driver.QueryAsync(new MailboxQuery { Mailbox = Letters.Bob, Limit = 20 }, None);
    }

    private async Task NothingIsMissingAsync() => Assert.Equal(Writers * LettersEach, (await _driver.StatusAsync(Letters.Bob, None)).Unread);
}
