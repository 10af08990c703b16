namespace Smxp.Plugins.Storage;

/// <summary>What is remembered of other servers.</summary>
public interface IPeerStore
{
    /// <summary>A cached key of another domain; null where none of this id is cached.</summary>
    Task<PeerKey?> FindKeyAsync(string domain, string keyId, CancellationToken cancellationToken);

    /// <summary>Caches a key of another domain.</summary>
    Task PutKeyAsync(PeerKey key, CancellationToken cancellationToken);

    /// <summary>Takes note of a one-time value; false where it was noted before and has not expired. What makes a signed request count once (SMXP §6).</summary>
    Task<bool> TryUseAsync(string nonce, long expiresAt, long now, CancellationToken cancellationToken);
}

/// <summary>A public key of another domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="KeyId">The key's id.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="PublicKey">Its raw bytes.</param>
/// <param name="ExpiresAt">When it must be fetched again, Unix seconds.</param>
public sealed record PeerKey(string Domain, string KeyId, string Algorithm, byte[] PublicKey, long ExpiresAt);
