using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Smxp.Client.Transport;
using Smxp.Protocol;

namespace Smxp.Client.Blobs;

/// <summary>Fetches the stored bytes into a temporary file, going on where a connection broke, and lets nothing out of it before their hash is right.</summary>
internal sealed class BlobDownload(ApiConnection connection, BlobEndpoints endpoints)
{
    private const int BufferBytes = 81920;

    public async Task RunAsync(Attachment attachment, Stream destination, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        await using var stored = TemporaryFile.Create();
        var patience = new Patience();
        while (stored.Length < attachment.Size)
        {
            try
            {
                await FetchRestAsync(attachment, stored, progress, patience, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (patience.Allows(e, cancellationToken))
            {
                await patience.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        stored.Position = 0;
        byte[] hash = await SHA256.HashDataAsync(stored, cancellationToken).ConfigureAwait(false);
        if (!Convert.ToHexStringLower(hash).Equals(attachment.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new CryptographicException("The stored bytes do not have the hash the message gives.");
        stored.Position = 0;
        if (attachment.Encryption is { } encryption) await BlobCipher.DecryptAsync(stored, destination, encryption, cancellationToken).ConfigureAwait(false);
        else await stored.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    private async Task FetchRestAsync(Attachment attachment, FileStream stored, IProgress<TransferProgress>? progress, Patience patience, CancellationToken cancellationToken)
    {
        using var request = await endpoints.NewRequestAsync(attachment, cancellationToken).ConfigureAwait(false);
        if (stored.Length > 0) request.Headers.Range = new RangeHeaderValue(stored.Length, null);
        using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.PartialContent) stored.SetLength(0);
        stored.Position = stored.Length;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[BufferBytes];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (stored.Position + count > attachment.Size) throw new CryptographicException("There are more stored bytes than the message gives.");
            await stored.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            patience.Reset();
            progress?.Report(new(stored.Position, attachment.Size));
        }
        await stored.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (stored.Length < attachment.Size) throw new IOException("The server ended the transfer early.");
    }
}
