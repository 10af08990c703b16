using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Loads entries by their keys, with the envelopes they show.</summary>
internal static class EntryReader
{
    private const string Load =
        """
        SELECT e.entry_id, e.modified_sequence, e.lane, e.message_id, s.bytes, n.bytes, c.conversation_id, e.delivered_to, e.verified, e.on_behalf_of, e.transport,
        e.read_status, e.status, e.error, e.edited_by, e.deleted, e.affected, e.created_at, e.authentication, e.participants
        FROM entries e JOIN conversations c ON c.conversation_no = e.conversation_no
        LEFT JOIN envelopes s ON s.envelope_no = e.envelope_no LEFT JOIN envelopes n ON n.envelope_no = e.current_no
        WHERE e.entry_id = @p0
        """;

    /// <summary>The entries with these keys, in their order, as far as they fit the number of bytes; the first one always.</summary>
    /// <remarks>One by one: a prepared look-up costs no more than its share of a list would, and what does not fit is not read.</remarks>
    public static async Task<List<MailboxEntry>> LoadAsync(
        Statements statements, Address mailbox, IReadOnlyList<long> keys, long maxBytes, CancellationToken cancellationToken)
    {
        var entries = new List<MailboxEntry>(keys.Count);
        Statement load = statements[Load];
        foreach (long key in keys)
        {
            await using DbDataReader row = await load.ReadAsync([key], cancellationToken);
            if (!await row.ReadAsync(cancellationToken)) throw new InvalidOperationException("An index names an entry that does not exist.");
            byte[]? sent = row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4);
            byte[]? current = row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5);
            maxBytes -= (sent?.Length ?? 0) + (current?.Length ?? 0);
            if (maxBytes < 0 && entries.Count > 0) break;
            entries.Add(Entry(row, mailbox, sent, current));
        }

        return entries;
    }

    private static MailboxEntry Entry(DbDataReader row, Address mailbox, byte[]? sent, byte[]? current)
    {
        int lane = row.GetInt32(2);
        return new MailboxEntry
        {
            Sequence = EntryKey.Sequence(row.GetInt64(0)),
            ModifiedSequence = row.GetInt64(1),
            Kind = Lane.KindOf(lane),
            Id = StoredText.Decode(row.GetString(3)),
            Mailbox = mailbox,
            Direction = Lane.DirectionOf(lane),
            Envelope = Parse(sent),
            Current = Parse(current),
            ConversationId = StoredText.Decode(row.GetString(6)),
            DeliveredTo = StoredText.Decode(row.GetString(7)),
            Verified = row.GetBoolean(8),
            OnBehalfOf = Text(row, 9),
            Transport = row.GetString(10),
            ReadStatus = row.GetInt32(11),
            Status = row.IsDBNull(12) ? null : (SendStatus)row.GetInt32(12),
            Error = Text(row, 13),
            EditedBy = Text(row, 14),
            Deleted = row.GetBoolean(15),
            Affected = StoredText.Split(row.IsDBNull(16) ? null : row.GetString(16)),
            CreatedAt = row.GetInt64(17),
            Authentication = row.IsDBNull(18) || !AuthenticationSummary.TryParse(row.GetString(18), out var authentication) ? null : authentication,
            Participants = StoredText.Split(row.IsDBNull(19) ? null : row.GetString(19)),
        };
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : StoredText.Decode(row.GetString(column));

    /// <summary>The envelope of stored bytes. They were an envelope when they were stored, so anything else is damage.</summary>
    public static SignedEnvelope? Parse(byte[]? stored)
    {
        if (stored is null) return null;
        return SignedEnvelope.TryParse(stored, out SignedEnvelope? envelope, out string? error)
            ? envelope
            : throw new StorageUnavailableException($"A stored envelope is damaged: {error}");
    }
}
