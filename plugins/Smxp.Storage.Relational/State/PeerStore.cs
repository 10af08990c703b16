using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class PeerStore(IDatabase database) : IPeerStore
{
    public Task<PeerKey?> FindKeyAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        string id = StoredText.Encode(keyId);
        return database.ReadAsync(async (data, cancel) =>
            await data.GetTable<PeerKeyRow>().FirstOrDefaultAsync(row => row.Domain == domain && row.KeyId == id, cancel) is { } row
                ? new PeerKey(row.Domain, keyId, row.Algorithm, row.PublicKey, row.ExpiresAt)
                : null, cancellationToken);
    }

    public Task PutKeyAsync(PeerKey key, CancellationToken cancellationToken)
    {
        var put = new PeerKeyRow { Domain = key.Domain, KeyId = StoredText.Encode(key.KeyId), Algorithm = key.Algorithm, PublicKey = key.PublicKey, ExpiresAt = key.ExpiresAt };
        return database.WriteAsync(transaction => transaction.Data.InsertOrReplace(put), cancellationToken);
    }

    public Task<bool> TryUseAsync(string nonce, long expiresAt, long now, CancellationToken cancellationToken)
    {
        var used = new UsedNonceRow { Nonce = StoredText.Encode(nonce), ExpiresAt = expiresAt };
        return database.WriteAsync(transaction =>
        {
            // Each use clears away what has expired, so the table holds one window's worth.
            transaction.Data.GetTable<UsedNonceRow>().Delete(row => row.ExpiresAt <= now);
            if (transaction.Data.GetTable<UsedNonceRow>().Any(row => row.Nonce == used.Nonce)) return false;
            transaction.Data.Insert(used);
            return true;
        }, cancellationToken);
    }
}
