using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class DomainStore(IDatabase database) : IDomainStore
{
    private static readonly Func<DataConnection, string, CancellationToken, Task<DomainRow?>> FindOne = CompiledQuery.Compile(
        static (DataConnection data, string domain, CancellationToken cancel) => data.GetTable<DomainRow>().FirstOrDefaultAsync(row => row.Name == domain, cancel));

    private static readonly Func<DataConnection, string, CancellationToken, Task<List<DomainKeyRow>>> FindKeys = CompiledQuery.Compile(
        static (DataConnection data, string domain, CancellationToken cancel) => data.GetTable<DomainKeyRow>().Where(key => key.Domain == domain).ToListAsync(cancel));

    public Task<IReadOnlyList<DomainRecord>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DomainRecord>>(static async (snapshot, cancel) =>
        {
            List<DomainRow> domains = await snapshot.Data.GetTable<DomainRow>().OrderBy(row => row.Name).ToListAsync(cancel);
            ILookup<string, DomainKeyRow> keys = (await snapshot.Data.GetTable<DomainKeyRow>().ToListAsync(cancel)).ToLookup(static row => row.Domain);
            return [.. domains.Select(row => Record(row, keys[row.Name]))];
        }, cancellationToken);

    public Task<DomainRecord?> FindAsync(string domain, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
        {
            DomainRow? row = await FindOne(snapshot.Data, domain, cancel);
            return row is null ? null : Record(row, await FindKeys(snapshot.Data, domain, cancel));
        }, cancellationToken);

    public Task<bool> AddAsync(DomainRecord domain, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            DataConnection data = transaction.Data;
            if (data.GetTable<DomainRow>().Any(row => row.Name == domain.Name)) return false;
            data.Insert(new DomainRow { Name = domain.Name, CreatedAt = domain.CreatedAt });
            foreach (DomainKey key in domain.Keys) data.Insert(Row(domain.Name, key));
            return true;
        }, cancellationToken);

    public Task<bool> RemoveAsync(string domain, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            DataConnection data = transaction.Data;
            if (data.GetTable<DomainRow>().Delete(row => row.Name == domain) == 0) return false;
            data.GetTable<DomainKeyRow>().Delete(row => row.Domain == domain);
            data.GetTable<AddressRow>().Delete(row => row.Domain == domain);
            data.GetTable<RouteRow>().Delete(row => row.Domain == domain);
            data.GetTable<DelegationRow>().Delete(row => row.Domain == domain);
            data.GetTable<TokenRow>().Delete(row => row.Domain == domain);
            return true;
        }, cancellationToken);

    public Task RotateKeyAsync(string domain, DomainKey key, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            transaction.Data.GetTable<DomainKeyRow>()
                .Where(row => row.Domain == domain && row.Algorithm == key.Algorithm && row.RetiredAt == null)
                .Set(row => row.RetiredAt, key.CreatedAt)
                .Update();
            return transaction.Data.Insert(Row(domain, key));
        }, cancellationToken);

    // Keys of one second are told apart by which of them still signs.
    private static DomainRecord Record(DomainRow row, IEnumerable<DomainKeyRow> keys) =>
        new(row.Name, row.CreatedAt, [.. keys.OrderByDescending(static key => key.CreatedAt).ThenBy(static key => key.RetiredAt is not null).Select(Key)]);

    private static DomainKey Key(DomainKeyRow row) => new(row.KeyId, row.Algorithm, row.PublicKey, row.SecretKey, row.CreatedAt, row.RetiredAt);

    private static DomainKeyRow Row(string domain, DomainKey key) => new()
    {
        Domain = domain,
        KeyId = key.KeyId,
        Algorithm = key.Algorithm,
        PublicKey = key.PublicKey,
        SecretKey = key.SecretKey,
        CreatedAt = key.CreatedAt,
        RetiredAt = key.RetiredAt,
    };
}
