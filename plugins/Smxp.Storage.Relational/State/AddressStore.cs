using System.Data.Common;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.State;

internal sealed class AddressStore(IDatabase database) : IAddressStore
{
    public Task<IReadOnlyList<AddressRecord>> ListAsync(string? domain, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AddressRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<AddressRow> rows = snapshot.Data.GetTable<AddressRow>();
            if (domain is not null) rows = rows.Where(row => row.Domain == domain);
            return [.. (await rows.OrderBy(row => row.Address).ToListAsync(cancel)).Select(Record)];
        }, cancellationToken);

    public Task<AddressRecord?> FindAsync(Address address, CancellationToken cancellationToken)
    {
        string key = address.ToString();
        return database.ReadAsync(async (snapshot, cancel) =>
        {
            await using DbDataReader row = await snapshot.Statements["SELECT password_hash, created_at FROM addresses WHERE address = @p0"].ReadAsync([key], cancel);
            return await row.ReadAsync(cancel) ? new AddressRecord(Address.Parse(key), row.IsDBNull(0) ? null : row.GetString(0), row.GetInt64(1)) : null;
        }, cancellationToken);
    }

    public Task<bool> AddAsync(AddressRecord address, CancellationToken cancellationToken)
    {
        var added = new AddressRow { Address = address.Address.ToString(), Domain = address.Address.Domain, PasswordHash = address.PasswordHash, CreatedAt = address.CreatedAt };
        return database.WriteAsync(transaction =>
        {
            if (transaction.Data.GetTable<AddressRow>().Any(row => row.Address == added.Address)) return false;
            transaction.Data.Insert(added);
            return true;
        }, cancellationToken);
    }

    public Task<bool> RemoveAsync(Address address, CancellationToken cancellationToken)
    {
        string key = address.ToString();
        return database.WriteAsync(transaction =>
        {
            DataConnection data = transaction.Data;
            if (data.GetTable<AddressRow>().Delete(row => row.Address == key) == 0) return false;
            data.GetTable<TokenRow>().Delete(row => row.Owner == key);
            data.GetTable<DelegationRow>().Delete(row => row.Owner == key);
            return true;
        }, cancellationToken);
    }

    public Task<bool> SetPasswordAsync(Address address, string? passwordHash, CancellationToken cancellationToken)
    {
        string key = address.ToString();
        return database.WriteAsync(
            transaction => transaction.Data.GetTable<AddressRow>().Where(row => row.Address == key).Set(row => row.PasswordHash, passwordHash).Update() > 0,
            cancellationToken);
    }

    private static AddressRecord Record(AddressRow row) => new(Address.Parse(row.Address), row.PasswordHash, row.CreatedAt);
}
