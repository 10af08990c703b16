using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>The two members of a signed object that its signature does not cover (SMXP §5).</summary>
internal static class SignatureMembers
{
    public const string Signature = "server_signature";
    public const string KeyId = "server_key_id";

    /// <summary>The canonical text of a signed object without them. A text that is canonical already is cut, not written again.</summary>
    /// <param name="utf8">A JSON object that a reader has accepted.</param>
    /// <param name="signature">Where the signature stands.</param>
    /// <param name="keyId">Where the key id stands.</param>
    public static ReadOnlyMemory<byte> Strip(ReadOnlySpan<byte> utf8, JsonSpan signature, JsonSpan keyId)
    {
        if (CanonicalWriter.IsCanonical(utf8)) return Cut(utf8, Place(signature, Signature), Place(keyId, KeyId));
        var sink = new CanonicalSink(utf8.Length);
        try
        {
            CanonicalWriter.WriteText(utf8, ref sink, [Signature, KeyId]);
            return sink.ToArray();
        }
        finally
        {
            sink.Dispose();
        }
    }

    /// <summary>Adds them at the end of a canonical object that is not empty.</summary>
    /// <returns>The signed text, and where the two values stand in it.</returns>
    public static (byte[] Utf8, JsonSpan Signature, JsonSpan KeyId) Append(ReadOnlySpan<byte> unsigned, string signature, string keyId)
    {
        var sink = new CanonicalSink(unsigned.Length + signature.Length + keyId.Length + 64);
        try
        {
            sink.Write(unsigned[..^1]);
            var signatureSpan = AppendMember(ref sink, ",\"server_signature\":"u8, signature);
            var keyIdSpan = AppendMember(ref sink, ",\"server_key_id\":"u8, keyId);
            sink.Write((byte)'}');
            return (sink.ToArray(), signatureSpan, keyIdSpan);
        }
        finally
        {
            sink.Dispose();
        }
    }

    private static JsonSpan AppendMember(ref CanonicalSink sink, ReadOnlySpan<byte> name, string value)
    {
        sink.Write(name);
        int start = sink.Length + 1;
        sink.WriteString(value);
        return new JsonSpan(JsonTokenType.String, start, sink.Length - 1 - start);
    }

    private static Range Place(JsonSpan value, string name) =>
        (value.Start - name.Length - "\"\":\"".Length)..(value.Start + value.Length + 1);

    private static byte[] Cut(ReadOnlySpan<byte> utf8, Range one, Range other)
    {
        var (first, second) = one.Start.Value < other.Start.Value ? (one, other) : (other, one);
        var head = utf8[..first.Start];
        var middle = utf8[first.End..second.Start];
        var tail = utf8[second.End..];

        // Every piece still has the commas on both its sides: one too many for each piece cut out.
        middle = middle[1..];
        if (tail.Length > 1) tail = tail[1..];
        else if (middle.Length > 0) middle = middle[..^1];
        else if (head.Length > 1) head = head[..^1];
        return [.. head, .. middle, .. tail];
    }
}
