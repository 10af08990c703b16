namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>What a message does: a row, the conversation's counters, its words; and edits that came before it take effect.</summary>
internal static class Arrivals
{
    public static void Deliver(MailboxLedger ledger, MailboxState mailbox, Place place, PreparedDelivery delivery, EnvelopeWriter envelopes)
    {
        EntryRow row = EntryWriter.Next(mailbox, place, delivery, envelopes.Store(delivery.Delivery.Envelope.Utf8));
        EntryWriter.Insert(ledger.Statements, row);
        place.Conversation.Add(row.EntryId, unread: row.Lane == Lane.MessageIn, delivery.Author, delivery.Recipient, delivery.Delivery.Participants);
        ledger.Search.Add(row.EntryId, delivery.Words);
        Revisions.ApplyWaiting(ledger, mailbox, place, row, delivery);
    }
}
