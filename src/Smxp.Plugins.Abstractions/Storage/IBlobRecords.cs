using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>What is known of each blob; its bytes are in the <see cref="IBlobStore"/>.</summary>
public interface IBlobRecords
{
    /// <summary>The capability tokens.</summary>
    IBlobTokens Tokens { get; }

    /// <summary>Adds a record (its upload not finalised), together with any tokens given.</summary>
    Task AddAsync(BlobRecord blob, IReadOnlyList<BlobToken> tokens, CancellationToken cancellationToken);

    /// <summary>One record, or null.</summary>
    Task<BlobRecord?> FindAsync(string blobId, CancellationToken cancellationToken);

    /// <summary>The owner's blobs, newest first, older than the one named (null to begin with the newest).</summary>
    Task<IReadOnlyList<BlobRecord>> ListAsync(Address owner, string? olderThan, int limit, CancellationToken cancellationToken);

    /// <summary>Marks the upload complete; false where there is no such record.</summary>
    Task<bool> FinalizeAsync(string blobId, long finalizedAt, CancellationToken cancellationToken);

    /// <summary>Removes a record with its tokens; false where there is none.</summary>
    Task<bool> RemoveAsync(string blobId, CancellationToken cancellationToken);

    /// <summary>Uploads begun before this time (Unix seconds) and never finalised, for clearing away.</summary>
    Task<IReadOnlyList<BlobRecord>> ListAbandonedAsync(long before, int limit, CancellationToken cancellationToken);
}

/// <summary>Capability tokens: who holds one may fetch the blob (SMXP §10). Only hashes are stored.</summary>
public interface IBlobTokens
{
    /// <summary>Adds tokens, all or none.</summary>
    Task AddAsync(IReadOnlyList<BlobToken> tokens, CancellationToken cancellationToken);

    /// <summary>The token with this hash, expired or not; null where there is none.</summary>
    Task<BlobToken?> FindAsync(byte[] hash, CancellationToken cancellationToken);

    /// <summary>The tokens of a blob, newest first.</summary>
    Task<IReadOnlyList<BlobToken>> ListAsync(string blobId, CancellationToken cancellationToken);

    /// <summary>Removes one; false where the blob has none of this id.</summary>
    Task<bool> RemoveAsync(string blobId, string tokenId, CancellationToken cancellationToken);
}

/// <summary>A blob.</summary>
/// <param name="Id"><c>blob_…</c>.</param>
/// <param name="Owner">Who uploaded it.</param>
/// <param name="Size">Bytes announced, and stored once finalised.</param>
/// <param name="Sha256">SHA-256 announced, 64 lower-case hex digits.</param>
/// <param name="ContentType">Its media type, as its owner says.</param>
/// <param name="Name">Its name, as its owner says.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="FinalizedAt">When the upload was complete and its hash right (Unix seconds); null before.</param>
public sealed record BlobRecord(string Id, Address Owner, long Size, string Sha256, string? ContentType, string? Name, long CreatedAt, long? FinalizedAt);

/// <summary>A capability token.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="BlobId">The blob it opens.</param>
/// <param name="Hash">SHA-256 of the token's text.</param>
/// <param name="Recipient">Whom it was made for, as a note.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="ExpiresAt">Unix seconds; null for never.</param>
public sealed record BlobToken(string Id, string BlobId, byte[] Hash, string? Recipient, long CreatedAt, long? ExpiresAt);
