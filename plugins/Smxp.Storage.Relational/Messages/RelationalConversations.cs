using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Messages.Commits;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Merges and splits, each one change of the writer.</summary>
internal sealed class RelationalConversations(IDatabase database) : IConversations
{
    private const int MostMessages = 1000;

    public Task<MoveResult> MergeAsync(Address mailbox, string source, string target, long at, CancellationToken cancellationToken)
    {
        string from = StoredText.Encode(source);
        string into = StoredText.Encode(target);
        return database.WriteAsync(transaction => Moves.Merge(MailboxLedger.Of(transaction), mailbox, from, into, at), cancellationToken);
    }

    public Task<MoveResult> SplitAsync(Address mailbox, IReadOnlyList<string> messageIds, string conversationId, long at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messageIds.Count, MostMessages);
        string into = StoredText.Encode(conversationId);
        string[] ids = [.. messageIds.Distinct(StringComparer.Ordinal).Select(StoredText.Encode)];
        return database.WriteAsync(transaction => Moves.Split(MailboxLedger.Of(transaction), mailbox, ids, into, at), cancellationToken);
    }
}
