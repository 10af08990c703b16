using LinqToDB.Data;
using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Tests;

#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class OutageTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;
    private MessageDriver _driver = null!;

    public async Task InitializeAsync()
    {
        _database = Databases.Messages(_folder.File("messages.db"));
        _driver = new MessageDriver(_database);
        await _driver.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _driver.DisposeAsync();
        _folder.Remove();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        string path = _folder.File("other.db");
        await File.WriteAllTextAsync(path, new string('x', 8192));
        await using SqliteDatabase database = Databases.Messages(path);
        StorageUnavailableException outage = await Assert.ThrowsAsync<StorageUnavailableException>(() => database.StartAsync(CancellationToken.None));
        Assert.Contains(path, outage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_stores_nothing_and_is_recovered_from()
    {
        SignedEnvelope small = Letters.Write(Letters.Alice, Letters.Bob, "small");
        SignedEnvelope large = Letters.Write(Letters.Alice, Letters.Bob, new string('x', 1_000_000));
        await PragmaAsync("max_page_count = 1");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitAsync(large));
        Assert.Null(await _driver.FindAsync(Letters.Bob, large.Envelope.Id, CancellationToken.None));
        await PragmaAsync("max_page_count = 1000000");
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(small)).Outcome);
        Assert.Equal(CommitOutcome.Stored, (await CommitAsync(large)).Outcome);
        Assert.Null(await _driver.CheckAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_change_that_throws_fails_alone()
    {
        Task<int>[] work = [.. Enumerable.Range(0, 50).Select(i => _database.WriteAsync(
            transaction => i == 25 ? throw new InvalidOperationException("a bug") : transaction.Data.Execute("INSERT INTO mailboxes (address, last_sequence) VALUES (@address, 0)", new { address = $"{i}" }),
            CancellationToken.None))];
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(work));
        Assert.Equal(1, work.Count(static task => task.IsFaulted));
        Assert.Equal(49, await _database.ReadAsync(static (snapshot, cancel) => snapshot.Data.ExecuteAsync<int>("SELECT count(*) FROM mailboxes", cancel), CancellationToken.None));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_in_words()
    {
        await _database.WriteAsync(static transaction => transaction.Data.Execute("INSERT INTO VersionInfo (Version, AppliedOn, Description) VALUES (99990101, '2026-01-01', 'later')"), CancellationToken.None);
        await _driver.DisposeAsync();
        SqliteDatabase older = Databases.Messages(_folder.File("messages.db"));
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => older.StartAsync(CancellationToken.None));
        Assert.Contains("99990101", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_server_can_read_the_files()
    {
        if (OperatingSystem.IsWindows()) return;
        await CommitAsync(Letters.Write(Letters.Alice, Letters.Bob));
        string[] files = Directory.GetFiles(_folder.Path);
        Assert.Contains(files, static file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (string file in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private Task<CommitResult> CommitAsync(SignedEnvelope letter) => _driver.CommitAsync(Letters.Of(Letters.In(letter)), CancellationToken.None);

    private Task PragmaAsync(string pragma) => _database.WriteAsync(transaction => transaction.Data.Execute($"PRAGMA {pragma}"), CancellationToken.None);
}
