using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Smxp.Bridge.Email.Inbound;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>The originals: every mail's bytes exactly as they came, compressed; small ones in the mail's record, large ones in an encrypted blob.</summary>
internal sealed class Originals(MailRecords mails, IBlobs blobs, string hostName)
{
    private const string MediaType = "message/rfc822";
    private const int LargestInline = 128 * 1024;
    // Between speed and size: a mail costs some 20 µs and shrinks to about half.
    private const int Quality = 1;
    private const int Window = 18;

    /// <summary>The original of a message, or null.</summary>
    public async Task<OriginalDocument?> OpenAsync(Address mailbox, string id, CancellationToken cancellationToken)
    {
        if (await mails.GetAsync(mailbox, id, cancellationToken) is not { } record) return null;
        if (record.Original is { } inline) return await ServeAsync(record, new MemoryStream(inline), cancellationToken);
        var attachment = JsonSerializer.Deserialize<Attachment>(record.OriginalBlob!) ?? throw new InvalidDataException("A mail's record names no blob.");
        return await blobs.OpenAsync(attachment, cancellationToken) is { } stream ? await ServeAsync(record, stream, cancellationToken) : null;
    }

    /// <summary>Compresses a small mail for its record; null where it is too large for that.</summary>
    public static byte[]? TryCompress(MessageSpool mail)
    {
        if (!mail.TryGetMemory(out var bytes) || bytes.Length > LargestInline) return null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(bytes.Length));
        try
        {
            return BrotliEncoder.TryCompress(bytes.Span, buffer, out int written, Quality, Window) ? buffer.AsSpan(0, written).ToArray() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Compresses the bytes of a mail that was written here.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.Fastest)) brotli.Write(bytes);
        return target.ToArray();
    }

    /// <summary>Compresses a large mail into a spool of its own, for a blob.</summary>
    public static async Task<MessageSpool> CompressAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        var compressed = mail.NewBeside();
        await using var target = compressed.OpenWrite();
        await using var brotli = new BrotliStream(target, CompressionLevel.Fastest);
        await using var source = mail.OpenRead();
        await source.CopyToAsync(brotli, cancellationToken);
        return compressed;
    }

    /// <summary>How a blob that holds an original is noted in the mail's record.</summary>
    public static byte[] Note(Attachment blob) => JsonSerializer.SerializeToUtf8Bytes(blob);

    // Where a trusted network or an import brought it, such fields may well be ours.
    private async Task<OriginalDocument> ServeAsync(MailRecord record, Stream compressed, CancellationToken cancellationToken)
    {
        var mail = new BrotliStream(compressed, CompressionMode.Decompress);
        return new(MediaType, record.Results is null ? mail : await ClaimedResults.RenameAsync(mail, hostName, cancellationToken));
    }
}
