using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Messages;
using Smxp.Storage.Relational.Messages.Commits;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>An edit or delete of what still waits: it takes effect there, and nothing leaves for it.</summary>
internal static class Supersession
{
    // One that a node holds may be on its way.
    private const string FindWaiting =
        "SELECT id, envelope_no, owns_envelope FROM outbox WHERE message_id = @p0 AND recipient = @p1 AND transport = @p2 AND leased_by IS NULL ORDER BY id LIMIT 1";

    private const string Cancelled = "cancelled: taken back before it was sent";

    /// <summary>Whether the entry was taken in by the one it supersedes.</summary>
    public static bool TryAbsorb(WriteTransaction transaction, OutboxEntry entry, EnvelopeWriter envelopes, Dictionary<Address, long> sequences)
    {
        if (entry is not { Supersedes: { } target, Transport: { } transport, Sender: { } sender }) return false;
        Statements statements = transaction.Statements;
        string waiting;
        long envelopeNo;
        bool owned;
        using (DbDataReader row = statements[FindWaiting].Read(StoredText.Encode(target), StoredText.Encode(entry.Recipient.ToString()), transport))
        {
            if (!row.Read()) return false;
            (waiting, envelopeNo, owned) = (row.GetString(0), row.GetInt64(1), row.GetBoolean(2));
        }

        if (IsDelete(entry))
        {
            Settlement.Apply(transaction, waiting, null, new OutboxOutcome(SendStatus.Failed, null, Cancelled, null, entry.CreatedAt));
        }
        else
        {
            long edited = envelopes.StoreOutgoing(entry.Envelope, out bool owns);
            statements["UPDATE outbox SET envelope_no = @p1, owns_envelope = @p2 WHERE id = @p0"].Execute(waiting, edited, owns);
            if (owned) statements["DELETE FROM envelopes WHERE envelope_no = @p0"].Execute(envelopeNo);
        }

        if (MailboxLedger.Of(transaction).Find(sender) is not { } mailbox) return true;
        // The edit or delete itself has nothing left to wait for.
        statements["UPDATE entries SET status = @p2 WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane IN (3, 5)"]
            .Execute(mailbox.No, StoredText.Encode(entry.MessageId), (int)SendStatus.Sent);
        sequences[sender] = mailbox.LastSequence;
        return true;
    }

    private static bool IsDelete(OutboxEntry entry) => EntryReader.Parse(entry.Envelope.ToArray())!.Envelope.Type == EnvelopeType.Delete;
}
