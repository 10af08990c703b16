using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational;
using SQLitePCL;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Storage.Sqlite.Tests;

/// <summary>What SQLite does for each listing, asked of the very statements that ran: never read a whole table, never sort.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed partial class QueryPlanTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const int HowMany = 3000;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly SortedSet<string> _executed = [];
    private SqliteDatabase _database = null!;
    private MessageDriver _driver = null!;
    private string _someId = "";

    public async Task InitializeAsync()
    {
        _database = Databases.Messages(_folder.File("messages.db"));
        _driver = new MessageDriver(_database);
        await _driver.StartAsync(None);
        await Task.WhenAll(Enumerable.Range(0, HowMany).Select(i =>
        {
            SignedEnvelope letter = Write(Alice, Bob, $"word{i % 10}", $"c{i % 100}", 1000 + i);
            _someId = letter.Envelope.Id;
            Commit commit = Of(Out(letter), In(letter));
            return _driver.CommitAsync(i % 10 == 0 ? commit with { Outbox = [Outgoing(letter, 1000 + i)] } : commit, None);
        }));
        await SearchAsync(new MailboxQuery { Mailbox = Bob, Text = "word1" });
        await ListenAsync();
    }

    public async Task DisposeAsync()
    {
        await _driver.DisposeAsync();
        _folder.Remove();
    }

    [Fact]
    public Task Inbox() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, Direction = Direction.In }));

    [Fact]
    public Task Sent() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Alice, Direction = Direction.Out }));

    [Fact]
    public Task Thread() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, ConversationId = "c7", OldestFirst = true }));

    [Fact]
    public Task After() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, After = 1500, OldestFirst = true }));

    [Fact]
    public Task Before() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, Before = 1500 }));

    [Fact]
    public Task Stream_replay() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, Kinds = null, After = 1500, OldestFirst = true }));

    [Fact]
    public Task Search() => PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, Text = "word1" }));

    [Fact]
    public Task Search_in_a_conversation() =>
        PlannedAsync(() => QueryAsync(new MailboxQuery { Mailbox = Bob, Text = "word7", ConversationId = "c7", Direction = Direction.In }));

    [Fact]
    public Task Find() => PlannedAsync(async () => Assert.NotNull(await _driver.FindAsync(Bob, _someId, None)));

    [Fact]
    public Task Find_what_is_not_there() => PlannedAsync(async () => Assert.Null(await _driver.FindAsync(Bob, "nothing", None)));

    [Fact]
    public Task Unread() => PlannedAsync(async () => Assert.NotEmpty(await _driver.UnreadAsync(Bob, None)));

    [Fact]
    public Task Conversations() => PlannedAsync(async () => Assert.Equal(20, (await _driver.ConversationsAsync(Bob, null, 20, None)).Conversations.Count));

    [Fact]
    public Task Status() => PlannedAsync(async () => Assert.Equal(HowMany, (await _driver.StatusAsync(Bob, None)).LastSequence));

    [Fact]
    public Task Outbox_lease() => PlannedAsync(async () => Assert.Equal(10, (await _driver.LeaseAsync("node", 5000, 6000, 10, 20, None)).Count));

    [Fact]
    public Task Outbox_list() => PlannedAsync(async () => Assert.Equal(10, (await _driver.ListAsync(null, null, 10, None)).Count));

    [Fact]
    public Task Outbox_next_due() => PlannedAsync(async () => Assert.Equal(1000, await _driver.NextDueAsync(None)));

    [Fact]
    public async Task A_scan_and_a_sort_are_noticed()
    {
        Assert.Contains(await PlanAsync("SELECT error FROM entries"), IsDear);
        Assert.Contains(await PlanAsync("SELECT entry_id FROM entries WHERE mailbox_no = @p0 AND lane = @p1 ORDER BY timestamp"), IsDear);
    }

    private async Task QueryAsync(MailboxQuery query) => Assert.Equal(20, await SearchAsync(query));

    private async Task<int> SearchAsync(MailboxQuery query) => (await _driver.QueryAsync(query, None)).Entries.Count;

    private async Task PlannedAsync(Func<Task> listing)
    {
        lock (_executed) _executed.Clear();
        await listing();
        string[] statements;
        lock (_executed) statements = [.. _executed.Where(static sql => StatementPattern().IsMatch(sql))];
        Assert.NotEmpty(statements);
        foreach (string sql in statements)
        {
            string[] dear = [.. (await PlanAsync(sql)).Where(IsDear)];
            Assert.True(dear.Length == 0, $"{sql}\n{string.Join('\n', dear)}");
        }
    }

    // A full-text match is called a scan, of the virtual table's own index: INDEX 0:M….
    private static bool IsDear(string step) =>
        step.Contains("TEMP B-TREE", StringComparison.Ordinal) || (step.StartsWith("SCAN", StringComparison.Ordinal) && !FreePattern().IsMatch(step));

    // Whatever either connection prepared and ran, by LINQ or not, with its parameters as parameters.
    private async Task ListenAsync()
    {
        await _database.ReadAsync((snapshot, _) => Task.FromResult(Listen((SqliteConnection)snapshot.Data.OpenDbConnection())), None);
        await _database.WriteAsync(transaction => Listen((SqliteConnection)transaction.Data.OpenDbConnection()), None);
    }

    private bool Listen(SqliteConnection connection)
    {
        sqlite3 handle = connection.Handle!;
        raw.sqlite3_trace(
            handle,
            (delegate_trace)((_, _) =>
            {
                for (nint one = sqlite3_next_stmt(handle, 0); one != 0; one = sqlite3_next_stmt(handle, one))
                {
                    // SQLite keeps no text of statements it prepared for itself, as the full-text index has them.
                    if (sqlite3_stmt_busy(one) == 0 || Marshal.PtrToStringUTF8(sqlite3_sql(one)) is not { } sql) continue;
                    lock (_executed) _executed.Add(sql);
                }
            }),
            null);
        return true;
    }

    private async Task<string[]> PlanAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.File("messages.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand explain = connection.CreateCommand();
#pragma warning disable CA2100 // The store's own statements.
        explain.CommandText = $"EXPLAIN QUERY PLAN {sql}";
#pragma warning restore CA2100
        foreach (string name in ParameterPattern().Matches(sql).Select(static match => match.Value).Distinct()) explain.Parameters.AddWithValue(name, DBNull.Value);
        await using SqliteDataReader step = await explain.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await step.ReadAsync()) steps.Add(step.GetString(3));
        return [.. steps];
    }

    // The wrapper lists only statements it was told to track since the connection opened.
#pragma warning disable SYSLIB1054, CA5392, CA1707, IDE1006 // As SQLite names them; the library is the one already loaded.
    [DllImport("e_sqlite3")]
    private static extern nint sqlite3_next_stmt(sqlite3 connection, nint statement);

    [DllImport("e_sqlite3")]
    private static extern int sqlite3_stmt_busy(nint statement);

    [DllImport("e_sqlite3")]
    private static extern nint sqlite3_sql(nint statement);
#pragma warning restore SYSLIB1054, CA5392, CA1707, IDE1006

    [GeneratedRegex("^(SELECT|UPDATE|DELETE|INSERT)", RegexOptions.IgnoreCase)]
    private static partial Regex StatementPattern();

    [GeneratedRegex("@\\w+")]
    private static partial Regex ParameterPattern();

    [GeneratedRegex("^SCAN (search VIRTUAL TABLE INDEX \\d+:.*M|CONSTANT ROW)")]
    private static partial Regex FreePattern();
}
