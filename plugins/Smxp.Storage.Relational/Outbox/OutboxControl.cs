using System.Data.Common;
using System.Globalization;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>The operator's hand on the outbox.</summary>
internal sealed class OutboxControl(IDatabase database) : IOutboxControl
{
    // Where leases and due times leave an entry; @p0 is the time, and the last parameter when a parked one is due.
    private const string IsWorking = "leased_by IS NOT NULL AND leased_until > @p0";
    private const string IsFree = "(leased_by IS NULL OR leased_until <= @p0)";

    private const string Summary =
        $"""
        SELECT COALESCE(SUM(CASE WHEN {IsFree} AND due_at <= @p0 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN {IsFree} AND due_at > @p0 AND due_at < @p1 THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN {IsWorking} THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN {IsFree} AND due_at = @p1 THEN 1 ELSE 0 END), 0), MIN(created_at) FROM outbox
        """;

    private const string Destinations =
        "SELECT destination, count(*), min(created_at), min(due_at) FROM outbox GROUP BY destination ORDER BY count(*) DESC, destination LIMIT @p0";

    public Task<OutboxEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) => (await OutboxReader.DescribeAsync(snapshot.Statements, "o.id = @p0", [id], cancel)).SingleOrDefault(), cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Limit <= 0) return Task.FromResult<IReadOnlyList<OutboxEntry>>([]);
        // Every text has all the parameters, used or not: so a statement is known by its text.
        string state = filter.State switch
        {
            null => "@p0 >= 0 AND @p3 >= 0",
            OutboxState.Working => $"{IsWorking} AND @p3 >= 0",
            OutboxState.Due => $"{IsFree} AND due_at <= @p0 AND @p3 >= 0",
            OutboxState.Later => $"{IsFree} AND due_at > @p0 AND due_at < @p3",
            _ => $"{IsFree} AND due_at = @p3",
        };
        string destination = filter.Destination is null ? "" : " AND destination = @p4";
        object?[] values = [filter.Now, filter.After ?? "", filter.Limit, OutboxEntry.Never, .. filter.Destination is { } name ? new object?[] { StoredText.Encode(name) } : []];
        return database.ReadAsync((snapshot, cancel) => OutboxReader.DescribeAsync(snapshot.Statements, $"{state} AND o.id > @p1{destination} ORDER BY o.id LIMIT @p2", values, cancel), cancellationToken);
    }

    public Task<IReadOnlyList<OutboxDestination>> DestinationsAsync(int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<OutboxDestination>>(async (snapshot, cancel) =>
        {
            var destinations = new List<OutboxDestination>();
            await using DbDataReader row = await snapshot.Statements[Destinations].ReadAsync([limit], cancel);
            while (await row.ReadAsync(cancel)) destinations.Add(new(StoredText.Decode(row.GetString(0)), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)));
            return destinations;
        }, cancellationToken);

    public Task<OutboxSummary> SummaryAsync(long now, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
        {
            await using DbDataReader row = await snapshot.Statements[Summary].ReadAsync([now, OutboxEntry.Never], cancel);
            await row.ReadAsync(cancel);
            return new OutboxSummary(Number(row, 0), Number(row, 1), Number(row, 2), Number(row, 3), row.IsDBNull(4) ? null : row.GetInt64(4));
        }, cancellationToken);

    public Task<int> HastenAsync(string? id, string? destination, long now, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            const string Hasten = $"UPDATE outbox SET due_at = @p0, free_at = @p0, leased_by = NULL, leased_until = NULL WHERE {IsFree}";
            Statements statements = transaction.Statements;
            if (id is not null) return statements[$"{Hasten} AND id = @p1"].Execute(now, id);
            return destination is null ? statements[Hasten].Execute(now) : statements[$"{Hasten} AND destination = @p1"].Execute(now, StoredText.Encode(destination));
        }, cancellationToken);

    public Task<TakeResult> TakeAsync(string id, string node, long now, long leaseUntil, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Leases.Take(transaction.Statements, id, node, now, leaseUntil), cancellationToken);

    // Sums have types of their own, a different one in each database.
    private static int Number(DbDataReader row, int column) => Convert.ToInt32(row.GetValue(column), CultureInfo.InvariantCulture);
}
