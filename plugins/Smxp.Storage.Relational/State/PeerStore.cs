using System.Data.Common;
using LinqToDB;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

internal sealed class PeerStore(IDatabase database) : IPeerStore
{
    private const string FindOne = "SELECT algorithm, public_key, expires_at FROM peer_keys WHERE domain = @p0 AND key_id = @p1";

    public Task<PeerKey?> FindKeyAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        string id = StoredText.Encode(keyId);
        return database.ReadAsync(async (snapshot, cancel) =>
        {
            await using DbDataReader row = await snapshot.Statements[FindOne].ReadAsync([domain, id], cancel);
            return await row.ReadAsync(cancel) ? new PeerKey(domain, keyId, row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2)) : null;
        }, cancellationToken);
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
