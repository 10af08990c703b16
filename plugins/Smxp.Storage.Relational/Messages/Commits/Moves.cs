using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Merges and splits of conversations. An entry that moves notes the conversation it names, and forgets it where it comes home.</summary>
internal static class Moves
{
    // named_no first: MySQL assigns from left to right, and reads what it has just assigned.
    private const string Move =
        """
        UPDATE entries SET named_no = CASE WHEN COALESCE(named_no, conversation_no) = @p1 THEN NULL ELSE COALESCE(named_no, conversation_no) END,
        conversation_no = @p1, modified_sequence = CASE WHEN lane < 2 THEN @p2 ELSE modified_sequence END
        """;

    private const string Newest = "SELECT message_id FROM entries WHERE conversation_no = @p0 AND lane = @p1 ORDER BY entry_id DESC LIMIT @p2";
    private const string FindCopies = "SELECT entry_id, conversation_no FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane IN (0, 1)";

    public static MoveResult Merge(MailboxLedger ledger, Address address, string sourceId, string targetId, long at)
    {
        if (ledger.Find(address) is not { } mailbox || ledger.Find(mailbox, sourceId) is not { } source || ledger.Find(mailbox, targetId) is not { } target)
            return new MoveResult(MoveOutcome.NotFound);
        if (source == target) return new MoveResult(MoveOutcome.Unchanged);
        int moved = source.Messages;
        List<string> ids = [.. NewestOf(ledger, source, Lane.MessageIn), .. NewestOf(ledger, source, Lane.MessageOut)];
        long sequence = mailbox.NextSequence();
        ledger.Statements[$"{Move} WHERE conversation_no = @p0"].Execute(source.No, target.No, sequence);
        source.MergeInto(target.No);
        Write(ledger, source);
        Recount.Apply(ledger, source);
        Recount.Apply(ledger, target);
        return Log(ledger, mailbox, target, ids, moved, sequence, at);
    }

    public static MoveResult Split(MailboxLedger ledger, Address address, IReadOnlyCollection<string> messageIds, string targetId, long at)
    {
        if (messageIds.Count == 0 || ledger.Find(address) is not { } mailbox) return new MoveResult(MoveOutcome.NotFound);
        var copies = new List<(string Id, long EntryId, long ConversationNo)>();
        foreach (string id in messageIds)
        {
            int before = copies.Count;
            using DbDataReader row = ledger.Statements[FindCopies].Read(mailbox.No, id);
            while (row.Read()) copies.Add((id, row.GetInt64(0), row.GetInt64(1)));
            if (copies.Count == before) return new MoveResult(MoveOutcome.NotFound);
        }

        long? existing = ledger.FindNamed(mailbox, targetId)?.No;
        copies.RemoveAll(copy => copy.ConversationNo == existing);
        if (copies.Count == 0) return new MoveResult(MoveOutcome.Unchanged);
        ConversationState target = ledger.GetOrAddNamed(mailbox, targetId);
        target.StandAlone();
        Write(ledger, target);
        long sequence = mailbox.NextSequence();
        foreach ((string id, long entryId, long conversationNo) in copies)
        {
            ledger.Statements[$"{Move} WHERE entry_id = @p0"].Execute(entryId, target.No, sequence);
            ledger.Statements[$"{Move} WHERE target_id IS NOT NULL AND mailbox_no = @p3 AND target_id = @p4 AND conversation_no = @p0"].Execute(conversationNo, target.No, sequence, mailbox.No, id);
        }

        foreach (long no in copies.Select(static copy => copy.ConversationNo).Distinct())
        {
            ConversationState source = ledger.Find(mailbox, no);
            source.Part();
            Write(ledger, source);
            Recount.Apply(ledger, source);
        }

        Recount.Apply(ledger, target);
        return Log(ledger, mailbox, target, [.. copies.Select(static copy => copy.Id)], copies.Count, sequence, at);
    }

    private static List<string> NewestOf(MailboxLedger ledger, ConversationState conversation, int lane)
    {
        var ids = new List<string>();
        using DbDataReader row = ledger.Statements[Newest].Read(conversation.No, lane, ReadMarks.MostAffected);
        while (row.Read()) ids.Add(row.GetString(0));
        return ids;
    }

    private static void Write(MailboxLedger ledger, ConversationState conversation) =>
        ledger.Statements["UPDATE conversations SET merged_into = @p1, parted = @p2 WHERE conversation_no = @p0"].Execute(conversation.No, conversation.MergedInto, conversation.Parted);

    private static MoveResult Log(MailboxLedger ledger, MailboxState mailbox, ConversationState target, List<string> ids, int moved, long sequence, long at)
    {
        EntryWriter.Insert(ledger.Statements, new EntryRow
        {
            EntryId = EntryKey.Of(mailbox.No, sequence),
            MailboxNo = mailbox.No,
            Lane = Lane.Moved,
            ConversationNo = target.No,
            MessageId = ids.Count > 0 ? ids[0] : "",
            Timestamp = at,
            ModifiedSequence = sequence,
            DeliveredTo = "",
            Transport = "local",
            Affected = StoredText.Join(ids.Distinct(StringComparer.Ordinal).Take(ReadMarks.MostAffected).Select(StoredText.Decode)),
            CreatedAt = at,
        });
        return new MoveResult(MoveOutcome.Moved, moved, sequence);
    }
}
