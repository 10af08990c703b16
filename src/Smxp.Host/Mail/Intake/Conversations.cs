using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Intake;

/// <summary>Merges and splits that reach the streams; what everybody but the store itself asks.</summary>
internal sealed class Conversations(IConversations store, IEventBus events) : IConversations
{
    public async Task<MoveResult> MergeAsync(Address mailbox, string source, string target, long at, CancellationToken cancellationToken) =>
        Publish(mailbox, await store.MergeAsync(mailbox, source, target, at, cancellationToken));

    public async Task<MoveResult> SplitAsync(Address mailbox, IReadOnlyList<string> messageIds, string conversationId, long at, CancellationToken cancellationToken) =>
        Publish(mailbox, await store.SplitAsync(mailbox, messageIds, conversationId, at, cancellationToken));

    private MoveResult Publish(Address mailbox, MoveResult result)
    {
        if (result.Sequence is { } sequence) events.Publish(mailbox, sequence);
        return result;
    }
}
