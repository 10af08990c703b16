using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>Reads and checks the attachments of an envelope (SMXP §4).</summary>
internal static class AttachmentReader
{
    private const int BlobId = 0, Host = 1, Sha256 = 2, Size = 3, Name = 4, ContentType = 5, Disposition = 6, Port = 7, DownloadToken = 8,
        Encryption = 9, Thumbnail = 10;

    private const int Algorithm = 0, Key = 1, NoncePrefix = 2, ChunkSize = 3, PlaintextSize = 4, PlaintextSha256 = 5;

    private static readonly JsonMembers Members = new(
        "blob_id", "host", "sha256", "size", "name", "content_type", "disposition", "port", "download_token", "encryption", "thumbnail");

    private static readonly JsonMembers EncryptionMembers = new("algorithm", "key", "nonce_prefix", "chunk_size", "plaintext_size", "plaintext_sha256");

    private static readonly string[] Dispositions = ["attachment", "inline", "embedded"];
    private static readonly string[] Algorithms = [BlobEncryption.Aes256Gcm];

    /// <summary>Reads the array that is a member of an envelope; what is wrong goes into the envelope's fields.</summary>
    public static IReadOnlyList<Attachment> ReadAll(ref JsonFields envelope, int member, ReadOnlySpan<byte> utf8)
    {
        var array = envelope[member];
        if (envelope.Nested(member, JsonTokenType.StartArray).IsEmpty) return [];
        var text = array.Of(utf8);
        var attachments = new List<Attachment>();
        var reader = CanonicalWriter.Read(text);
        Span<JsonSpan> values = stackalloc JsonSpan[Members.Count];
        reader.Read();
        while (envelope.Error is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!Members.Locate(ref reader, values))
            {
                envelope.Fail(member, "has an item that is not an object");
                break;
            }

            var fields = new JsonFields(text, values, Members);
            var attachment = Read(ref fields, text);
            if (fields.Error is not null) envelope.Fail(member, $"[{attachments.Count}]: {fields.Error}");
            attachments.Add(attachment);
        }

        return attachments;
    }

    /// <summary>Writes the attachment and reads it back: one set of rules for what we take and what we make.</summary>
    public static string? FindProblem(Attachment attachment)
    {
        var sink = new CanonicalSink(1024);
        try
        {
            EnvelopeWriter.Write(ref sink, attachment);
            Span<JsonSpan> values = stackalloc JsonSpan[Members.Count];
            var reader = CanonicalWriter.Read(sink.Written);
            Members.Locate(ref reader, values);
            var fields = new JsonFields(sink.Written, values, Members);
            Read(ref fields, sink.Written);
            return fields.Error;
        }
        catch (JsonException)
        {
            return "thumbnail is nested too deeply";
        }
        finally
        {
            sink.Dispose();
        }
    }

    private static Attachment Read(ref JsonFields fields, ReadOnlySpan<byte> text) => new()
    {
        BlobId = fields.RequiredKey(BlobId),
        Host = fields.RequiredKey(Host),
        Sha256 = Hash(ref fields, Sha256, isRequired: true)!,
        Size = fields.RequiredInteger(Size, least: 0),
        Name = fields.Text(Name),
        ContentType = fields.Key(ContentType),
        Disposition = fields.Word(Disposition, Dispositions, null),
        Port = (int?)fields.Integer(Port, least: 1, most: ushort.MaxValue),
        DownloadToken = fields.Key(DownloadToken),
        Encryption = ReadEncryption(ref fields, text),
        Thumbnail = ReadThumbnail(ref fields),
    };

    private static BlobEncryption? ReadEncryption(ref JsonFields attachment, ReadOnlySpan<byte> text)
    {
        var nested = attachment.Nested(Encryption, JsonTokenType.StartObject);
        if (nested.IsEmpty) return null;
        Span<JsonSpan> values = stackalloc JsonSpan[EncryptionMembers.Count];
        var reader = CanonicalWriter.Read(nested);
        EncryptionMembers.Locate(ref reader, values);
        var fields = new JsonFields(nested, values, EncryptionMembers);
        if (!fields[Algorithm].IsPresent) fields.Fail(Algorithm, "is missing");
        var encryption = new BlobEncryption
        {
            Algorithm = fields.Word(Algorithm, Algorithms, BlobEncryption.Aes256Gcm)!,
            Key = fields.RequiredKey(Key),
            NoncePrefix = fields.RequiredKey(NoncePrefix),
            ChunkSize = (int)fields.RequiredInteger(ChunkSize, least: 1, most: int.MaxValue),
            PlaintextSize = fields.RequiredInteger(PlaintextSize, least: 0),
            PlaintextSha256 = Hash(ref fields, PlaintextSha256, isRequired: false),
        };
        if (fields.Error is not null) attachment.Fail(Encryption, fields.Error);
        return encryption;
    }

    private static JsonElement? ReadThumbnail(ref JsonFields fields)
    {
        var nested = fields.Nested(Thumbnail, JsonTokenType.StartObject);
        if (nested.IsEmpty) return null;
        if (WellFormedText.IsIn(nested, namesOnly: false)) return JsonElement.Parse(nested, new JsonDocumentOptions { MaxDepth = CanonicalWriter.MaxDepth });
        fields.Fail(Thumbnail, "holds unpaired surrogates");
        return null;
    }

    private static string? Hash(ref JsonFields fields, int member, bool isRequired)
    {
        string? hash = isRequired ? fields.RequiredKey(member) : fields.Key(member);
        if (hash is not null && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))) fields.Fail(member, "is not 64 hexadecimal digits");
        return hash;
    }
}
