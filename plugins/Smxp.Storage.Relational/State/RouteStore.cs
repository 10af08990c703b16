using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class RouteStore(IDatabase database) : IRouteStore
{
    public Task<IReadOnlyList<RouteRecord>> ListAsync(string domain, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RouteRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<RouteRow> rows = snapshot.Data.GetTable<RouteRow>().Where(row => row.Domain == domain)
                .OrderByDescending(row => row.Priority).ThenBy(row => row.CreatedAt).ThenBy(row => row.Id);
            return [.. (await rows.ToListAsync(cancel)).Select(Record)];
        }, cancellationToken);

    public Task<RouteRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
            await snapshot.Data.GetTable<RouteRow>().FirstOrDefaultAsync(row => row.Id == id, cancel) is { } row ? Record(row) : null, cancellationToken);

    public Task PutAsync(RouteRecord route, CancellationToken cancellationToken)
    {
        var put = new RouteRow
        {
            Id = route.Id,
            Domain = route.Domain,
            Pattern = route.Pattern,
            TargetAddress = route.TargetAddress,
            Priority = route.Priority,
            Enabled = route.Enabled,
            CreatedAt = route.CreatedAt,
        };
        return database.WriteAsync(transaction => transaction.Data.InsertOrReplace(put), cancellationToken);
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.Data.GetTable<RouteRow>().Delete(row => row.Id == id) > 0, cancellationToken);

    private static RouteRecord Record(RouteRow row) => new(row.Id, row.Domain, row.Pattern, row.TargetAddress, row.Priority, row.Enabled, row.CreatedAt);
}
