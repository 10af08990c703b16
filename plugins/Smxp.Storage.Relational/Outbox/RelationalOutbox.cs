using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>The durable queue of what leaves this server, in the messages' database: entries arrive with the commit that sends them.</summary>
internal sealed class RelationalOutbox(IDatabase database) : IOutbox
{
    public async Task<IReadOnlyList<OutboxEntry>> LeaseAsync(string node, long now, long leaseUntil, int limit, int perDestination, CancellationToken cancellationToken)
    {
        // Whoever asks often and finds nothing must not make the writer commit nothing.
        if (await NextDueAsync(cancellationToken) is not { } due || due > now || limit <= 0 || perDestination <= 0) return [];
        return await database.WriteAsync(transaction => Leases.Take(transaction.Statements, node, now, leaseUntil, limit, perDestination), cancellationToken);
    }

    public Task RenewAsync(string node, IReadOnlyList<string> entryIds, long leaseUntil, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            Statement renew = transaction.Statements["UPDATE outbox SET leased_until = @p2, free_at = CASE WHEN due_at > @p2 THEN due_at ELSE @p2 END WHERE id = @p0 AND leased_by = @p1"];
            return entryIds.Sum(id => renew.Execute(id, node, leaseUntil));
        }, cancellationToken);

    public Task<long?> SettleAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Settlement.Apply(transaction, entry.Id, entry.LeasedBy, outcome), cancellationToken);

    public Task ReleaseAsync(string node, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Statements["UPDATE outbox SET leased_by = NULL, leased_until = NULL, free_at = due_at WHERE leased_by = @p0"].Execute(node),
            cancellationToken);

    public Task<long?> NextDueAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(static (snapshot, cancel) => snapshot.Statements["SELECT min(free_at) FROM outbox WHERE free_at < @p0"].NumberAsync([OutboxEntry.Never], cancel), cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> ListAsync(string? messageId, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync((snapshot, cancel) => OutboxReader.ListAsync(snapshot.Statements, messageId, after, limit, cancel), cancellationToken);

    public Task<int> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(static async (snapshot, cancel) => (int)(await snapshot.Statements["SELECT count(*) FROM outbox"].NumberAsync([], cancel) ?? 0), cancellationToken);
}
