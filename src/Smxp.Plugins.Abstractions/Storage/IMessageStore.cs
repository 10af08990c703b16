using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>The mailboxes: for each a log of entries in the order of their <see cref="MailboxEntry.Sequence"/>, which is given at commit, per mailbox, strictly increasing.</summary>
/// <remarks>
/// A driver may also implement <see cref="IOutbox"/> and <see cref="IBridgeState"/>; what a <see cref="Commit"/> carries for them is written in its transaction.
/// Called from many threads at once; drivers gather concurrent commits into one transaction. Expected outcomes are values; an outage is a
/// <see cref="StorageUnavailableException"/>, and then nothing of that commit is stored.
/// </remarks>
public interface IMessageStore
{
    /// <summary>Stores everything in the commit, or nothing; on stable storage when the task completes.</summary>
    Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken);

    /// <summary>The message with this id in a mailbox (the received one where it is there both ways); null where there is none. Edits and deletes are found too.</summary>
    Task<MailboxEntry?> FindAsync(Address mailbox, string id, CancellationToken cancellationToken);

    /// <summary>Entries of a mailbox, in the order and number asked.</summary>
    Task<MailboxPage> QueryAsync(MailboxQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Conversations of a mailbox, the one with the newest message first, beginning with those whose newest message is older than <paramref name="before"/>. A page is
    /// shorter than its limit where the messages it shows are large (some 8 MiB); one conversation is always answered.
    /// </summary>
    Task<ConversationPage> ConversationsAsync(Address mailbox, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Unread received messages by conversation; those without any are left out. The cost grows with how many have some, not with the mailbox.</summary>
    Task<IReadOnlyList<UnreadCount>> UnreadAsync(Address mailbox, CancellationToken cancellationToken);

    /// <summary>Raises the read status of received messages and logs one <c>read_status</c> entry where any changed; answers which did.</summary>
    Task<MarkResult> MarkAsync(Mark mark, CancellationToken cancellationToken);

    /// <summary>A mailbox's counters; all 0 where it is empty. The cost does not grow with the mailbox.</summary>
    Task<MailboxStatus> StatusAsync(Address mailbox, CancellationToken cancellationToken);
}
