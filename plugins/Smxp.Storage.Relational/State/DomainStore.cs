using System.Data.Common;
using LinqToDB;
using LinqToDB.Data;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class DomainStore(IDatabase database) : IDomainStore
{
    private const string FindKeys = "SELECT key_id, algorithm, public_key, secret_key, created_at, retired_at FROM domain_keys WHERE domain = @p0";
    private const string AllKeys = "SELECT key_id, algorithm, public_key, secret_key, created_at, retired_at, domain FROM domain_keys";

    public Task<IReadOnlyList<DomainRecord>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DomainRecord>>(static async (snapshot, cancel) =>
        {
            ILookup<string, DomainKey> keys = await ListKeysAsync(snapshot.Statements, cancel);
            var domains = new List<DomainRecord>();
            await using DbDataReader row = await snapshot.Statements["SELECT name, created_at FROM domains ORDER BY name"].ReadAsync([], cancel);
            while (await row.ReadAsync(cancel)) domains.Add(Record(row.GetString(0), row.GetInt64(1), keys[row.GetString(0)]));
            return domains;
        }, cancellationToken);

    public Task<DomainRecord?> FindAsync(string domain, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
        {
            if (await snapshot.Statements["SELECT created_at FROM domains WHERE name = @p0"].NumberAsync([domain], cancel) is not { } createdAt) return null;
            var keys = new List<DomainKey>();
            await using DbDataReader row = await snapshot.Statements[FindKeys].ReadAsync([domain], cancel);
            while (await row.ReadAsync(cancel)) keys.Add(Key(row));
            return Record(domain, createdAt, keys);
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

    private static async Task<ILookup<string, DomainKey>> ListKeysAsync(Statements statements, CancellationToken cancellationToken)
    {
        var keys = new List<(string Domain, DomainKey Key)>();
        await using DbDataReader row = await statements[AllKeys].ReadAsync([], cancellationToken);
        while (await row.ReadAsync(cancellationToken)) keys.Add((row.GetString(6), Key(row)));
        return keys.ToLookup(static each => each.Domain, static each => each.Key);
    }

    // Keys of one second are told apart by which of them still signs.
    private static DomainRecord Record(string name, long createdAt, IEnumerable<DomainKey> keys) =>
        new(name, createdAt, [.. keys.OrderByDescending(static key => key.CreatedAt).ThenBy(static key => key.RetiredAt is not null)]);

    private static DomainKey Key(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5));

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
