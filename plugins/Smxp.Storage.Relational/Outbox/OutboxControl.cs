using System.Data.Common;
using System.Globalization;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>The operator's hand on the outbox.</summary>
internal sealed class OutboxControl(IDatabase database) : IOutboxControl
{
    // Where leases and due times leave an entry; @p0 is the time.
    private const string IsWorking = "leased_by IS NOT NULL AND leased_until > @p0";
    private const string IsFree = "(leased_by IS NULL OR leased_until <= @p0)";

    private const string Summary =
        $"""
        SELECT COALESCE(SUM(CASE WHEN {IsFree} AND due_at <= @p0 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN {IsFree} AND due_at > @p0 THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN {IsWorking} THEN 1 ELSE 0 END), 0), MIN(created_at) FROM outbox
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
            null => "@p0 >= 0",
            OutboxState.Working => IsWorking,
            OutboxState.Due => $"{IsFree} AND due_at <= @p0",
            _ => $"{IsFree} AND due_at > @p0",
        };
        string destination = filter.Destination is null ? "" : " AND destination = @p3";
        object?[] values = [filter.Now, filter.After ?? "", filter.Limit, .. filter.Destination is { } name ? new object?[] { StoredText.Encode(name) } : []];
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
            await using DbDataReader row = await snapshot.Statements[Summary].ReadAsync([now], cancel);
            await row.ReadAsync(cancel);
            return new OutboxSummary(Number(row, 0), Number(row, 1), Number(row, 2), row.IsDBNull(3) ? null : row.GetInt64(3));
        }, cancellationToken);

    public Task<int> HastenAsync(string? id, string? destination, long now, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            const string Hasten = $"UPDATE outbox SET due_at = @p0, free_at = @p0, leased_by = NULL, leased_until = NULL WHERE {IsFree}";
            Statements statements = transaction.Statements;
            if (id is not null) return statements[$"{Hasten} AND id = @p1"].Execute(now, id);
            return destination is null ? statements[Hasten].Execute(now) : statements[$"{Hasten} AND destination = @p1"].Execute(now, StoredText.Encode(destination));
        }, cancellationToken);

    public Task<DropResult> DropAsync(string id, string reason, long now, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Drop(transaction, id, reason, now), cancellationToken);

    private static DropResult Drop(WriteTransaction transaction, string id, string reason, long now)
    {
        string? sender;
        using (DbDataReader row = transaction.Statements[$"SELECT sender, CASE WHEN {IsWorking} THEN 1 ELSE 0 END FROM outbox WHERE id = @p1"].Read(now, id))
        {
            if (!row.Read()) return new DropResult(DropKind.NotFound);
            if (Number(row, 1) != 0) return new DropResult(DropKind.Working);
            sender = row.IsDBNull(0) ? null : row.GetString(0);
        }

        long? sequence = Settlement.Apply(transaction, id, null, new OutboxOutcome(SendStatus.Failed, null, reason, null, now));
        return new DropResult(DropKind.Dropped, sender is null ? null : Address.Parse(sender), sequence);
    }

    // Sums have types of their own, a different one in each database.
    private static int Number(DbDataReader row, int column) => Convert.ToInt32(row.GetValue(column), CultureInfo.InvariantCulture);
}
