using System.Text;
using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Bridge;

/// <summary>A bridge's names and values, in the messages' database.</summary>
internal sealed class RelationalBridgeState(IDatabase database) : IBridgeState
{
    public Task<byte[]?> GetAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken)
    {
        string box = mailbox?.ToString() ?? "";
        string stored = StoredText.Encode(key);
        return database.ReadAsync((snapshot, cancel) => snapshot.Data.GetTable<BridgeRecordRow>()
            .Where(row => row.Bridge == bridge && row.Mailbox == box && row.Key == stored)
            .Select(row => (byte[]?)row.Value).FirstOrDefaultAsync(cancel), cancellationToken);
    }

    public Task<IReadOnlyList<BridgeRecord>> ListAsync(string bridge, Address? mailbox, string prefix, string? after, int limit, CancellationToken cancellationToken)
    {
        string box = mailbox?.ToString() ?? "";
        string from = StoredText.Encode(prefix);
        string? to = Successor(from);
        string? greaterThan = after is null ? null : StoredText.Encode(after);
        return database.ReadAsync<IReadOnlyList<BridgeRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<BridgeRecordRow> rows = snapshot.Data.GetTable<BridgeRecordRow>().Where(row => row.Bridge == bridge && row.Mailbox == box);
            if (from.Length > 0) rows = rows.Where(row => row.Key.CompareTo(from) >= 0);
            if (to is not null) rows = rows.Where(row => row.Key.CompareTo(to) < 0);
            if (greaterThan is not null) rows = rows.Where(row => row.Key.CompareTo(greaterThan) > 0);
            List<BridgeRecordRow> found = await rows.OrderBy(row => row.Key).Take(limit).ToListAsync(cancel);
            return [.. found.Select(row => new BridgeRecord(bridge, mailbox, StoredText.Decode(row.Key), row.Value, row.Unique))];
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
        string box = mailbox?.ToString() ?? "";
        string stored = StoredText.Encode(key);
        return database.WriteAsync(
            transaction => transaction.Data.GetTable<BridgeRecordRow>().Delete(row => row.Bridge == bridge && row.Mailbox == box && row.Key == stored) > 0,
            cancellationToken);
    }

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
