using System.Buffers.Text;
using System.Security.Cryptography;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>The content id of an envelope (SMXP §3): base64url of SHA-256 over the compact JSON array of what the message says.</summary>
public static class ContentId
{
    /// <summary>The id the envelope must have.</summary>
    public static string Compute(Envelope envelope)
    {
        var sink = new CanonicalSink(512 + (envelope.Body?.Length ?? 0) + (256 * envelope.Attachments.Count));
        try
        {
            Write(envelope, ref sink);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(sink.Written, hash);
            return Base64Url.EncodeToString(hash);
        }
        finally
        {
            sink.Dispose();
        }
    }

    private static void Write(Envelope envelope, ref CanonicalSink sink)
    {
        sink.Write((byte)'[');
        sink.WriteString(envelope.From);
        Next(ref sink, envelope.To);
        Next(ref sink, envelope.Name ?? "");
        Next(ref sink, envelope.Timestamp);
        Next(ref sink, envelope.Type);
        Next(ref sink, envelope.Expires);
        Next(ref sink, envelope.ConversationId);
        Next(ref sink, envelope.InReplyTo);
        Next(ref sink, envelope.ContentType);
        Next(ref sink, envelope.Subject ?? "");
        Next(ref sink, envelope.Body ?? "");
        sink.Write(",["u8);
        for (int i = 0; i < envelope.Attachments.Count; i++)
        {
            if (i > 0) sink.Write((byte)',');
            Write(envelope.Attachments[i], ref sink);
        }

        sink.Write("]]"u8);
    }

    private static void Write(Attachment attachment, ref CanonicalSink sink)
    {
        sink.Write((byte)'[');
        sink.WriteString(attachment.BlobId);
        Next(ref sink, attachment.Sha256);
        Next(ref sink, attachment.Size);
        Next(ref sink, attachment.Disposition ?? "attachment");
        Next(ref sink, attachment.Encryption?.PlaintextSha256);
        sink.Write((byte)']');
    }

    private static void Next(ref CanonicalSink sink, string? value)
    {
        sink.Write((byte)',');
        sink.WriteString(value);
    }

    private static void Next(ref CanonicalSink sink, long? value)
    {
        sink.Write((byte)',');
        if (value is { } integer) sink.WriteInteger(integer);
        else sink.Write("null"u8);
    }
}
