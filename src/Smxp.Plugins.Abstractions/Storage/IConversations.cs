using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>
/// Puts right which conversation the messages of a mailbox lie in; implemented by whatever implements <see cref="IMessageStore"/>. Envelopes stay as they are: only where an entry is shown changes
/// (<see cref="MailboxEntry.ConversationId"/>), and what comes later follows. A message that names a merged conversation lands in the one it was merged into; one that answers, edits or deletes a message
/// that was moved, and names the conversation that message names, lands where that message lies now. Receipts mark what names their conversation, wherever it lies.
/// </summary>
/// <remarks>
/// Each call is one durable transaction, all or nothing; counters, participants and the newest message of both conversations are exact afterwards. Where anything moved, one <c>conversation</c> entry is
/// logged. Its cost grows with the conversations touched. Called from several threads. An outage is a <see cref="StorageUnavailableException"/>.
/// </remarks>
public interface IConversations
{
    /// <summary>Moves everything of one conversation into another; the first one's id leads to the second from now on, everywhere a conversation is named.</summary>
    Task<MoveResult> MergeAsync(Address mailbox, string source, string target, long at, CancellationToken cancellationToken);

    /// <summary>
    /// Moves messages (at most 1,000, with their edits and deletes, sent and received copies alike) into a conversation, which is made where there is none. One that had been merged stands by itself again,
    /// so that a merge is undone by splitting off what came from it.
    /// </summary>
    Task<MoveResult> SplitAsync(Address mailbox, IReadOnlyList<string> messageIds, string conversationId, long at, CancellationToken cancellationToken);
}

/// <summary>What a merge or split did.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Moved">How many messages moved.</param>
/// <param name="Sequence">The entry logged, to publish; null where nothing changed.</param>
public sealed record MoveResult(MoveOutcome Outcome, int Moved = 0, long? Sequence = null);

/// <summary>The outcome of a merge or split.</summary>
public enum MoveOutcome
{
    /// <summary>Moved.</summary>
    Moved,

    /// <summary>Everything lies there already.</summary>
    Unchanged,

    /// <summary>The mailbox has no such conversation, or lacks one of the messages. Nothing moved.</summary>
    NotFound,
}
