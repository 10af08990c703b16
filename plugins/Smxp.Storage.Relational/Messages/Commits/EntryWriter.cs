namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Writes rows of a mailbox's log.</summary>
internal static class EntryWriter
{
    private const string InsertEntry =
        """
        INSERT INTO entries (entry_id, mailbox_no, lane, conversation_no, message_id, target_id, recipient, timestamp, modified_sequence, envelope_no, deleted,
        read_status, status, error, delivered_to, verified, on_behalf_of, transport, search_text, affected, created_at, named_no, participants, authentication)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22, @p23)
        """;

    public static void Insert(Statements statements, EntryRow row) => statements[InsertEntry].Execute(
        row.EntryId, row.MailboxNo, row.Lane, row.ConversationNo, row.MessageId, row.TargetId, row.Recipient, row.Timestamp, row.ModifiedSequence, row.EnvelopeNo, row.Deleted,
        row.ReadStatus, row.Status, row.Error, row.DeliveredTo, row.Verified, row.OnBehalfOf, row.Transport, row.SearchText, row.Affected, row.CreatedAt, row.NamedNo, row.Participants, row.Authentication);

    /// <summary>The row of a delivery, at the next place in its mailbox.</summary>
    public static EntryRow Next(MailboxState mailbox, Place place, PreparedDelivery delivery, long envelopeNo)
    {
        long sequence = mailbox.NextSequence();
        return new EntryRow
        {
            EntryId = EntryKey.Of(mailbox.No, sequence),
            MailboxNo = mailbox.No,
            Lane = delivery.Lane,
            ConversationNo = place.Conversation.No,
            NamedNo = place.NamedNo,
            MessageId = delivery.MessageId,
            TargetId = delivery.TargetId,
            Recipient = delivery.Lane == Lane.MessageOut ? delivery.Recipient : null,
            Timestamp = delivery.Delivery.Envelope.Envelope.Timestamp,
            ModifiedSequence = sequence,
            EnvelopeNo = envelopeNo,
            Status = (int?)delivery.Delivery.Status,
            DeliveredTo = StoredText.Encode(delivery.Delivery.DeliveredTo),
            Verified = delivery.Delivery.Verified,
            OnBehalfOf = delivery.Delivery.OnBehalfOf is { } delegated ? StoredText.Encode(delegated) : null,
            Transport = delivery.Delivery.Transport,
            CreatedAt = delivery.Delivery.CreatedAt,
            Authentication = delivery.Delivery.Authentication?.ToString(),
            Participants = StoredText.Join(delivery.Delivery.Participants),
        };
    }
}
