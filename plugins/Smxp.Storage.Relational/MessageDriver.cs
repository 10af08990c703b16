using Smxp.Plugins;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Bridge;
using Smxp.Storage.Relational.Messages;
using Smxp.Storage.Relational.Outbox;

namespace Smxp.Storage.Relational;

/// <summary>The driver behind <c>Storage:Messages</c>: mailboxes, outbox and bridge records, in one database because they commit together.</summary>
internal sealed class MessageDriver(IDatabase database) : IMessageStore, IOutbox, IOutboxControl, IBridgeState, IConversations, IDriver, IAsyncDisposable
{
    private readonly RelationalMessageStore _messages = new(database);
    private readonly RelationalOutbox _outbox = new(database);
    private readonly OutboxControl _control = new(database);
    private readonly RelationalBridgeState _bridge = new(database);
    private readonly RelationalConversations _conversations = new(database);

    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) => _messages.CommitAsync(commit, cancellationToken);

    public Task<MailboxEntry?> FindAsync(Address mailbox, string id, CancellationToken cancellationToken) => _messages.FindAsync(mailbox, id, cancellationToken);

    public Task<MailboxPage> QueryAsync(MailboxQuery query, CancellationToken cancellationToken) => _messages.QueryAsync(query, cancellationToken);

    public Task<ConversationPage> ConversationsAsync(Address mailbox, long? before, int limit, CancellationToken cancellationToken) =>
        _messages.ConversationsAsync(mailbox, before, limit, cancellationToken);

    public Task<IReadOnlyList<UnreadCount>> UnreadAsync(Address mailbox, CancellationToken cancellationToken) => _messages.UnreadAsync(mailbox, cancellationToken);

    public Task<MarkResult> MarkAsync(Mark mark, CancellationToken cancellationToken) => _messages.MarkAsync(mark, cancellationToken);

    public Task<MailboxStatus> StatusAsync(Address mailbox, CancellationToken cancellationToken) => _messages.StatusAsync(mailbox, cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> LeaseAsync(string node, long now, long leaseUntil, int limit, int perDestination, CancellationToken cancellationToken) =>
        _outbox.LeaseAsync(node, now, leaseUntil, limit, perDestination, cancellationToken);

    public Task RenewAsync(string node, IReadOnlyList<string> entryIds, long leaseUntil, CancellationToken cancellationToken) =>
        _outbox.RenewAsync(node, entryIds, leaseUntil, cancellationToken);

    public Task<long?> SettleAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken) => _outbox.SettleAsync(entry, outcome, cancellationToken);

    public Task ReleaseAsync(string node, CancellationToken cancellationToken) => _outbox.ReleaseAsync(node, cancellationToken);

    public Task<long?> NextDueAsync(CancellationToken cancellationToken) => _outbox.NextDueAsync(cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> ListAsync(string? messageId, string? after, int limit, CancellationToken cancellationToken) =>
        _outbox.ListAsync(messageId, after, limit, cancellationToken);

    public Task<int> CountAsync(CancellationToken cancellationToken) => _outbox.CountAsync(cancellationToken);

    public Task<OutboxEntry?> FindAsync(string id, CancellationToken cancellationToken) => _control.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxFilter filter, CancellationToken cancellationToken) => _control.ListAsync(filter, cancellationToken);

    public Task<IReadOnlyList<OutboxDestination>> DestinationsAsync(int limit, CancellationToken cancellationToken) => _control.DestinationsAsync(limit, cancellationToken);

    public Task<OutboxSummary> SummaryAsync(long now, CancellationToken cancellationToken) => _control.SummaryAsync(now, cancellationToken);

    public Task<int> HastenAsync(string? id, string? destination, long now, CancellationToken cancellationToken) => _control.HastenAsync(id, destination, now, cancellationToken);

    public Task<TakeResult> TakeAsync(string id, string node, long now, long leaseUntil, CancellationToken cancellationToken) => _control.TakeAsync(id, node, now, leaseUntil, cancellationToken);

    public Task<byte[]?> GetAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken) => _bridge.GetAsync(bridge, mailbox, key, cancellationToken);

    public Task<IReadOnlyList<BridgeRecord>> ListAsync(string bridge, Address? mailbox, string prefix, string? after, int limit, CancellationToken cancellationToken) =>
        _bridge.ListAsync(bridge, mailbox, prefix, after, limit, cancellationToken);

    public Task<bool> PutAsync(IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken) => _bridge.PutAsync(records, cancellationToken);

    public Task<bool> RemoveAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken) => _bridge.RemoveAsync(bridge, mailbox, key, cancellationToken);

    public Task<MoveResult> MergeAsync(Address mailbox, string source, string target, long at, CancellationToken cancellationToken) =>
        _conversations.MergeAsync(mailbox, source, target, at, cancellationToken);

    public Task<MoveResult> SplitAsync(Address mailbox, IReadOnlyList<string> messageIds, string conversationId, long at, CancellationToken cancellationToken) =>
        _conversations.SplitAsync(mailbox, messageIds, conversationId, at, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => database.StartAsync(cancellationToken);

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => database.CheckAsync(cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
