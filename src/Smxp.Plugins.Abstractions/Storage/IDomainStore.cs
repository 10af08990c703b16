namespace Smxp.Plugins.Storage;

/// <summary>The domains served here and their signing keys.</summary>
public interface IDomainStore
{
    /// <summary>All domains by name.</summary>
    Task<IReadOnlyList<DomainRecord>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One domain with its keys, retired ones included; null where it is not served here.</summary>
    Task<DomainRecord?> FindAsync(string domain, CancellationToken cancellationToken);

    /// <summary>Adds a domain with its first keys; false where it exists.</summary>
    Task<bool> AddAsync(DomainRecord domain, CancellationToken cancellationToken);

    /// <summary>Removes a domain with its keys, addresses, routes, delegations and their tokens; false where it does not exist.</summary>
    Task<bool> RemoveAsync(string domain, CancellationToken cancellationToken);

    /// <summary>Adds an active key and retires, at its creation time, the one of the same algorithm that was active; one transaction.</summary>
    Task RotateKeyAsync(string domain, DomainKey key, CancellationToken cancellationToken);
}

/// <summary>A domain served here.</summary>
/// <param name="Name">The name, A-labels.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="Keys">Its keys, newest first. Per algorithm at most one is active.</param>
public sealed record DomainRecord(string Name, long CreatedAt, IReadOnlyList<DomainKey> Keys);

/// <summary>A signing key of a domain served here.</summary>
/// <param name="KeyId">base64url of 16 random bytes.</param>
/// <param name="Algorithm">The signature algorithm's name.</param>
/// <param name="PublicKey">The raw public key.</param>
/// <param name="SecretKey">The secret key in the algorithm's own form. Never logged.</param>
/// <param name="CreatedAt">From when it signs (Unix seconds); may be to come, for the time in which its record is published.</param>
/// <param name="RetiredAt">When another key takes over or took over (Unix seconds); null while none is known that will.</param>
public sealed record DomainKey(string KeyId, string Algorithm, byte[] PublicKey, byte[] SecretKey, long CreatedAt, long? RetiredAt);
