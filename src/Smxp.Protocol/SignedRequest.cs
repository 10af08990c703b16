using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>A signed JSON object other than an envelope: <c>delegate-send</c> and <c>delegate-call</c> (SMXP §6). The three-order rule of SMXP §5 applies.</summary>
public sealed class SignedRequest
{
    private static readonly JsonMembers SignatureOnly = new(SignatureMembers.Signature, SignatureMembers.KeyId);

    private readonly JsonSpan _signature;
    private readonly JsonSpan _keyId;

    private SignedRequest(JsonElement body, ReadOnlyMemory<byte> utf8, JsonSpan signature, JsonSpan keyId)
    {
        (Body, Utf8, _signature, _keyId) = (body, utf8, signature, keyId);
        ServerSignature = JsonText.Decode(signature.Of(utf8.Span));
        ServerKeyId = JsonText.Decode(keyId.Of(utf8.Span));
    }

    /// <summary>The order in which the reference signs a delegate-send.</summary>
    public static IReadOnlyList<string> DelegateSendCreationOrder { get; } =
        ["from", "to", "name", "subject", "body", "expires", "type", "conversation_id", "in_reply_to", "content_type", "delegator", "timestamp"];

    /// <summary>The order in which the reference's schema layer rebuilds a delegate-send.</summary>
    public static IReadOnlyList<string> DelegateSendSchemaOrder { get; } =
        ["from", "to", "delegator", "timestamp", "name", "subject", "body", "expires", "type", "conversation_id", "in_reply_to", "content_type"];

    /// <summary>The order of a delegate-call.</summary>
    public static IReadOnlyList<string> DelegateCallOrder { get; } = ["owner", "delegate", "method", "path", "query", "body", "timestamp", "nonce"];

    /// <summary>The object, its signature members included. Read its strings with <see cref="GetText"/>: <see cref="JsonElement.GetString"/> throws on lone surrogates.</summary>
    public JsonElement Body { get; }

    /// <summary>The JSON text, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The signature, base64url.</summary>
    public string ServerSignature { get; }

    /// <summary>The id of the key that signed.</summary>
    public string ServerKeyId { get; }

    /// <summary>Reads a signed object.</summary>
    /// <param name="utf8">The JSON text. The result keeps it: do not change it afterwards.</param>
    /// <param name="request">The request.</param>
    /// <param name="error">What is wrong, in words for the sender.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SignedRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        Span<JsonSpan> values = stackalloc JsonSpan[SignatureOnly.Count];
        try
        {
            var reader = CanonicalWriter.Read(utf8.Span);
            bool isObject = SignatureOnly.Locate(ref reader, values);
            reader.Read(); // refuses whatever stands behind the value
            error = isObject ? Check(utf8.Span, values) : "a request is a JSON object";
            if (error is null && !WellFormedText.IsIn(utf8.Span, namesOnly: true)) error = "a member's name is not text";
            if (error is not null) return false;
            request = new SignedRequest(Parse(utf8.Span), utf8, values[0], values[1]);
            return true;
        }
        catch (JsonException)
        {
            error = "not JSON";
            return false;
        }
    }

    /// <summary>Signs the members given, in <paramref name="order"/>; null ones are left out.</summary>
    /// <param name="members">The members by name.</param>
    /// <param name="order">The names to write, in order.</param>
    /// <param name="keyId">The signing key's id.</param>
    /// <param name="sign">Makes a signature over the bytes it is given, which are only there during the call.</param>
    public static SignedRequest Sign(
        IReadOnlyDictionary<string, JsonElement?> members, IReadOnlyList<string> order, string keyId, Func<ReadOnlyMemory<byte>, byte[]> sign)
    {
        var present = order.Where(name => members.GetValueOrDefault(name) is { ValueKind: not JsonValueKind.Undefined })
            .Select(name => new KeyValuePair<string, byte[]>(name, JsonMarshal.GetRawUtf8Value(members[name]!.Value).ToArray()))
            .ToList();
        byte[] unsigned = Write(present);
        string signature = Base64Url.EncodeToString(sign(unsigned));
        var (utf8, signatureSpan, keyIdSpan) = SignatureMembers.Append(unsigned, signature, keyId);
        return new SignedRequest(Parse(utf8), utf8, signatureSpan, keyIdSpan);
    }

    /// <summary>A member's text, lone surrogates included; null where the member is absent or not a string.</summary>
    public string? GetText(string member) =>
        Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? JsonText.Decode(JsonMarshal.GetRawUtf8Value(value)[1..^1])
            : null;

    /// <summary>The distinct byte strings the signature may cover: as received, then each order given, without unknown members.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> SignedTexts(params IReadOnlyList<string>[] orders)
    {
        var tried = new List<ReadOnlyMemory<byte>>(orders.Length + 1) { SignatureMembers.Strip(Utf8.Span, _signature, _keyId) };
        yield return tried[0];
        foreach (var order in orders)
        {
            ReadOnlyMemory<byte> text = Write(Pick(order));
            if (tried.Exists(earlier => earlier.Span.SequenceEqual(text.Span))) continue;
            tried.Add(text);
            yield return text;
        }
    }

    private static string? Check(ReadOnlySpan<byte> utf8, ReadOnlySpan<JsonSpan> values)
    {
        var fields = new JsonFields(utf8, values, SignatureOnly);
        fields.RequiredText(0);
        fields.RequiredKey(1);
        return fields.Error;
    }

    private static JsonElement Parse(ReadOnlySpan<byte> utf8) => JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = CanonicalWriter.MaxDepth });

    private List<KeyValuePair<string, byte[]>> Pick(IReadOnlyList<string> order)
    {
        var members = new JsonMembers(order);
        var values = new JsonSpan[members.Count];
        var reader = CanonicalWriter.Read(Utf8.Span);
        members.Locate(ref reader, values);
        var picked = new List<KeyValuePair<string, byte[]>>(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].IsPresent) picked.Add(new(order[i], values[i].Whole(Utf8.Span).ToArray()));
        }

        return picked;
    }

    private static byte[] Write(List<KeyValuePair<string, byte[]>> members)
    {
        var sink = new CanonicalSink(1024);
        try
        {
            sink.Write((byte)'{');
            for (int i = 0; i < members.Count; i++)
            {
                if (i > 0) sink.Write((byte)',');
                sink.WriteString(members[i].Key);
                sink.Write((byte)':');
                CanonicalWriter.WriteText(members[i].Value, ref sink, default);
            }

            sink.Write((byte)'}');
            return sink.ToArray();
        }
        finally
        {
            sink.Dispose();
        }
    }
}
