using System.Runtime.InteropServices;
using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>Writes an envelope's values, without its signature, in one of the two member orders that peers sign (SMXP §5).</summary>
internal static class EnvelopeWriter
{
    /// <summary>Writes the unsigned envelope.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="inSchemaOrder">The order we sign in; otherwise the order in which the reference creates its envelopes.</param>
    public static void Write(Envelope envelope, ref CanonicalSink sink, bool inSchemaOrder)
    {
        sink.Write("{\"version\":"u8);
        sink.WriteString(envelope.Version);
        WriteText(ref sink, ",\"id\":"u8, envelope.Id);
        WriteText(ref sink, ",\"from\":"u8, envelope.From);
        WriteText(ref sink, ",\"to\":"u8, envelope.To);
        WriteInteger(ref sink, ",\"timestamp\":"u8, envelope.Timestamp);
        if (!inSchemaOrder) WriteText(ref sink, ",\"type\":"u8, envelope.Type);
        WriteText(ref sink, ",\"conversation_id\":"u8, envelope.ConversationId);
        if (inSchemaOrder) WriteText(ref sink, ",\"type\":"u8, envelope.Type);
        WriteText(ref sink, ",\"content_type\":"u8, envelope.ContentType);
        WriteText(ref sink, ",\"name\":"u8, envelope.Name);
        WriteText(ref sink, ",\"subject\":"u8, envelope.Subject);
        WriteText(ref sink, ",\"body\":"u8, envelope.Body);
        WriteText(ref sink, ",\"in_reply_to\":"u8, envelope.InReplyTo);
        WriteInteger(ref sink, ",\"expires\":"u8, envelope.Expires);
        WriteAttachments(ref sink, envelope.Attachments);
        sink.Write((byte)'}');
    }

    private static void WriteAttachments(ref CanonicalSink sink, IReadOnlyList<Attachment> attachments)
    {
        if (attachments.Count == 0) return;
        sink.Write(",\"attachments\":["u8);
        for (int i = 0; i < attachments.Count; i++)
        {
            if (i > 0) sink.Write((byte)',');
            Write(ref sink, attachments[i]);
        }

        sink.Write((byte)']');
    }

    /// <summary>Writes one attachment.</summary>
    public static void Write(ref CanonicalSink sink, Attachment attachment)
    {
        sink.Write("{\"blob_id\":"u8);
        sink.WriteString(attachment.BlobId);
        WriteText(ref sink, ",\"host\":"u8, attachment.Host);
        WriteText(ref sink, ",\"sha256\":"u8, attachment.Sha256);
        WriteInteger(ref sink, ",\"size\":"u8, attachment.Size);
        WriteText(ref sink, ",\"name\":"u8, attachment.Name);
        WriteText(ref sink, ",\"content_type\":"u8, attachment.ContentType);
        WriteText(ref sink, ",\"disposition\":"u8, attachment.Disposition);
        WriteInteger(ref sink, ",\"port\":"u8, attachment.Port);
        WriteText(ref sink, ",\"download_token\":"u8, attachment.DownloadToken);
        if (attachment.Encryption is { } encryption) Write(ref sink, encryption);
        if (attachment.Thumbnail is { ValueKind: not JsonValueKind.Undefined } thumbnail)
        {
            sink.Write(",\"thumbnail\":"u8);
            CanonicalWriter.WriteText(JsonMarshal.GetRawUtf8Value(thumbnail), ref sink, default);
        }

        sink.Write((byte)'}');
    }

    private static void Write(ref CanonicalSink sink, BlobEncryption encryption)
    {
        sink.Write(",\"encryption\":{\"algorithm\":"u8);
        sink.WriteString(encryption.Algorithm);
        WriteText(ref sink, ",\"key\":"u8, encryption.Key);
        WriteText(ref sink, ",\"nonce_prefix\":"u8, encryption.NoncePrefix);
        WriteInteger(ref sink, ",\"chunk_size\":"u8, encryption.ChunkSize);
        WriteInteger(ref sink, ",\"plaintext_size\":"u8, encryption.PlaintextSize);
        WriteText(ref sink, ",\"plaintext_sha256\":"u8, encryption.PlaintextSha256);
        sink.Write((byte)'}');
    }

    private static void WriteText(ref CanonicalSink sink, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) return;
        sink.Write(name);
        sink.WriteString(value);
    }

    private static void WriteInteger(ref CanonicalSink sink, ReadOnlySpan<byte> name, long? value)
    {
        if (value is not { } integer) return;
        sink.Write(name);
        sink.WriteInteger(integer);
    }
}
