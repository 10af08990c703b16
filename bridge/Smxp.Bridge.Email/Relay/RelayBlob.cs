using System.IO.Compression;
using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>The bytes of a relayed mail.</summary>
internal static class RelayBlob
{
    /// <summary>The mail as it leaves, our line on top, in a spool of its own; null where its blob is no longer to be had.</summary>
    public static async Task<MessageSpool?> OpenAsync(IBlobs blobs, RelayTicket ticket, string spoolDirectory, CancellationToken cancellationToken)
    {
        await using var compressed = ticket.Mail is { } small ? new MemoryStream(small) : await blobs.OpenAsync(ticket.Slip.Blob!, cancellationToken);
        if (compressed is null) return null;
        var spool = new MessageSpool(spoolDirectory);
        try
        {
            await spool.WriteAsync(Encoding.UTF8.GetBytes(ticket.Slip.Trace), cancellationToken);
            await using var brotli = new BrotliStream(compressed, CompressionMode.Decompress);
            await using var target = spool.OpenWrite();
            await brotli.CopyToAsync(target, cancellationToken);
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes the blob, where there is one. What cannot be removed now stays as an orphan: that is better than to hide how the mail ended.</summary>
    public static async Task ReleaseAsync(IBlobs blobs, RelaySlip slip)
    {
        if (slip is not { Blob: { } blob, BlobOwner: { } owner }) return;
        try
        {
            await blobs.RemoveAsync(Address.Parse(owner), blob, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
        }
    }
}
