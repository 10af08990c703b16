using System.Text.Json.Serialization;
using Smxp.Host.Mail;

namespace Smxp.Host.Federation;

/// <summary>A key as <c>/server-key</c> answers it (SMXP §5).</summary>
internal sealed record ServerKeyBody(string? PublicKey, string? KeyId, string? Algorithm, long? Ttl = null);

/// <summary>What <c>/receive</c> answers (SMXP §6).</summary>
internal sealed record ReceivedBody(string Status, string Id, string OriginalTo, IReadOnlyList<string> DeliveredTo, IReadOnlyList<string> ForwardedTo, int? Updated);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerKeyBody))]
[JsonSerializable(typeof(ReceivedBody))]
[JsonSerializable(typeof(SendResult))]
internal sealed partial class FederationJson : JsonSerializerContext;
