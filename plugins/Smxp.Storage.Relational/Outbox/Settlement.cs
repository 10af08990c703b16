using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational.Bridge;
using Smxp.Storage.Relational.Messages;
using Smxp.Storage.Relational.Messages.Commits;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>What an attempt changes: the entry ends or waits, and the sender's copy says how far it got.</summary>
internal static class Settlement
{
    private const string FindEntry = "SELECT envelope_no, owns_envelope, leased_by, sender, message_id, noticed FROM outbox WHERE id = @p0";
    private const string FindSent =
        "SELECT entry_id, conversation_no, status, error, transport FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane IN (1, 3, 5)";

    /// <param name="transaction">Where it is written.</param>
    /// <param name="id">The entry.</param>
    /// <param name="node">Who settles it; null for whoever may.</param>
    /// <param name="outcome">What the attempt came to.</param>
    public static long? Apply(WriteTransaction transaction, string id, string? node, OutboxOutcome outcome)
    {
        Statements statements = transaction.Statements;
        long envelopeNo;
        bool owned, noticed;
        string? leasedBy, sender;
        string messageId;
        using (DbDataReader row = statements[FindEntry].Read(id))
        {
            if (!row.Read()) return null;
            (envelopeNo, owned, messageId, noticed) = (row.GetInt64(0), row.GetInt64(1) != 0, row.GetString(4), row.GetInt64(5) != 0);
            leasedBy = row.IsDBNull(2) ? null : row.GetString(2);
            sender = row.IsDBNull(3) ? null : row.GetString(3);
        }

        BridgeRecordWriter.Put(statements, outcome.Records);
        string? error = outcome.Error is null ? null : StoredText.Encode(outcome.Error);
        if (outcome.Status == SendStatus.Queued)
        {
            // A node whose lease was taken over must not postpone what another is working on.
            if (leasedBy is not null && node is not null && leasedBy != node) return null;
            statements["UPDATE outbox SET attempts = attempts + 1, due_at = @p1, free_at = @p1, leased_by = NULL, leased_until = NULL, last_error = @p2, noticed = @p3, faults = @p4 WHERE id = @p0"]
                .Execute(id, outcome.Parked ? OutboxEntry.Never : outcome.RetryAt ?? outcome.At, error, noticed || outcome.Notice is not null, outcome.Faults);
        }
        else
        {
            statements["DELETE FROM outbox WHERE id = @p0"].Execute(id);
            if (owned) statements["DELETE FROM envelopes WHERE envelope_no = @p0"].Execute(envelopeNo);
        }

        return sender is null ? null : TellSender(MailboxLedger.Of(transaction), Protocol.Address.Parse(sender), messageId, outcome, isNews: outcome.Parked || (outcome.Notice is not null && !noticed));
    }

    /// <summary>What was heard of a message after it had left.</summary>
    public static long? Report(WriteTransaction transaction, SendReport report) => TellSender(
        MailboxLedger.Of(transaction), report.Mailbox, StoredText.Encode(report.MessageId), new OutboxOutcome(report.Status, null, report.Error, null, report.At), isNews: null);

    /// <param name="ledger">The mailboxes.</param>
    /// <param name="sender">Whose copy it is.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="outcome">How far it got.</param>
    /// <param name="isNews">Whether it is logged though the status stays; null where it is when the error changes.</param>
    private static long? TellSender(MailboxLedger ledger, Protocol.Address sender, string messageId, OutboxOutcome outcome, bool? isNews)
    {
        string? error = (outcome.Notice ?? outcome.Error) is { } words ? StoredText.Encode(words) : null;
        if (ledger.Find(sender) is not { } mailbox) return null;
        long entryId, conversationNo;
        int? status;
        string transport;
        using (DbDataReader row = ledger.Statements[FindSent].Read(mailbox.No, messageId))
        {
            if (!row.Read()) return null;
            (entryId, conversationNo, status) = (row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt32(2));
            transport = outcome.Transport ?? row.GetString(4);
            string? knownError = row.IsDBNull(3) ? null : row.GetString(3);
            isNews ??= knownError != error;
            if (isNews == false && status == (int)outcome.Status && knownError == error && transport == row.GetString(4)) return null;
        }

        bool changed = isNews == true || status != (int)outcome.Status;
        long modified = changed ? mailbox.NextSequence() : mailbox.LastSequence;
        ledger.Statements["UPDATE entries SET status = @p1, error = @p2, transport = @p3, modified_sequence = CASE WHEN @p4 THEN @p5 ELSE modified_sequence END WHERE entry_id = @p0"]
            .Execute(entryId, (int)outcome.Status, error, transport, changed, modified);
        if (!changed) return null;
        EntryWriter.Insert(ledger.Statements, new EntryRow
        {
            EntryId = EntryKey.Of(mailbox.No, modified),
            MailboxNo = mailbox.No,
            Lane = Lane.Status,
            ConversationNo = conversationNo,
            MessageId = messageId,
            Timestamp = outcome.At,
            ModifiedSequence = modified,
            Status = (int)outcome.Status,
            Error = error,
            DeliveredTo = "",
            Transport = transport,
            CreatedAt = outcome.At,
        });
        return modified;
    }
}
