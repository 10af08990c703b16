using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>Reads and checks the members of an envelope (SMXP §2).</summary>
internal static class EnvelopeReader
{
    // Schema order (SMXP §5): the members of an envelope mostly come so.
    private const int Version = 0, Id = 1, From = 2, To = 3, Timestamp = 4, ConversationId = 5, Type = 6, ContentType = 7, Name = 8,
        Subject = 9, Body = 10, InReplyTo = 11, Expires = 12, Attachments = 13, Signature = 14, KeyId = 15;

    private static readonly JsonMembers Members = new(
        "version", "id", "from", "to", "timestamp", "conversation_id", "type", "content_type", "name", "subject", "body", "in_reply_to", "expires",
        "attachments", SignatureMembers.Signature, SignatureMembers.KeyId);

    private static readonly string[] Versions = [Envelope.CurrentVersion];
    private static readonly string[] Types = [EnvelopeType.Message, EnvelopeType.Edit, EnvelopeType.Delete, EnvelopeType.Receipt];
    private static readonly string[] ContentTypes = ["text", "markdown", "html", "forward"];

    /// <summary>Reads an envelope; null, and what is wrong, where it is none.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="isForwarded">Whether it stands in a forward: then it may lack all but version, id and addresses, as the reference's do.</param>
    /// <param name="signature">Where the signature stands.</param>
    /// <param name="keyId">Where the key id stands.</param>
    /// <param name="error">What is wrong, in words for the sender.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Envelope? Read(ReadOnlySpan<byte> utf8, bool isForwarded, out JsonSpan signature, out JsonSpan keyId, out string? error)
    {
        Span<JsonSpan> values = stackalloc JsonSpan[Members.Count];
        signature = keyId = default;
        var reader = CanonicalWriter.Read(utf8);
        bool isObject = Members.Locate(ref reader, values);
        reader.Read(); // refuses whatever stands behind the value
        if (!isObject)
        {
            error = "an envelope is a JSON object";
            return null;
        }

        var fields = new JsonFields(utf8, values, Members);
        var envelope = Read(ref fields, utf8, isForwarded);
        (signature, keyId, error) = (fields[Signature], fields[KeyId], fields.Error);
        return error is null ? envelope : null;
    }

    private static Envelope Read(ref JsonFields fields, ReadOnlySpan<byte> utf8, bool isForwarded)
    {
        var envelope = new Envelope
        {
            Version = fields.Word(Version, Versions, null) ?? Missing(ref fields, Version),
            Id = fields.RequiredKey(Id),
            From = fields.RequiredKey(From),
            To = fields.RequiredKey(To),
            Timestamp = isForwarded ? fields.Integer(Timestamp) ?? 0 : fields.RequiredInteger(Timestamp),
            ConversationId = isForwarded ? fields.Key(ConversationId) ?? "" : fields.RequiredKey(ConversationId),
            Type = fields.Word(Type, Types, EnvelopeType.Message)!,
            ContentType = fields.KeyOrWord(ContentType, ContentTypes) ?? ContentTypes[0],
            Name = fields.Text(Name),
            Subject = fields.Text(Subject),
            Body = fields.Text(Body),
            InReplyTo = fields.Key(InReplyTo),
            Expires = fields.Integer(Expires, least: 0),
            Attachments = AttachmentReader.ReadAll(ref fields, Attachments, utf8),
            ServerSignature = isForwarded ? fields.Text(Signature) ?? "" : fields.RequiredText(Signature),
            ServerKeyId = isForwarded ? fields.Key(KeyId) ?? "" : fields.RequiredKey(KeyId),
        };

        if (!Address.IsValid(envelope.From)) fields.Fail(From, "is not an address");
        if (!Address.IsValid(envelope.To)) fields.Fail(To, "is not an address");
        if (envelope.Name is not null && string.IsNullOrWhiteSpace(envelope.Name)) fields.Fail(Name, "is blank");
        if (envelope.ContentType.Length == 0) fields.Fail(ContentType, "is empty");
        return envelope;
    }

    private static string Missing(ref JsonFields fields, int member)
    {
        fields.Fail(member, "is missing");
        return "";
    }
}
