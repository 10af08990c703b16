using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Bridge;

/// <summary>Writes bridge records, alone or as part of a commit.</summary>
internal static class BridgeRecordWriter
{
    private const string Named = "WHERE bridge = @p0 AND mailbox = @p1 AND record_key = @p2";

    /// <summary>Whether a unique record among these is there already, or twice among them.</summary>
    public static bool AnyTaken(Statements statements, IReadOnlyList<BridgeRecord> records)
    {
        for (int i = 0; i < records.Count; i++)
        {
            BridgeRecord record = records[i];
            if (!record.Unique) continue;
            if (statements[$"SELECT 1 FROM bridge_records {Named}"].Scalar(record.Bridge, Mailbox(record), StoredText.Encode(record.Key)) is not null) return true;
            if (records.Take(i).Any(earlier => earlier.Key == record.Key && earlier.Bridge == record.Bridge && earlier.Mailbox == record.Mailbox)) return true;
        }

        return false;
    }

    public static void Put(Statements statements, IReadOnlyList<BridgeRecord> records)
    {
        foreach (BridgeRecord record in records)
        {
            string key = StoredText.Encode(record.Key);
            // A unique one is new, or it would have been refused.
            if (record.Unique || statements[$"UPDATE bridge_records SET value = @p3, is_unique = @p4 {Named}"].Execute(record.Bridge, Mailbox(record), key, record.Value, record.Unique) == 0)
            {
                statements["INSERT INTO bridge_records (bridge, mailbox, record_key, value, is_unique) VALUES (@p0, @p1, @p2, @p3, @p4)"]
                    .Execute(record.Bridge, Mailbox(record), key, record.Value, record.Unique);
            }
        }
    }

    private static string Mailbox(BridgeRecord record) => record.Mailbox?.ToString() ?? "";
}
