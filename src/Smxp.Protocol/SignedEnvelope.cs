using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>An envelope together with the exact bytes it travels and is stored as.</summary>
/// <remarks>Sent envelopes are in schema order and signed as they stand; received ones keep the sender's bytes, so a forward can be verified again (SMXP §5).</remarks>
public sealed class SignedEnvelope
{
    private readonly JsonSpan _signature;
    private readonly JsonSpan _keyId;

    private SignedEnvelope(Envelope envelope, ReadOnlyMemory<byte> utf8, JsonSpan signature, JsonSpan keyId) =>
        (Envelope, Utf8, _signature, _keyId) = (envelope, utf8, signature, keyId);

    /// <summary>The values.</summary>
    public Envelope Envelope { get; }

    /// <summary>The JSON text, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Reads an envelope, refusing what SMXP §2 and §4 do not allow.</summary>
    /// <param name="utf8">The JSON text. The result keeps it: do not change it afterwards.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="error">What is wrong, in words for the sender.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SignedEnvelope? envelope, [NotNullWhen(false)] out string? error)
    {
        envelope = null;
        try
        {
            if (EnvelopeReader.Read(utf8.Span, isForwarded: false, out var signature, out var keyId, out error) is not { } values)
            {
                error ??= "malformed envelope";
                return false;
            }

            envelope = new SignedEnvelope(values, utf8, signature, keyId);
            return true;
        }
        catch (JsonException)
        {
            error = "not JSON";
            return false;
        }
    }

    /// <summary>Fills in the content id, writes the envelope in schema order and signs it.</summary>
    /// <param name="envelope">The envelope; its id and signature are ignored, and a blank name and empty texts are left out (SMXP §2).</param>
    /// <param name="keyId">The signing key's id.</param>
    /// <param name="sign">Makes a signature over the bytes it is given, which are only there during the call.</param>
    public static SignedEnvelope Sign(Envelope envelope, string keyId, Func<ReadOnlyMemory<byte>, byte[]> sign)
    {
        var values = envelope with
        {
            Name = string.IsNullOrWhiteSpace(envelope.Name) ? null : envelope.Name,
            Subject = NullIfEmpty(envelope.Subject),
            Body = NullIfEmpty(envelope.Body),
            InReplyTo = NullIfEmpty(envelope.InReplyTo),
        };
        values = values with { Id = ContentId.Compute(values) };
        var sink = new CanonicalSink(Capacity(values));
        try
        {
            EnvelopeWriter.Write(values, ref sink, inSchemaOrder: true);
            string signature = Base64Url.EncodeToString(sign(sink.WrittenMemory));
            var (utf8, signatureSpan, keyIdSpan) = SignatureMembers.Append(sink.Written, signature, keyId);
            return new SignedEnvelope(values with { ServerSignature = signature, ServerKeyId = keyId }, utf8, signatureSpan, keyIdSpan);
        }
        finally
        {
            sink.Dispose();
        }
    }

    /// <summary>The distinct byte strings the signature may cover, in the order to try them: as received, schema order, creation order (SMXP §5).</summary>
    /// <remarks>Each is made when it is asked for. Most envelopes verify with the first.</remarks>
    public IEnumerable<ReadOnlyMemory<byte>> SignedTexts()
    {
        var received = SignatureMembers.Strip(Utf8.Span, _signature, _keyId);
        yield return received;
        byte[] schema = Write(inSchemaOrder: true);
        if (!received.Span.SequenceEqual(schema)) yield return schema;
        byte[] creation = Write(inSchemaOrder: false);
        if (!received.Span.SequenceEqual(creation)) yield return creation;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static int Capacity(Envelope envelope) => 768 + (envelope.Body?.Length ?? 0) + (768 * envelope.Attachments.Count);

    private byte[] Write(bool inSchemaOrder)
    {
        var sink = new CanonicalSink(Utf8.Length);
        try
        {
            EnvelopeWriter.Write(Envelope, ref sink, inSchemaOrder);
            return sink.ToArray();
        }
        finally
        {
            sink.Dispose();
        }
    }
}
