using System.Security.Cryptography;
using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Blobs;

/// <inheritdoc/>
/// <remarks>What a message's attachment says is a stranger's word: even a blob of this server is opened only with the token that comes with it.</remarks>
internal sealed partial class BridgeBlobs(
    IStateStore state, IBlobStore store, BlobUploads uploads, BlobAccess access, RemoteBlobs remote, SharedFiles shared, IKeyRing keys, TemporaryFiles files,
    SmxpOptions options, TimeProvider time, ILogger<BridgeBlobs> logger) : IBlobs
{
    public async Task<Attachment> StoreAsync(Address owner, System.IO.Stream content, string? name, string? contentType, string disposition, CancellationToken cancellationToken)
    {
        // Size and hash are known only at the end, and the record comes before the bytes so that a crash leaves nothing unknown: hence the file between.
        await using var spool = files.Create();
        var encrypted = await BlobCipher.EncryptAsync(content, spool, BlobCipher.DefaultChunkSize, cancellationToken);
        spool.Position = 0;

        long now = time.GetUtcNow().ToUnixTimeSeconds();
        string token = BlobNames.NewToken();
        var blob = new BlobRecord(BlobNames.NewId(), owner, encrypted.Size, encrypted.Sha256, contentType, name, now, FinalizedAt: null);
        await state.Blobs.AddAsync(blob, [new BlobToken(BlobNames.NewTokenId(), blob.Id, BlobNames.HashOf(token)!, null, now, null)], cancellationToken);
        try
        {
            long stored = await store.AppendAsync(blob.Id, 0, spool, cancellationToken);
            if (stored != blob.Size) throw new StorageUnavailableException($"The blob store kept {stored} of {blob.Size} bytes.");
            await uploads.CompleteAsync(blob with { FinalizedAt = now }, cancellationToken);
        }
        catch
        {
            await TryRemoveAsync(blob);
            throw;
        }

        return new Attachment
        {
            BlobId = blob.Id,
            Host = owner.Domain,
            Sha256 = blob.Sha256,
            Size = blob.Size,
            Name = name,
            ContentType = contentType,
            Disposition = disposition,
            DownloadToken = token,
            Encryption = encrypted.Encryption,
        };
    }

    public async Task<System.IO.Stream?> OpenAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        if (!IsSound(attachment)) return null;
        await using var source = await FetchAsync(attachment, cancellationToken);
        if (source is null) return null;

        var plain = files.Create();
        try
        {
            await using var checkedSource = new HashedStream(source, attachment.Size);
            if (attachment.Encryption is { } encryption) await BlobCipher.DecryptAsync(checkedSource, plain, encryption, cancellationToken);
            else await checkedSource.CopyToAsync(plain, cancellationToken);
            if (await checkedSource.EndsWithAsync(attachment.Sha256, cancellationToken))
            {
                plain.Position = 0;
                return plain;
            }
        }
        catch (CryptographicException)
        {
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }

        LogSpoilt(attachment.BlobId, attachment.Host);
        await plain.DisposeAsync();
        return null;
    }

    public Task<Uri> ShareAsync(Attachment attachment, DateTimeOffset expires, CancellationToken cancellationToken) => shared.ShareAsync(attachment, expires, cancellationToken);

    public async Task RemoveAsync(Address owner, Attachment attachment, CancellationToken cancellationToken) =>
        await uploads.DeleteAsync(owner, attachment.BlobId, cancellationToken);

    private bool IsSound(Attachment attachment) =>
        BlobNames.IsId(attachment.BlobId) && attachment.Size > 0 && attachment.Size <= options.Blobs.MaxBytes;

    private async Task<System.IO.Stream?> FetchAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        bool isHere = attachment.Port is null
            ? await keys.IsLocalAsync(attachment.Host, cancellationToken)
            : attachment.Host == options.PublicHost && attachment.Port == options.PublicPort;
        if (!isHere) return await remote.FetchAsync(attachment, cancellationToken);

        if (!await access.OpensAsync(attachment.DownloadToken, attachment.BlobId, cancellationToken)) return null;
        return await state.Blobs.FindAsync(attachment.BlobId, cancellationToken) is { FinalizedAt: not null }
            ? await store.OpenAsync(attachment.BlobId, 0, cancellationToken)
            : null;
    }

    private async Task TryRemoveAsync(BlobRecord blob)
    {
        try
        {
            await uploads.RemoveAsync(blob, CancellationToken.None);
        }
        catch (StorageUnavailableException) // It is an unfinished upload by its record, and will be cleared away as one.
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The blob {BlobId} of {Host} is not what its message says")]
    private partial void LogSpoilt(string blobId, string host);
}
