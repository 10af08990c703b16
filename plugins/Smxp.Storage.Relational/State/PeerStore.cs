using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class PeerStore(IDatabase database) : IPeerStore
{
    private static readonly Func<DataConnection, string, string, CancellationToken, Task<PeerKeyRow?>> FindOne = CompiledQuery.Compile(
        static (DataConnection data, string domain, string keyId, CancellationToken cancel) =>
            data.GetTable<PeerKeyRow>().FirstOrDefaultAsync(row => row.Domain == domain && row.KeyId == keyId, cancel));

    public Task<PeerKey?> FindKeyAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        string id = StoredText.Encode(keyId);
        return database.ReadAsync(async (snapshot, cancel) =>
            await FindOne(snapshot.Data, domain, id, cancel) is { } row
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
        string used = StoredText.Encode(nonce);
        return database.WriteAsync(transaction =>
        {
            // Each use clears away what has expired, so the table holds one window's worth.
            transaction.Statements["DELETE FROM used_nonces WHERE expires_at <= @p0"].Execute(now);
            if (transaction.Statements["SELECT 1 FROM used_nonces WHERE nonce = @p0"].Scalar(used) is not null) return false;
            transaction.Statements["INSERT INTO used_nonces (nonce, expires_at) VALUES (@p0, @p1)"].Execute(used, expiresAt);
            return true;
        }, cancellationToken);
    }
}
