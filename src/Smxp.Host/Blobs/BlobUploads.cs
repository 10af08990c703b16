using System.Security.Cryptography;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Blobs;

/// <summary>
/// Uploads (SMXP §10): announced with size and hash, sent in pieces of any length, resumed where the stored bytes end, complete when the hash is right.
/// A piece that breaks off keeps what arrived. No more than one piece of a blob is written at a time.
/// </summary>
internal sealed class BlobUploads(IStateStore state, IBlobStore store, BlobLocks locks, SmxpOptions options, TimeProvider time)
{
    private const int MaxTextLength = 1024;

    // A client that lost its connection comes back before the server has noticed; it gets its turn when the broken request ends.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Rejection Taken = Rejection.Conflict("another request is writing this blob");
    private static readonly Rejection NotOwner = Rejection.Forbidden("not owner");
    public static readonly Rejection NoBlob = Rejection.NotFound("blob");

    public async Task<(BlobRecord? Created, Rejection? Rejection)> CreateAsync(
        Address owner, long? size, string? sha256, string? contentType, string? name, CancellationToken cancellationToken)
    {
        if (size is null or < 1) return (null, Rejection.Malformed("size must be at least 1"));
        if (size > options.Blobs.MaxBytes) return (null, new Rejection(StatusCodes.Status413PayloadTooLarge, $"blob too large (max {options.Blobs.MaxBytes})"));
        if (sha256 is not { Length: 64 } || !sha256.All(char.IsAsciiHexDigit)) return (null, Rejection.Malformed("sha256 must be 64 hex digits"));
        if (contentType is { Length: > MaxTextLength } || name is { Length: > MaxTextLength })
            return (null, Rejection.Malformed($"content_type and name have at most {MaxTextLength} characters"));

        var blob = new BlobRecord(BlobNames.NewId(), owner, size.Value, sha256.ToLowerInvariant(), contentType, name, Now, FinalizedAt: null);
        await state.Blobs.AddAsync(blob, [], cancellationToken);
        return (blob, null);
    }

    /// <summary>One of the owner's blobs.</summary>
    public async Task<(BlobRecord? Blob, Rejection? Rejection)> FindAsync(Address owner, string blobId, CancellationToken cancellationToken)
    {
        if (!BlobNames.IsId(blobId) || await state.Blobs.FindAsync(blobId, cancellationToken) is not { } blob) return (null, NoBlob);
        return blob.Owner == owner ? (blob, null) : (null, NotOwner);
    }

    /// <summary>How many bytes of a blob have arrived.</summary>
    public async Task<long> ReceivedAsync(BlobRecord blob, CancellationToken cancellationToken) =>
        blob.FinalizedAt is null ? await store.GetLengthAsync(blob.Id, cancellationToken) ?? 0 : blob.Size;

    /// <summary>Appends a piece; answers how many bytes there are now.</summary>
    public Task<(long Received, Rejection? Rejection)> AppendAsync(Address owner, string blobId, long offset, System.IO.Stream bytes, long? length, CancellationToken cancellationToken) =>
        WriteAsync(owner, blobId, async blob =>
        {
            if (blob.FinalizedAt is not null) return (0L, Rejection.Malformed("blob not accepting chunks"));
            long received = await ReceivedAsync(blob, cancellationToken);
            if (offset != received) return (received, Rejection.Malformed($"offset mismatch: expected {received}, got {offset}"));
            if (length > blob.Size - offset) return (received, Rejection.Malformed("chunk exceeds declared size"));

            var bounded = new BoundedStream(bytes, blob.Size - offset);
            // Not the request's token: it ends when the client leaves, and what arrived before that is kept. The body ends with the connection.
            received = await store.AppendAsync(blob.Id, offset, bounded, CancellationToken.None);
            return await bounded.IsAtEndAsync(cancellationToken) ? (received, null) : (received, Rejection.Malformed("chunk exceeds declared size"));
        }, cancellationToken);

    /// <summary>Checks the hash and makes the upload a blob; a wrong hash removes it. Done twice, it answers the same.</summary>
    public Task<(BlobRecord? Blob, Rejection? Rejection)> FinalizeAsync(Address owner, string blobId, CancellationToken cancellationToken) =>
        WriteAsync<BlobRecord>(owner, blobId, async blob =>
        {
            if (blob.FinalizedAt is not null) return (blob, null);
            long received = await ReceivedAsync(blob, cancellationToken);
            if (received != blob.Size) return (null, Rejection.Malformed($"size mismatch: declared {blob.Size}, received {received}"));
            if (await HashAsync(blob.Id, cancellationToken) != blob.Sha256)
            {
                await RemoveAsync(blob, cancellationToken);
                return (null, Rejection.Malformed("sha256 mismatch"));
            }

            var finalized = blob with { FinalizedAt = Now };
            await CompleteAsync(finalized, cancellationToken);
            return (finalized, null);
        }, cancellationToken);

    /// <summary>Makes stored bytes a blob. The bytes come first: a crash between the two leaves an upload that can be finalised again.</summary>
    public async Task CompleteAsync(BlobRecord finalized, CancellationToken cancellationToken)
    {
        await store.CompleteAsync(finalized.Id, cancellationToken);
        await state.Blobs.FinalizeAsync(finalized.Id, finalized.FinalizedAt!.Value, cancellationToken);
    }

    /// <summary>Deletes one of the owner's blobs with its tokens.</summary>
    public async Task<Rejection?> DeleteAsync(Address owner, string blobId, CancellationToken cancellationToken) =>
        (await WriteAsync<bool>(owner, blobId, async blob =>
        {
            await RemoveAsync(blob, cancellationToken);
            return (true, null);
        }, cancellationToken)).Rejection;

    /// <summary>Removes a blob. The record goes last: a crash between the two leaves something to remove again, not bytes that nobody knows of.</summary>
    public async Task RemoveAsync(BlobRecord blob, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(blob.Id, cancellationToken);
        await state.Blobs.RemoveAsync(blob.Id, cancellationToken);
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private async Task<(T? Result, Rejection? Rejection)> WriteAsync<T>(
        Address owner, string blobId, Func<BlobRecord, Task<(T? Result, Rejection? Rejection)>> write, CancellationToken cancellationToken)
    {
        // Whose it is comes first, so that nobody makes somebody else wait.
        if ((await FindAsync(owner, blobId, cancellationToken)).Rejection is { } refused) return (default, refused);
        using var turn = await locks.TryEnterAsync(blobId, Patience, cancellationToken);
        if (turn is null) return (default, Taken);
        var (blob, rejection) = await FindAsync(owner, blobId, cancellationToken);
        return blob is null ? (default, rejection) : await write(blob);
    }

    private async Task<string?> HashAsync(string blobId, CancellationToken cancellationToken)
    {
        await using var bytes = await store.OpenAsync(blobId, 0, cancellationToken);
        return bytes is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));
    }
}
