using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Smxp.Client.Transport;

namespace Smxp.Client.Blobs;

/// <summary>Brings an upload to its end: asks how far it got, sends the rest piece by piece, asks again after a failure.</summary>
internal sealed class BlobUpload(ApiConnection connection, BlobClient blobs)
{
    private const int PieceBytes = 1024 * 1024;

    public async Task<BlobInfo> RunAsync(string blobId, Stream stored, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var patience = new Patience();
        while (true)
        {
            try
            {
                var status = await blobs.GetStatusAsync(blobId, cancellationToken).ConfigureAwait(false);
                // The answer to an earlier finalize may have been what was lost.
                if (status.FinalizedAt is not null) return status;
                await SendRestAsync(blobId, stored, status.Received, progress, patience, cancellationToken).ConfigureAwait(false);
                return await connection.PostAsync($"{ApiPath.Of("blobs", blobId)}/finalize", new NoBody(), ApiJson.Default.NoBody, ApiJson.Default.BlobInfo, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (patience.Allows(e, cancellationToken))
            {
                await patience.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SendRestAsync(string blobId, Stream stored, long offset, IProgress<TransferProgress>? progress, Patience patience, CancellationToken cancellationToken)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            stored.Position = offset;
            progress?.Report(new(offset, stored.Length));
            int count;
            while ((count = await stored.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
            {
                string path = $"{ApiPath.Of("blobs", blobId)}/chunk".With(("offset", offset.ToString(CultureInfo.InvariantCulture)));
                var content = new ReadOnlyMemoryContent(piece.AsMemory(0, count)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
                await connection.RequestAsync(HttpMethod.Put, path, content, ApiJson.Default.BlobReceived, cancellationToken).ConfigureAwait(false);
                offset += count;
                patience.Reset();
                progress?.Report(new(offset, stored.Length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
