using System.Data.Common;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A receipt marks what this mailbox sent its author in the conversation, up to its timestamp, as acknowledged; it is logged, and never a message (SMXP §2).</summary>
internal static class Receipts
{
    // What names the conversation: most of it lies there, and what was moved elsewhere is found by the name it keeps.
    private const string Here = "WHERE conversation_no = @p0 AND lane = 1 AND read_status < 2 AND recipient = @p1 AND timestamp <= @p2 AND named_no IS NULL";
    private const string Moved = "WHERE named_no IS NOT NULL AND named_no = @p0 AND lane = 1 AND read_status < 2 AND recipient = @p1 AND timestamp <= @p2";

    public static int Apply(MailboxLedger ledger, MailboxState mailbox, Place place, PreparedDelivery delivery, EnvelopeWriter envelopes)
    {
        string[] covered = place.Named.Parted ? [Here, Moved] : [Here];
        long upTo = delivery.Delivery.Envelope.Envelope.Timestamp;
        var ids = new List<string>();
        foreach (string some in covered)
        {
            using DbDataReader row = ledger.Statements[$"SELECT message_id FROM entries {some} LIMIT {ReadMarks.MostAffected}"].Read(place.Named.No, delivery.Author, upTo);
            while (row.Read() && ids.Count < ReadMarks.MostAffected) ids.Add(StoredText.Decode(row.GetString(0)));
        }

        EntryRow entry = EntryWriter.Next(mailbox, place, delivery, envelopes.Store(delivery.Delivery.Envelope.Utf8));
        EntryWriter.Insert(ledger.Statements, entry with { Affected = StoredText.Join(ids), Recipient = null });
        if (ids.Count == 0) return 0;
        return covered.Sum(some =>
            ledger.Statements[$"UPDATE entries SET read_status = 2, modified_sequence = @p3 {some}"].Execute(place.Named.No, delivery.Author, upTo, entry.ModifiedSequence));
    }
}
