using System.Diagnostics;
using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Tests;

/// <summary>A real process, really killed.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_once()
    {
        var folder = new TemporaryFolder();
        string path = folder.File("messages.db");
        var acknowledged = new List<string>();
        for (int run = 0; run < 3; run++) acknowledged.AddRange(KillAfter(100, path, run));

        MessageDriver driver = await Databases.OpenMessagesAsync(path);
        var received = new List<string>();
        for (long after = 0; ;)
        {
            MailboxPage page = await driver.QueryAsync(new MailboxQuery { Mailbox = Letters.Bob, After = after, OldestFirst = true, Limit = 1000 }, CancellationToken.None);
            received.AddRange(page.Entries.Select(static entry => entry.Id));
            if (!page.HasMore) break;
            after = page.Entries[^1].Sequence;
        }

        Assert.True(acknowledged.Count >= 300);
        Assert.Empty(acknowledged.Except(received));
        Assert.Equal(received.Count, received.Distinct().Count());
        // What was stored but not acknowledged is whole too: the letter, the sender's copy, the outbox entry, the counters, the words.
        Assert.Equal(received.Count, await driver.CountAsync(CancellationToken.None));
        Assert.Equal(received.Count, (await driver.UnreadAsync(Letters.Bob, CancellationToken.None)).Sum(static unread => unread.Count));
        Assert.NotNull(await driver.FindAsync(Letters.Alice, received[^1], CancellationToken.None));
        Assert.Single((await driver.QueryAsync(new MailboxQuery { Mailbox = Letters.Bob, Text = "run2writer3letter0" }, CancellationToken.None)).Entries);
        await driver.DisposeAsync();
        folder.Remove();
    }

    private static List<string> KillAfter(int acknowledgements, string path, int run)
    {
        using Process child = Process.Start(new ProcessStartInfo("dotnet", [typeof(CrashTests).Assembly.Location, "commit-until-killed", path, $"{run}"]) { RedirectStandardOutput = true })!;
        var ids = new List<string>();
        while (ids.Count < acknowledgements && child.StandardOutput.ReadLine() is { } id) ids.Add(id);
        child.Kill();
        // Whole lines that were on their way count as acknowledged too; a torn last one does not.
        string rest = child.StandardOutput.ReadToEnd();
        ids.AddRange(rest.Split('\n')[..^1]);
        child.WaitForExit();
        return ids;
    }
}
