using System.Data.Common;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>The counters of a conversation from its messages, read in the order they came: after a move, and never otherwise.</summary>
internal static class Recount
{
    private const string Messages =
        """
        SELECT e.entry_id, e.lane, e.read_status, v.bytes, e.participants FROM entries e JOIN envelopes v ON v.envelope_no = e.envelope_no
        WHERE e.conversation_no = @p0 AND e.lane IN (0, 1) ORDER BY e.entry_id
        """;

    public static void Apply(MailboxLedger ledger, ConversationState conversation)
    {
        conversation.Clear();
        using DbDataReader row = ledger.Statements[Messages].Read(conversation.No);
        while (row.Read())
        {
            Envelope envelope = EntryReader.Parse(row.GetFieldValue<byte[]>(3))!.Envelope;
            bool unread = row.GetInt32(1) == Lane.MessageIn && row.GetInt32(2) == 0;
            string[] others = StoredText.Split(row.IsDBNull(4) ? null : row.GetString(4));
            conversation.Add(row.GetInt64(0), unread, PreparedDelivery.Normalize(envelope.From), PreparedDelivery.Normalize(envelope.To), others);
        }
    }
}
