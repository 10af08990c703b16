using System.Data.Common;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Edits and deletes: a row of their own, and their effect on the message they name, now or when it arrives (SMXP §6).</summary>
internal static class Revisions
{
    private const string FindWaiting =
        """
        SELECT e.entry_id, e.message_id, e.timestamp, e.envelope_no, e.search_text, v.bytes, COALESCE(e.named_no, e.conversation_no) FROM entries e JOIN envelopes v ON v.envelope_no = e.envelope_no
        WHERE e.mailbox_no = @p0 AND e.target_id = @p1 ORDER BY e.entry_id
        """;

    public static void Deliver(MailboxLedger ledger, MailboxState mailbox, Place place, PreparedDelivery delivery, EnvelopeWriter envelopes)
    {
        long envelopeNo = envelopes.Store(delivery.Delivery.Envelope.Utf8);
        string? text = delivery.Delivery.SearchText is { } plain ? StoredText.Encode(plain) : null;
        EntryRow row = EntryWriter.Next(mailbox, place, delivery, envelopeNo) with { SearchText = text };
        EntryWriter.Insert(ledger.Statements, row);
        if (delivery.TargetId is null) return;
        mailbox.Revise();
        var revision = new Revision(row.EntryId, row.MessageId, row.Timestamp, envelopeNo, delivery.Delivery.SearchText, delivery.Delivery.Envelope.Envelope);
        foreach (RevisedMessage message in RevisedMessage.Find(ledger.Statements, mailbox.No, delivery.TargetId))
        {
            if (message.IsOf(place.Named.No) && message.Author == delivery.Author) Apply(ledger, mailbox, message, revision, row.ModifiedSequence);
        }
    }

    /// <summary>Applies what came before the message it names, as if it came now, in the order it came.</summary>
    public static void ApplyWaiting(MailboxLedger ledger, MailboxState mailbox, Place place, EntryRow arrived, PreparedDelivery delivery)
    {
        if (!mailbox.Revised) return;
        var waiting = new List<Revision>();
        using (DbDataReader row = ledger.Statements[FindWaiting].Read(mailbox.No, delivery.MessageId))
        {
            while (row.Read())
            {
                if (row.GetInt64(6) != place.Named.No) continue;
                Envelope envelope = EntryReader.Parse(row.GetFieldValue<byte[]>(5))!.Envelope;
                if (PreparedDelivery.Normalize(envelope.From) != delivery.Author) continue;
                string? text = row.IsDBNull(4) ? null : StoredText.Decode(row.GetString(4));
                waiting.Add(new Revision(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), text, envelope));
            }
        }

        if (waiting.Count == 0) return;
        var message = new RevisedMessage(arrived.EntryId, place.Conversation.No, place.NamedNo, null, false, delivery.Delivery.Envelope.Envelope);
        foreach (Revision revision in waiting) Apply(ledger, mailbox, message, revision, arrived.ModifiedSequence);
    }

    private static void Apply(MailboxLedger ledger, MailboxState mailbox, RevisedMessage message, Revision revision, long modified)
    {
        // What its author took back stays taken back; and a self-addressed edit comes twice, sent and received.
        if (message.Deleted || message.EditedBy == revision.MessageId) return;
        if (revision.Envelope.Type == EnvelopeType.Delete)
        {
            ledger.Statements["UPDATE entries SET deleted = @p1, modified_sequence = @p2 WHERE entry_id = @p0"].Execute(message.EntryId, true, modified);
            ledger.Search.Replace(message.EntryId, null);
            message.Deleted = true;
            return;
        }

        if (message.EditedBy is not null && !IsNewer(ledger.Statements, mailbox, revision, message.EditedBy)) return;
        ledger.Statements["UPDATE entries SET current_no = @p1, edited_by = @p2, modified_sequence = @p3 WHERE entry_id = @p0"]
            .Execute(message.EntryId, revision.EnvelopeNo, revision.MessageId, modified);
        ledger.Search.Replace(message.EntryId, SearchWord.Of(Edited(message.Envelope, revision.Envelope), revision.SearchText));
        message.EditedBy = revision.MessageId;
    }

    // The sender's clock orders edits; within a second, the order they came in.
    private static bool IsNewer(Statements statements, MailboxState mailbox, Revision revision, string editedBy)
    {
        using DbDataReader applied = statements["SELECT timestamp, entry_id FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane IN (2, 3) ORDER BY lane"]
            .Read(mailbox.No, editedBy);
        return !applied.Read() || (revision.Timestamp, revision.EntryId).CompareTo((applied.GetInt64(0), applied.GetInt64(1))) > 0;
    }

    private static Envelope Edited(Envelope original, Envelope edit) => original with
    {
        Subject = edit.Subject ?? original.Subject,
        Body = edit.Body,
        Name = edit.Name ?? original.Name,
        Attachments = edit.Attachments.Count > 0 ? edit.Attachments : original.Attachments,
    };

    private sealed record Revision(long EntryId, string MessageId, long Timestamp, long EnvelopeNo, string? SearchText, Envelope Envelope);
}
