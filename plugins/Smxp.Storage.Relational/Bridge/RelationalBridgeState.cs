using System.Data.Common;
using System.Text;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Bridge;

/// <summary>A bridge's names and values, in the messages' database.</summary>
internal sealed class RelationalBridgeState(IDatabase database) : IBridgeState
{
    private const string Named = "WHERE bridge = @p0 AND mailbox = @p1 AND record_key = @p2";
    private const string Listed = "SELECT record_key, value, is_unique FROM bridge_records WHERE bridge = @p0 AND mailbox = @p1";
    private const string Page = " ORDER BY record_key LIMIT @p3";

    public Task<byte[]?> GetAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken)
    {
        object?[] values = [bridge, Box(mailbox), StoredText.Encode(key)];
        return database.ReadAsync(async (snapshot, cancel) =>
        {
            await using DbDataReader row = await snapshot.Statements[$"SELECT value FROM bridge_records {Named}"].ReadAsync(values, cancel);
            return await row.ReadAsync(cancel) ? row.GetFieldValue<byte[]>(0) : null;
        }, cancellationToken);
    }

    public Task<IReadOnlyList<BridgeRecord>> ListAsync(string bridge, Address? mailbox, string prefix, string? after, int limit, CancellationToken cancellationToken)
    {
        string from = StoredText.Encode(prefix);
        string? last = after is null ? null : StoredText.Encode(after);
        // One lower bound, the higher of the two, is where the index is entered.
        bool isFirst = last is null || Compare(last, from) < 0;
        string sql = $"{Listed} AND record_key {(isFirst ? ">=" : ">")} @p2";
        object?[] values = [bridge, Box(mailbox), isFirst ? from : last, limit];
        if (Successor(from) is { } end) (sql, values) = ($"{sql} AND record_key < @p4", [.. values, end]);
        sql += Page;
        return database.ReadAsync<IReadOnlyList<BridgeRecord>>(async (snapshot, cancel) =>
        {
            var found = new List<BridgeRecord>();
            await using DbDataReader row = await snapshot.Statements[sql].ReadAsync(values, cancel);
            while (await row.ReadAsync(cancel)) found.Add(new BridgeRecord(bridge, mailbox, StoredText.Decode(row.GetString(0)), row.GetFieldValue<byte[]>(1), row.GetBoolean(2)));
            return found;
        }, cancellationToken);
    }

    public Task<bool> PutAsync(IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            if (BridgeRecordWriter.AnyTaken(transaction.Statements, records)) return false;
            BridgeRecordWriter.Put(transaction.Statements, records);
            return true;
        }, cancellationToken);

    public Task<bool> RemoveAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken)
    {
        string box = Box(mailbox);
        string stored = StoredText.Encode(key);
        return database.WriteAsync(transaction => transaction.Statements[$"DELETE FROM bridge_records {Named}"].Execute(bridge, box, stored) > 0, cancellationToken);
    }

    // A key holds no null: what is the bridge's own has no mailbox.
    private static string Box(Address? mailbox) => mailbox?.ToString() ?? "";

    // By code points, which is how the tables order.
    private static int Compare(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    /// <summary>The first text after everything that begins with the prefix, by code points, which is how the tables order; null where there is none.</summary>
    internal static string? Successor(string prefix)
    {
        Rune[] runes = [.. prefix.EnumerateRunes()];
        for (int last = runes.Length - 1; last >= 0; last--)
        {
            int next = runes[last].Value + 1;
            if (next == 0xd800) next = 0xe000;
            if (!Rune.TryCreate(next, out Rune rune)) continue;
            return string.Concat(runes[..last].Append(rune).Select(static rune => rune.ToString()));
        }

        return null;
    }
}
