using System.Data.Common;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.State;

internal sealed class BlobRecords(IDatabase database) : IBlobRecords
{
    private const string FindAbandoned =
        "SELECT id, owner, size, sha256, content_type, name, created_at FROM blobs WHERE finalized_at IS NULL AND created_at < @p0 ORDER BY created_at LIMIT @p1";

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
            var abandoned = new List<BlobRecord>();
            await using DbDataReader row = await snapshot.Statements[FindAbandoned].ReadAsync([before, limit], cancel);
            while (await row.ReadAsync(cancel)) abandoned.Add(Record(row));
            return abandoned;
        }, cancellationToken);

    private static BlobRecord Record(DbDataReader row) => new(
        row.GetString(0),
        Address.Parse(row.GetString(1)),
        row.GetInt64(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : StoredText.Decode(row.GetString(4)),
        row.IsDBNull(5) ? null : StoredText.Decode(row.GetString(5)),
        row.GetInt64(6),
        null);

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
