using Microsoft.Data.Sqlite;
using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Tests;

public sealed class RevisedMailboxTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A database from before mailboxes knew whether they hold edits.</summary>
    [Fact]
    public async Task An_edit_that_waited_before_the_migration_is_found_after_it()
    {
        var folder = new TemporaryFolder();
        string path = folder.File("messages.db");
        SignedEnvelope letter = Letters.Write(Letters.Alice, Letters.Bob, "first");
        SignedEnvelope edit = Letters.Write(Letters.Alice, Letters.Bob, "second", timestamp: 2000, type: EnvelopeType.Edit, inReplyTo: letter.Envelope.Id);
        MessageDriver driver = await Databases.OpenMessagesAsync(path);
        await driver.CommitAsync(Letters.Of(Letters.In(edit)), None);
        await driver.DisposeAsync();
        await ExecuteAsync(path, "ALTER TABLE mailboxes DROP COLUMN revised; DELETE FROM VersionInfo WHERE Version = 20260107");

        driver = await Databases.OpenMessagesAsync(path);
        await driver.CommitAsync(Letters.Of(Letters.In(letter)), None);
        Assert.Equal(edit.Envelope.Id, (await driver.FindAsync(Letters.Bob, letter.Envelope.Id, None))!.EditedBy);
        await driver.DisposeAsync();
        folder.Remove();
    }

    private static async Task ExecuteAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
