using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class BlobTokens(IDatabase database) : IBlobTokens
{
    public Task AddAsync(IReadOnlyList<BlobToken> tokens, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => tokens.Sum(token => transaction.Data.Insert(Row(token))), cancellationToken);

    public Task<BlobToken?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
            await snapshot.Data.GetTable<BlobTokenRow>().FirstOrDefaultAsync(row => row.Hash == hash, cancel) is { } row ? Token(row) : null, cancellationToken);

    public Task<IReadOnlyList<BlobToken>> ListAsync(string blobId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<BlobToken>>(async (snapshot, cancel) =>
        {
            IQueryable<BlobTokenRow> rows = snapshot.Data.GetTable<BlobTokenRow>().Where(row => row.BlobId == blobId)
                .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
            return [.. (await rows.ToListAsync(cancel)).Select(Token)];
        }, cancellationToken);

    public Task<bool> RemoveAsync(string blobId, string tokenId, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.Data.GetTable<BlobTokenRow>().Delete(row => row.BlobId == blobId && row.Id == tokenId) > 0, cancellationToken);

    internal static BlobTokenRow Row(BlobToken token) => new()
    {
        Id = token.Id,
        BlobId = token.BlobId,
        Hash = token.Hash,
        Recipient = token.Recipient is null ? null : StoredText.Encode(token.Recipient),
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
    };

    private static BlobToken Token(BlobTokenRow row) =>
        new(row.Id, row.BlobId, row.Hash, row.Recipient is null ? null : StoredText.Decode(row.Recipient), row.CreatedAt, row.ExpiresAt);
}
