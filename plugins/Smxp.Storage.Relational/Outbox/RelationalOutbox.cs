using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>The durable queue of what leaves this server, in the messages' database: entries arrive with the commit that sends them.</summary>
internal sealed class RelationalOutbox(IDatabase database) : IOutbox
{
    public async Task<IReadOnlyList<OutboxEntry>> LeaseAsync(string node, long now, long leaseUntil, int limit, int perDestination, CancellationToken cancellationToken)
    {
        // Whoever asks often and finds nothing must not make the writer commit nothing.
        bool any = await database.ReadAsync((data, cancel) => data.GetTable<OutboxRow>().AnyAsync(row => row.FreeAt <= now, cancel), cancellationToken);
        if (!any || limit <= 0 || perDestination <= 0) return [];
        return await database.WriteAsync(transaction => Leases.Take(transaction.Data, node, now, leaseUntil, limit, perDestination), cancellationToken);
    }

    public Task RenewAsync(string node, IReadOnlyList<string> entryIds, long leaseUntil, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            Statement renew = transaction.Statements["UPDATE outbox SET leased_until = @p2, free_at = @p2 WHERE id = @p0 AND leased_by = @p1"];
            return entryIds.Sum(id => renew.Execute(id, node, leaseUntil));
        }, cancellationToken);

    public Task<long?> SettleAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Settlement.Apply(transaction, entry, outcome), cancellationToken);

    public Task ReleaseAsync(string node, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Statements["UPDATE outbox SET leased_by = NULL, leased_until = NULL, free_at = due_at WHERE leased_by = @p0"].Execute(node),
            cancellationToken);

    public Task<long?> NextDueAsync(CancellationToken cancellationToken) =>
        database.ReadAsync((data, cancel) => data.GetTable<OutboxRow>().MinAsync(row => (long?)row.FreeAt, cancel), cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> ListAsync(string? messageId, string? after, int limit, CancellationToken cancellationToken)
    {
        string? message = messageId is null ? null : StoredText.Encode(messageId);
        return database.ReadAsync((data, cancel) =>
        {
            IQueryable<OutboxRow> rows = data.GetTable<OutboxRow>();
            if (message is not null) rows = rows.Where(row => row.MessageId == message);
            if (after is not null) rows = rows.Where(row => row.Id.CompareTo(after) > 0);
            return OutboxReader.LoadAsync(data, rows.OrderBy(row => row.Id).Take(limit), cancel);
        }, cancellationToken);
    }

    public Task<int> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync((data, cancel) => data.GetTable<OutboxRow>().CountAsync(cancel), cancellationToken);
}
