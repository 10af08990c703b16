namespace Smxp.Plugins.Storage;

/// <summary>The bytes of blobs, by id. Knows nothing of owners or tokens.</summary>
/// <remarks>Called from several threads; the host never writes one blob from two threads at once. Ids match <c>[A-Za-z0-9_-]+</c>.
/// An outage (a full disk) is a <see cref="StorageUnavailableException"/>; what an interrupted append wrote before it stays and counts in the length.</remarks>
public interface IBlobStore
{
    /// <summary>Appends bytes to an upload at this offset, creating it at 0; answers its new length, or its unchanged length where <paramref name="offset"/> is not the end. An upload survives a restart.</summary>
    Task<long> AppendAsync(string blobId, long offset, Stream bytes, CancellationToken cancellationToken);

    /// <summary>How many bytes an upload or a blob has; null where there is neither.</summary>
    Task<long?> GetLengthAsync(string blobId, CancellationToken cancellationToken);

    /// <summary>Turns an upload into a blob; on stable storage when the task completes. False where there is no such upload.</summary>
    Task<bool> CompleteAsync(string blobId, CancellationToken cancellationToken);

    /// <summary>Reads an upload or a blob from an offset to its end; null where there is neither. The stream need not seek.</summary>
    Task<Stream?> OpenAsync(string blobId, long offset, CancellationToken cancellationToken);

    /// <summary>Removes an upload or a blob; false where there is neither.</summary>
    Task<bool> RemoveAsync(string blobId, CancellationToken cancellationToken);
}
