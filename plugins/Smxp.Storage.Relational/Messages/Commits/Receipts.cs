using System.Data.Common;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A receipt marks what this mailbox sent its author in the conversation, up to its timestamp, as acknowledged; it is logged, and never a message (SMXP §2).</summary>
internal static class Receipts
{
    private const string Covered = "WHERE conversation_no = @p0 AND lane = 1 AND read_status < 2 AND recipient = @p1 AND timestamp <= @p2";

    public static int Apply(MailboxLedger ledger, MailboxState mailbox, ConversationState conversation, PreparedDelivery delivery, EnvelopeWriter envelopes)
    {
        long upTo = delivery.Delivery.Envelope.Envelope.Timestamp;
        var ids = new List<string>();
        using (DbDataReader row = ledger.Statements[$"SELECT message_id FROM entries {Covered} LIMIT {ReadMarks.MostAffected}"].Read(conversation.No, delivery.Author, upTo))
        {
            while (row.Read()) ids.Add(StoredText.Decode(row.GetString(0)));
        }

        EntryRow entry = EntryWriter.Next(mailbox, conversation, delivery, envelopes.Store(delivery.Delivery.Envelope.Utf8));
        EntryWriter.Insert(ledger.Statements, entry with { Affected = StoredText.Join(ids), Recipient = null });
        if (ids.Count == 0) return 0;
        return ledger.Statements[$"UPDATE entries SET read_status = 2, modified_sequence = @p3 {Covered}"].Execute(conversation.No, delivery.Author, upTo, entry.ModifiedSequence);
    }
}
