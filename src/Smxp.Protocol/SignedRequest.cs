using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Smxp.Protocol;

/// <summary>A signed JSON object other than an envelope: <c>delegate-send</c> and <c>delegate-call</c> (SMXP §6). The three-order rule of SMXP §5 applies.</summary>
public sealed class SignedRequest
{
    /// <summary>The order in which the reference signs a delegate-send.</summary>
    public static IReadOnlyList<string> DelegateSendCreationOrder { get; } =
        ["from", "to", "name", "subject", "body", "expires", "type", "conversation_id", "in_reply_to", "content_type", "delegator", "timestamp"];

    /// <summary>The order in which the reference's schema layer rebuilds a delegate-send.</summary>
    public static IReadOnlyList<string> DelegateSendSchemaOrder { get; } =
        ["from", "to", "delegator", "timestamp", "name", "subject", "body", "expires", "type", "conversation_id", "in_reply_to", "content_type"];

    /// <summary>The order of a delegate-call.</summary>
    public static IReadOnlyList<string> DelegateCallOrder { get; } = ["owner", "delegate", "method", "path", "query", "body", "timestamp", "nonce"];

    private SignedRequest(JsonElement body, ReadOnlyMemory<byte> utf8, string serverSignature, string serverKeyId) =>
        (Body, Utf8, ServerSignature, ServerKeyId) = (body, utf8, serverSignature, serverKeyId);

    /// <summary>The object, its signature members included.</summary>
    public JsonElement Body { get; }

    /// <summary>The JSON text, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The signature, base64url.</summary>
    public string ServerSignature { get; }

    /// <summary>The id of the key that signed.</summary>
    public string ServerKeyId { get; }

    /// <summary>Reads a signed object.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SignedRequest? request, [NotNullWhen(false)] out string? error) =>
        throw new NotImplementedException();

    /// <summary>Signs the members given, in <paramref name="order"/>; null ones are left out.</summary>
    public static SignedRequest Sign(IReadOnlyDictionary<string, JsonElement?> members, IReadOnlyList<string> order, string keyId, Func<ReadOnlyMemory<byte>, byte[]> sign) =>
        throw new NotImplementedException();

    /// <summary>The distinct byte strings the signature may cover: as received, then each order given, without unknown members.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> SignedTexts(params IReadOnlyList<string>[] orders) => throw new NotImplementedException();
}
