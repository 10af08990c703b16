using System.Data.Common;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Read marks made here, on one received message or on all of a conversation.</summary>
internal static class ReadMarks
{
    /// <summary>How many ids a log entry names.</summary>
    public const int MostAffected = 1000;

    private const string FindOne = "SELECT entry_id, read_status, conversation_no FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane = 0";
    private const string Lower = "WHERE conversation_no = @p0 AND lane = 0 AND read_status < 2 AND read_status < @p1";
    private const string Newest = "SELECT message_id FROM entries WHERE entry_id = @p0";

    public static MarkResult Apply(MailboxLedger ledger, Mark mark)
    {
        var nothing = new MarkResult(0, null);
        if (ledger.Find(mark.Mailbox) is not { } mailbox) return nothing;
        if (mark.MessageId is not null) return MarkOne(ledger, mailbox, mark, StoredText.Encode(mark.MessageId));
        if (mark.ConversationId is null || mark.ReadStatus == 0) return nothing;
        return ledger.Find(mailbox, StoredText.Encode(mark.ConversationId)) is { } conversation ? MarkAll(ledger, mailbox, conversation, mark) : nothing;
    }

    private static MarkResult MarkOne(MailboxLedger ledger, MailboxState mailbox, Mark mark, string messageId)
    {
        long entryId, conversationNo;
        int status;
        using (DbDataReader row = ledger.Statements[FindOne].Read(mailbox.No, messageId))
        {
            if (!row.Read()) return new MarkResult(0, null);
            (entryId, status, conversationNo) = (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2));
        }

        if (status == mark.ReadStatus || (mark.ReadStatus > 0 && status > mark.ReadStatus)) return new MarkResult(0, null);
        ConversationState conversation = ledger.Find(mailbox, conversationNo);
        conversation.AddUnread((mark.ReadStatus == 0 ? 1 : 0) - (status == 0 ? 1 : 0));
        long sequence = Log(ledger, mailbox, conversation, mark, messageId, [StoredText.Decode(messageId)]);
        ledger.Statements["UPDATE entries SET read_status = @p1, modified_sequence = @p2 WHERE entry_id = @p0"].Execute(entryId, mark.ReadStatus, sequence);
        return new MarkResult(1, sequence);
    }

    private static MarkResult MarkAll(MailboxLedger ledger, MailboxState mailbox, ConversationState conversation, Mark mark)
    {
        var ids = new List<string>();
        using (DbDataReader row = ledger.Statements[$"SELECT message_id FROM entries {Lower} LIMIT {MostAffected}"].Read(conversation.No, mark.ReadStatus))
        {
            while (row.Read()) ids.Add(StoredText.Decode(row.GetString(0)));
        }

        if (ids.Count == 0) return new MarkResult(0, null);
        conversation.AddUnread(-conversation.Unread);
        string newest = ledger.Statements[Newest].Scalar(conversation.LastEntry) as string ?? StoredText.Encode(ids[^1]);
        long sequence = Log(ledger, mailbox, conversation, mark, newest, ids);
        int updated = ledger.Statements[$"UPDATE entries SET read_status = @p1, modified_sequence = @p2 {Lower}"].Execute(conversation.No, mark.ReadStatus, sequence);
        return new MarkResult(updated, sequence);
    }

    private static long Log(MailboxLedger ledger, MailboxState mailbox, ConversationState conversation, Mark mark, string messageId, IReadOnlyList<string> affected)
    {
        long sequence = mailbox.NextSequence();
        EntryWriter.Insert(ledger.Statements, new EntryRow
        {
            EntryId = EntryKey.Of(mailbox.No, sequence),
            MailboxNo = mailbox.No,
            Lane = Lane.ReadStatus,
            ConversationNo = conversation.No,
            MessageId = messageId,
            Timestamp = mark.At,
            ModifiedSequence = sequence,
            ReadStatus = mark.ReadStatus,
            DeliveredTo = "",
            Transport = "local",
            Affected = StoredText.Join(affected),
            CreatedAt = mark.At,
        });
        return sequence;
    }
}
