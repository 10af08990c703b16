using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Why a commit must not be stored. Only looks; nobody else writes meanwhile.</summary>
internal static class Refusals
{
    public static CommitOutcome? Find(MailboxLedger ledger, IReadOnlyList<PreparedDelivery> deliveries)
    {
        for (int i = 0; i < deliveries.Count; i++)
        {
            PreparedDelivery delivery = deliveries[i];
            // SMXP §2: a receipt never counts as a duplicate.
            if (delivery.Lane >= Lane.FirstReceipt) continue;
            for (int earlier = 0; earlier < i; earlier++)
                if (IsSame(deliveries[earlier], delivery)) return CommitOutcome.Duplicate;
            if (ledger.Find(delivery.Delivery.Mailbox) is not { } mailbox) continue;
            if (IsStored(ledger.Statements, mailbox, delivery)) return CommitOutcome.Duplicate;
            if (delivery.TargetId is not null && NamesAnothersMessage(ledger, mailbox, delivery)) return CommitOutcome.NotAuthor;
        }

        return null;
    }

    private static bool IsSame(PreparedDelivery one, PreparedDelivery other) =>
        one.MessageId == other.MessageId && one.Delivery.Direction == other.Delivery.Direction && one.Delivery.Mailbox == other.Delivery.Mailbox;

    private static bool IsStored(Statements statements, MailboxState mailbox, PreparedDelivery delivery) =>
        delivery.Delivery.Direction == Direction.In
            ? statements["SELECT 1 FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane IN (0, 2, 4)"].Scalar(mailbox.No, delivery.MessageId) is not null
            : statements["SELECT 1 FROM entries WHERE mailbox_no = @p0 AND message_id = @p1 AND lane < 6 AND lane IN (1, 3, 5)"].Scalar(mailbox.No, delivery.MessageId) is not null;

    // SMXP §6: an edit or delete comes from the author of the message it names in that conversation.
    private static bool NamesAnothersMessage(MailboxLedger ledger, MailboxState mailbox, PreparedDelivery delivery)
    {
        List<RevisedMessage> targets = RevisedMessage.Find(ledger.Statements, mailbox.No, delivery.TargetId!);
        if (targets.Count == 0) return false;
        long? conversation = ledger.FindNamed(mailbox, delivery.ConversationId)?.No;
        return targets.Any(target => !target.IsOf(conversation) || target.Author != delivery.Author);
    }
}
