using System.Runtime.CompilerServices;
using Smxp.Client.Mail;
using Smxp.Client.Server;
using Smxp.Client.Transport;
using Smxp.Protocol;

namespace Smxp.Client.Blobs;

/// <summary>
/// Attachments (SMXP §4, §10). What is uploaded is encrypted here first, so that the server stores what it cannot read; the keys travel in the message.
/// Transfers need memory for one piece only, and go on where they stopped when the connection breaks.
/// </summary>
public sealed class BlobClient
{
    private readonly ApiConnection _connection;
    private readonly BlobUpload _upload;
    private readonly BlobDownload _download;

    internal BlobClient(ApiConnection connection, ServerClient server)
    {
        _connection = connection;
        _upload = new BlobUpload(connection, this);
        _download = new BlobDownload(connection, new BlobEndpoints(connection, server, () => FindEndpoint));
    }

    /// <summary>
    /// Finds the server that serves an attachment's host. Null for the usual way: this client's own server where that serves the host as a domain,
    /// <c>https://host:port</c> where the attachment names a port, <c>https://host</c> otherwise. Set it where discovery (SMXP §7) is wanted.
    /// </summary>
    public Func<Attachment, CancellationToken, ValueTask<Uri>>? FindEndpoint { get; set; }

    /// <summary>Encrypts a file and uploads it; the answer goes into <see cref="OutgoingMessage.Attachments"/>.</summary>
    /// <param name="content">The file, read once from where it stands to its end. Its encrypted form waits in a temporary file.</param>
    /// <param name="options">Its name and type, progress.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SmxpException">The server refused, e.g. 413 for a file that is too large.</exception>
    public async Task<OutgoingAttachment> UploadAsync(Stream content, UploadOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(options);
        await using var stored = TemporaryFile.Create();
        var encrypted = await BlobCipher.EncryptAsync(content, stored, BlobCipher.DefaultChunkSize, cancellationToken).ConfigureAwait(false);
        // The server is told neither name nor type: they travel in the message.
        string id = await CreateAsync(encrypted.Size, encrypted.Sha256, null, null, cancellationToken).ConfigureAwait(false);
        await ResumeAsync(id, stored, options.Progress, cancellationToken).ConfigureAwait(false);
        return new() { BlobId = id, Name = options.Name, ContentType = options.ContentType, Disposition = options.Disposition, Encryption = encrypted.Encryption };
    }

    /// <summary>Fetches an attachment, checks it and decrypts it.</summary>
    /// <param name="attachment">The attachment. Its author chose the host it is fetched from; this account's token goes to this client's own server only.</param>
    /// <param name="destination">Where the plaintext goes; not to be trusted before the task completes.</param>
    /// <param name="progress">Told of every piece fetched; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The bytes are not the ones the message speaks of.</exception>
    /// <exception cref="SmxpException">The server refused, e.g. 404 for a blob that is gone.</exception>
    public Task DownloadAsync(Attachment attachment, Stream destination, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        ArgumentNullException.ThrowIfNull(destination);
        return _download.RunAsync(attachment, destination, progress, cancellationToken);
    }

    /// <summary>Announces an upload of bytes as they stand; follow it with <see cref="ResumeAsync"/>.</summary>
    /// <param name="size">How many bytes, at least 1.</param>
    /// <param name="sha256">Their SHA-256, 64 lower-case hex digits.</param>
    /// <param name="contentType">Their media type; may be null.</param>
    /// <param name="name">Their name; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The blob's id.</returns>
    public async Task<string> CreateAsync(long size, string sha256, string? contentType, string? name, CancellationToken cancellationToken) =>
        (await _connection.PostAsync(ApiPath.Of("blobs"), new BlobBody(size, sha256, contentType, name), ApiJson.Default.BlobBody, ApiJson.Default.NewBlob, cancellationToken).ConfigureAwait(false)).BlobId;

    /// <summary>Uploads what the server does not have yet, and finalises. May be called again, by another process too, with the same bytes.</summary>
    /// <param name="blobId">The upload.</param>
    /// <param name="stored">All the bytes announced; it can seek.</param>
    /// <param name="progress">Told of every piece; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<BlobInfo> ResumeAsync(string blobId, Stream stored, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return _upload.RunAsync(blobId, stored, progress, cancellationToken);
    }

    /// <summary>How far an upload got.</summary>
    public Task<BlobInfo> GetStatusAsync(string blobId, CancellationToken cancellationToken) =>
        _connection.GetAsync($"{ApiPath.Of("blobs", blobId)}/status", ApiJson.Default.BlobInfo, cancellationToken);

    /// <summary>The account's own blobs, newest first; asks for the next page when the caller gets there.</summary>
    public async IAsyncEnumerable<BlobInfo> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? before = null;
        do
        {
            var page = await _connection.GetAsync(ApiPath.Of("blobs/").With(("before", before)), ApiJson.Default.BlobList, cancellationToken).ConfigureAwait(false);
            foreach (var blob in page.Blobs) yield return blob;
            before = page.Blobs.Count > 0 ? page.Next : null;
        }
        while (before is not null);
    }

    /// <summary>Removes a blob and every token to it.</summary>
    public Task DeleteAsync(string blobId, CancellationToken cancellationToken) => _connection.DeleteAsync(ApiPath.Of("blobs", blobId), cancellationToken);

    /// <summary>Makes a token that lets its holder fetch a blob.</summary>
    /// <param name="blobId">The blob.</param>
    /// <param name="recipient">Whom it is for, as a note; may be null.</param>
    /// <param name="expiresAt">Until when, Unix seconds; null for as long as the blob stands.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<NewBlobToken> CreateTokenAsync(string blobId, string? recipient, long? expiresAt, CancellationToken cancellationToken) =>
        _connection.PostAsync($"{ApiPath.Of("blobs", blobId)}/tokens", new BlobTokenBody(recipient, expiresAt), ApiJson.Default.BlobTokenBody, ApiJson.Default.NewBlobToken, cancellationToken);

    /// <summary>The tokens of a blob, newest first.</summary>
    public async Task<IReadOnlyList<BlobTokenInfo>> ListTokensAsync(string blobId, CancellationToken cancellationToken) =>
        (await _connection.GetAsync($"{ApiPath.Of("blobs", blobId)}/tokens", ApiJson.Default.BlobTokenList, cancellationToken).ConfigureAwait(false)).Tokens;

    /// <summary>Takes a token back.</summary>
    public Task DeleteTokenAsync(string blobId, string tokenId, CancellationToken cancellationToken) =>
        _connection.DeleteAsync($"{ApiPath.Of("blobs", blobId)}/tokens{ApiPath.Segment(tokenId)}", cancellationToken);
}
