using System.Data.Common;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A message that an edit or delete names.</summary>
internal sealed class RevisedMessage(long entryId, long conversationNo, long? namedNo, string? editedBy, bool deleted, Envelope envelope)
{
    private const string FindNamed =
        """
        SELECT e.entry_id, e.conversation_no, e.edited_by, e.deleted, v.bytes, e.named_no FROM entries e JOIN envelopes v ON v.envelope_no = e.envelope_no
        WHERE e.mailbox_no = @p0 AND e.message_id = @p1 AND e.lane < 6 AND e.lane IN (0, 1)
        """;

    public long EntryId => entryId;

    /// <summary>Whether something that names this conversation may mean it: the one it lies in, and the one its author put it in.</summary>
    public bool IsOf(long? conversation) => conversation == conversationNo || (namedNo is not null && conversation == namedNo);

    public string? EditedBy { get; set; } = editedBy;

    public bool Deleted { get; set; } = deleted;

    public Envelope Envelope => envelope;

    public string Author { get; } = PreparedDelivery.Normalize(envelope.From);

    /// <summary>The received and the sent one of this id in a mailbox.</summary>
    public static List<RevisedMessage> Find(Statements statements, long mailboxNo, string messageId)
    {
        var found = new List<RevisedMessage>();
        using DbDataReader row = statements[FindNamed].Read(mailboxNo, messageId);
        while (row.Read())
        {
            Envelope envelope = EntryReader.Parse(row.GetFieldValue<byte[]>(4))!.Envelope;
            found.Add(new RevisedMessage(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(5) ? null : row.GetInt64(5), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3) != 0, envelope));
        }

        return found;
    }
}
