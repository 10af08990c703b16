using System.Data.Common;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Where a delivery lies in its mailbox: in the conversation its envelope names, unless that was merged into another, or what it answers was moved.</summary>
internal readonly record struct Place(ConversationState Conversation, ConversationState Named)
{
    private const string FindAnswered = "SELECT conversation_no FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND named_no = @p2 ORDER BY lane LIMIT 1";

    /// <summary>The conversation named, where it is another one; null otherwise.</summary>
    public long? NamedNo => Named.No == Conversation.No ? null : Named.No;

    public static Place Of(MailboxLedger ledger, MailboxState mailbox, PreparedDelivery delivery)
    {
        ConversationState named = ledger.GetOrAddNamed(mailbox, delivery.ConversationId);
        if (!named.Parted) return new Place(named, named);
        return new Place(Answered(ledger, mailbox, named, delivery.InReplyTo) ?? ledger.Follow(mailbox, named), named);
    }

    private static ConversationState? Answered(MailboxLedger ledger, MailboxState mailbox, ConversationState named, string? inReplyTo)
    {
        if (inReplyTo is null) return null;
        long conversationNo;
        using (DbDataReader row = ledger.Statements[FindAnswered].Read(mailbox.No, inReplyTo, named.No))
        {
            if (!row.Read()) return null;
            conversationNo = row.GetInt64(0);
        }

        return ledger.Find(mailbox, conversationNo);
    }
}
