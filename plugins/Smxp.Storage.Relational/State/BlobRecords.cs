using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.State;

internal sealed class BlobRecords(IDatabase database) : IBlobRecords
{
    public IBlobTokens Tokens { get; } = new BlobTokens(database);

    public Task AddAsync(BlobRecord blob, IReadOnlyList<BlobToken> tokens, CancellationToken cancellationToken)
    {
        var row = new BlobRow
        {
            Id = blob.Id,
            Owner = blob.Owner.ToString(),
            Size = blob.Size,
            Sha256 = blob.Sha256,
            ContentType = blob.ContentType is null ? null : StoredText.Encode(blob.ContentType),
            Name = blob.Name is null ? null : StoredText.Encode(blob.Name),
            CreatedAt = blob.CreatedAt,
            FinalizedAt = blob.FinalizedAt,
        };
        return database.WriteAsync(transaction =>
        {
            transaction.Data.Insert(row);
            foreach (BlobToken token in tokens) transaction.Data.Insert(BlobTokens.Row(token));
            return true;
        }, cancellationToken);
    }

    public Task<BlobRecord?> FindAsync(string blobId, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
            await snapshot.Data.GetTable<BlobRow>().FirstOrDefaultAsync(row => row.Id == blobId, cancel) is { } row ? Record(row) : null, cancellationToken);

    public Task<IReadOnlyList<BlobRecord>> ListAsync(Address owner, string? olderThan, int limit, CancellationToken cancellationToken)
    {
        string key = owner.ToString();
        return database.ReadAsync<IReadOnlyList<BlobRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<BlobRow> rows = snapshot.Data.GetTable<BlobRow>().Where(row => row.Owner == key);
            if (olderThan is not null)
            {
                BlobRow? mark = await snapshot.Data.GetTable<BlobRow>().FirstOrDefaultAsync(row => row.Id == olderThan && row.Owner == key, cancel);
                if (mark is null) return [];
                rows = rows.Where(row => row.CreatedAt < mark.CreatedAt || (row.CreatedAt == mark.CreatedAt && row.Id.CompareTo(mark.Id) < 0));
            }

            return [.. (await rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(limit).ToListAsync(cancel)).Select(Record)];
        }, cancellationToken);
    }

    public Task<bool> FinalizeAsync(string blobId, long finalizedAt, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Data.GetTable<BlobRow>().Where(row => row.Id == blobId).Set(row => row.FinalizedAt, finalizedAt).Update() > 0,
            cancellationToken);

    public Task<bool> RemoveAsync(string blobId, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            DataConnection data = transaction.Data;
            if (data.GetTable<BlobRow>().Delete(row => row.Id == blobId) == 0) return false;
            data.GetTable<BlobTokenRow>().Delete(row => row.BlobId == blobId);
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<BlobRecord>> ListAbandonedAsync(long before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<BlobRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<BlobRow> rows = snapshot.Data.GetTable<BlobRow>().Where(row => row.FinalizedAt == null && row.CreatedAt < before).OrderBy(row => row.CreatedAt).Take(limit);
            return [.. (await rows.ToListAsync(cancel)).Select(Record)];
        }, cancellationToken);

    private static BlobRecord Record(BlobRow row) => new(
        row.Id,
        Address.Parse(row.Owner),
        row.Size,
        row.Sha256,
        row.ContentType is null ? null : StoredText.Decode(row.ContentType),
        row.Name is null ? null : StoredText.Decode(row.Name),
        row.CreatedAt,
        row.FinalizedAt);
}
