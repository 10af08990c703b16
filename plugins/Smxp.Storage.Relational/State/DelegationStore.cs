using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.State;

internal sealed class DelegationStore(IDatabase database) : IDelegationStore
{
    public Task AddAsync(DelegationRecord delegation, CancellationToken cancellationToken)
    {
        var row = new DelegationRow
        {
            Id = delegation.Id,
            Owner = delegation.Owner.ToString(),
            Domain = delegation.Owner.Domain,
            Delegate = StoredText.Encode(delegation.Delegate),
            Scope = delegation.Scope,
            CreatedAt = delegation.CreatedAt,
            ExpiresAt = delegation.ExpiresAt,
        };
        return database.WriteAsync(transaction => transaction.Data.Insert(row), cancellationToken);
    }

    public Task<IReadOnlyList<DelegationRecord>> ListByOwnerAsync(Address owner, CancellationToken cancellationToken)
    {
        string key = owner.ToString();
        return ListAsync(rows => rows.Where(row => row.Owner == key), cancellationToken);
    }

    public Task<IReadOnlyList<DelegationRecord>> ListByDelegateAsync(string delegateAddress, CancellationToken cancellationToken)
    {
        string key = StoredText.Encode(delegateAddress);
        return ListAsync(rows => rows.Where(row => row.Delegate == key), cancellationToken);
    }

    public async Task<DelegationRecord?> FindNewestAsync(Address owner, string delegateAddress, CancellationToken cancellationToken)
    {
        string ownerKey = owner.ToString();
        string delegateKey = StoredText.Encode(delegateAddress);
        return (await ListAsync(rows => rows.Where(row => row.Owner == ownerKey && row.Delegate == delegateKey), cancellationToken)) is [var newest, ..] ? newest : null;
    }

    public Task<bool> RemoveAsync(Address owner, string id, CancellationToken cancellationToken)
    {
        string key = owner.ToString();
        return database.WriteAsync(transaction => transaction.Data.GetTable<DelegationRow>().Delete(row => row.Owner == key && row.Id == id) > 0, cancellationToken);
    }

    private Task<IReadOnlyList<DelegationRecord>> ListAsync(Func<IQueryable<DelegationRow>, IQueryable<DelegationRow>> which, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DelegationRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<DelegationRow> rows = which(snapshot.Data.GetTable<DelegationRow>()).OrderByDescending(row => row.Serial);
            return [.. (await rows.ToListAsync(cancel)).Select(Record)];
        }, cancellationToken);

    private static DelegationRecord Record(DelegationRow row) =>
        new(row.Id, Address.Parse(row.Owner), StoredText.Decode(row.Delegate), row.Scope, row.CreatedAt, row.ExpiresAt);
}
