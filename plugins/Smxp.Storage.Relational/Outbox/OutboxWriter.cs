using Smxp.Plugins.Storage;
using Smxp.Storage.Relational.Messages.Commits;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>Puts entries into the outbox, as part of a commit.</summary>
internal static class OutboxWriter
{
    private const string InsertEntry =
        """
        INSERT INTO outbox (id, message_id, sender, recipient, destination, transport, send_group, envelope_no, owns_envelope, attempts, due_at, free_at,
        leased_by, leased_until, created_at, expires_at, last_error, faults, audience, asks_receipt)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19)
        """;

    public static void Enqueue(Statements statements, OutboxEntry entry, EnvelopeWriter envelopes)
    {
        long envelopeNo = envelopes.StoreOutgoing(entry.Envelope, out bool owned);
        statements[InsertEntry].Execute(
            entry.Id,
            StoredText.Encode(entry.MessageId),
            entry.Sender?.ToString(),
            StoredText.Encode(entry.Recipient.ToString()),
            StoredText.Encode(entry.Destination),
            entry.Transport,
            entry.Group is null ? null : StoredText.Encode(entry.Group),
            envelopeNo,
            owned,
            entry.Attempts,
            entry.DueAt,
            Math.Max(entry.DueAt, entry.LeasedUntil ?? 0),
            entry.LeasedBy,
            entry.LeasedUntil,
            entry.CreatedAt,
            entry.ExpiresAt,
            entry.LastError is null ? null : StoredText.Encode(entry.LastError),
            entry.Faults,
            StoredText.Join(entry.Audience.Select(static address => address.ToString())),
            entry.AsksReceipt);
    }
}
