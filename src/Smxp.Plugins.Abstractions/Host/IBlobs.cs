using Smxp.Protocol;

namespace Smxp.Plugins.Host;

/// <summary>Attachments, for bridges: the bridge plays the client and keeps the keys in the envelope (SMXP §4, §10).</summary>
public interface IBlobs
{
    /// <summary>Encrypts a stream into a blob of its owner's domain and answers the attachment that names it, with a download token. Memory is bounded by the chunk size.</summary>
    Task<Attachment> StoreAsync(Address owner, Stream content, string? name, string? contentType, string disposition, CancellationToken cancellationToken);

    /// <summary>Fetches an attachment (from here or from its host), decrypts and checks it, and only then lets it be read; null where it is no longer to be had. The stream is a temporary file's.</summary>
    Task<Stream?> OpenAsync(Attachment attachment, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a link by which anybody who has it may fetch an attachment, decrypted, until it expires: for people who have a browser and nothing else. Each call makes another; the key is kept
    /// beside it on this server.
    /// </summary>
    Task<Uri> ShareAsync(Attachment attachment, DateTimeOffset expires, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="StoreAsync"/> stored for a message that was not accepted after all.</summary>
    Task RemoveAsync(Address owner, Attachment attachment, CancellationToken cancellationToken);
}
